"""Which mail about a registration leaves in which state, and what it may say there: one table, no database.

The state is the one in which the person reads the mail; for a mail that ends something, the one they were in before.
"""

from enum import Enum, auto

from schakel.registrations.rules import MailKind, State


class Part(Enum):
    """A part of a mail that is true in some states only."""

    PLACE = auto()  # comes as …: there is a place
    WAITS = auto()  # is on the waiting list as …
    OFFER = auto()  # may answer an offer
    CODE = auto()  # the code to show at the event, and to change the registration
    CALENDAR = auto()  # the entry in the calendar, which changes or disappears with this mail
    LINK = auto()  # the personal link


_SEATED = frozenset({Part.PLACE, Part.CODE, Part.CALENDAR, Part.LINK})
_WAITING = frozenset({Part.WAITS, Part.LINK})
_OFFERED = frozenset({Part.OFFER, Part.CODE, Part.LINK})
_ENDED = {State.REGISTERED: frozenset({Part.CALENDAR}), State.WAITING: frozenset(), State.OFFERED: frozenset()}
# What is not in the table does not leave.
MAILS: dict[MailKind, dict[State, frozenset[Part]]] = {
    MailKind.REGISTERED: {State.REGISTERED: _SEATED},
    MailKind.WAITING: {State.WAITING: _WAITING},
    MailKind.REPEATED: {
        State.REGISTERED: frozenset({Part.PLACE, Part.CODE, Part.LINK}),
        State.WAITING: _WAITING,
        State.OFFERED: _OFFERED,
    },
    MailKind.LINK_AGAIN: {
        State.REGISTERED: frozenset({Part.PLACE, Part.CODE, Part.LINK}),
        State.WAITING: _WAITING,
        State.OFFERED: _OFFERED,
    },
    MailKind.OFFERED: {State.OFFERED: _OFFERED},
    MailKind.LAPSED: {State.OFFERED: frozenset()},
    MailKind.CHANGED: {State.REGISTERED: _SEATED},
    MailKind.MOVED: {State.REGISTERED: _SEATED, State.WAITING: _WAITING, State.OFFERED: _OFFERED},
    MailKind.DAY_GONE: {State.REGISTERED: frozenset({Part.CALENDAR})},
    MailKind.WITHDRAWN: _ENDED,
    MailKind.CANCELLED: _ENDED,
}
# Mails that say that something can still be answered or done: not about an event that began or does not take place.
ONLY_BEFORE = frozenset({MailKind.LAPSED, MailKind.OFFERED, MailKind.REPEATED, MailKind.MOVED, MailKind.CHANGED})


def leaves(kind: MailKind, state: State, is_coming: bool) -> bool:
    """Whether a mail of this kind leaves; `is_coming`: the event is published and has not begun."""
    return state in MAILS[kind] and (is_coming or kind not in ONLY_BEFORE)


def parts(kind: MailKind, state: State) -> frozenset[Part]:
    """Return what a mail may say. Raises KeyError for a mail that does not leave in this state."""
    return MAILS[kind][state]
