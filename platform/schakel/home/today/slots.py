"""What *vandaag* supplies to the menu."""

from schakel.access import Actor
from schakel.i18n import gettext
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """Return the first menu item, for signed-in users (slot `menu`)."""
    return [MenuItem(gettext("Vandaag"), "/vandaag", position=10)] if actor.is_known else []
