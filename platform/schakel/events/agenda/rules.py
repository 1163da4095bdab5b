"""What to look at in an agenda: parts at the same time, and a room that is used twice at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from schakel import spans
from schakel.i18n import gettext


@dataclass(frozen=True)
class Part:
    """An agenda item, or one of the parallel sessions of it, with its room."""

    item_id: int
    title: str
    span: spans.Span
    room: str = ""
    is_session: bool = False


def clashes(parts: Sequence[Part]) -> list[str]:
    """Return a sentence for each pair of items at the same time, and for each room used twice at once."""
    found = []
    for one, other in combinations(parts, 2):
        if not spans.overlap(one.span, other.span):
            continue
        names = {"one": one.title, "other": other.title}
        if one.item_id != other.item_id and not (one.is_session or other.is_session):
            found.append(gettext("%(one)s en %(other)s vallen samen.", **names))
        if one.room and _plain(one.room) == _plain(other.room) and _are_separate(one, other):
            found.append(gettext("%(room)s is tegelijk in gebruik voor %(one)s en %(other)s.", room=one.room, **names))
    return found


def _plain(room: str) -> str:
    return " ".join(room.casefold().split())


def _are_separate(one: Part, other: Part) -> bool:
    """Whether two parts need a room each: not a round and a session of it."""
    return one.item_id != other.item_id or (one.is_session and other.is_session)
