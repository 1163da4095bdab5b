"""What the administration of accounts supplies to other features' pages."""

from schakel.access import Actor
from schakel.i18n import gettext
from schakel.identity import policy
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """The door to *Beheer* (slot `menu`)."""
    return [MenuItem(gettext("Beheer"), "/beheer", position=90)] if policy.may_administer(actor) else []
