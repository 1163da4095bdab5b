"""What events supply to other features' pages."""

from schakel.access import Actor
from schakel.events.work_items import work as work
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """The door to the meetings, for everybody who is signed in (slot `menu`)."""
    return [MenuItem("Bijeenkomsten", "/bijeenkomsten", position=20)] if actor.is_known else []
