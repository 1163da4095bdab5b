"""What *vandaag* supplies to the menu."""

from schakel import dates
from schakel.access import Actor
from schakel.home.today.queries import needs, work
from schakel.slot_types import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """The first door, with how many things ask something (slot `menu`)."""
    if not actor.is_known:
        return []
    return [MenuItem("Vandaag", "/vandaag", lambda: len(needs(work(actor, dates.today()))), position=10)]
