"""What events supply to pages of other features."""

from schakel.access import Actor
from schakel.events.work_items import work as work
from schakel.i18n import gettext
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """Return the menu item of events, for signed-in users (slot `menu`)."""
    return [MenuItem(gettext("Bijeenkomsten"), "/bijeenkomsten", position=20)] if actor.is_known else []
