"""What the reports supply to the menu."""

from schakel.access import Actor
from schakel.i18n import gettext
from schakel.measures import policy
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """Return the menu item of the monitoring, for those who may see it (slot `menu`)."""
    return (
        [MenuItem(gettext("Monitoring"), "/monitoring", position=35)]
        if actor.is_known and policy.may_monitor(actor)
        else []
    )
