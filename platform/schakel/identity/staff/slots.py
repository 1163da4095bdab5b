"""What the administration of accounts supplies to pages of other features."""

from schakel.access import Actor
from schakel.i18n import gettext
from schakel.identity import policy
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """Return the menu item of *Beheer* (slot `menu`)."""
    return [MenuItem(gettext("Beheer"), "/beheer", position=90)] if policy.may_administer(actor) else []
