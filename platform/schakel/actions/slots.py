"""What action points supply to pages of other features."""

from schakel.access import Actor
from schakel.actions.work_items import work as work
from schakel.i18n import gettext
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """Return the menu item of the action points (slot `menu`)."""
    return [MenuItem(gettext("Actiepunten"), "/actiepunten", position=30)] if actor.is_known else []
