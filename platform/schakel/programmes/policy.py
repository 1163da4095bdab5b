"""Who manages the shared lists."""

from schakel.access import Actor
from schakel.identity.rules import Role


def may_edit_lists(actor: Actor) -> bool:
    """The administrator may."""
    return actor.holds(Role.ADMINISTRATOR)
