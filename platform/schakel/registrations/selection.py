"""The choices of a person at an event: a profession, and a session per round, with their pools."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations, groupby

from schakel import errors, spans
from schakel.events.models import CapacityPool, Event


@dataclass(frozen=True)
class Session:
    """A session that can be chosen, with its pool and its round."""

    id: int
    title: str
    pool: CapacityPool
    round_id: int
    round_title: str
    span: spans.Span

    @property
    def as_text(self) -> str:
        """The session with its hours and room, as mails and the own page display it."""
        facts = self.pool.session.facts_text if self.pool.session else ""
        return ", ".join(part for part in (self.title, facts) if part)


@dataclass(frozen=True)
class Selection:
    """`room`: the pool of the profession, or of everybody; None at an event without a limit on places."""

    room: CapacityPool | None
    sessions: tuple[Session, ...]

    @property
    def must(self) -> list[int]:
        """The ids of the pools that are required for a place at the event."""
        return [self.room.id] if self.room else []

    @property
    def wish(self) -> list[int]:
        """The ids of the pools of the sessions: the person waits for those that are full."""
        return [session.pool.id for session in self.sessions]

    @property
    def profession(self) -> str:
        """The profession in words; empty when the pool is for everybody."""
        return self.room.name if self.room and self.room.profession_code else ""

    def titles(self, full: Collection[int]) -> tuple[list[str], list[str]]:
        """Return titles of the sessions with a place, and of those waited for because their pool is in `full`."""
        held = [session.as_text for session in self.sessions if session.pool.id not in full]
        return held, [session.as_text for session in self.sessions if session.pool.id in full]


def select(event: Event, profession: str | None, session_ids: Collection[int]) -> Selection:
    """Return the selection. Raises Refused when the event does not have it."""
    return Selection(_room(event, profession), select_sessions(event, session_ids))


def select_sessions(event: Event, session_ids: Collection[int]) -> tuple[Session, ...]:
    """Return the chosen sessions in agenda order. Raises Refused when one is unknown or two are in the same round."""
    sessions = tuple(session for session in sessions_of(event) if session.id in session_ids)
    rounds = {session.round_id for session in sessions}
    if len(sessions) != len(session_ids) or len(rounds) != len(sessions):
        raise errors.Refused("Kies per ronde één sessie.")
    if clash := spans.overlapping(session.span for session in sessions):
        both = [session.title for session in sessions if session.span in clash]
        raise errors.Refused(
            "%(one)s en %(other)s zijn tegelijk. Kies één van de twee.",
            field=field_of(sessions[-1].round_id),
            one=both[0],
            other=both[1],
        )
    return sessions


def _room(event: Event, profession: str | None) -> CapacityPool | None:
    by_profession = {pool.profession_code: pool for pool in event.profession_pools}
    if not profession and (None in by_profession or not by_profession):
        return by_profession.get(None)
    if profession not in by_profession:
        raise errors.Refused("Kies het beroep of de rol waarin u komt.", field="profession")
    return by_profession[profession]


def sessions_of(event: Event) -> list[Session]:
    """Return all sessions that can be chosen, in the order of the agenda."""
    return [_session(pool) for pool in event.session_pools]


def rounds_of(event: Event) -> list[list[Session]]:
    """Return the same sessions, grouped by round."""
    return [list(sessions) for _, sessions in groupby(sessions_of(event), key=lambda session: session.round_id)]


def rounds_at_once(event: Event) -> set[int]:
    """Return the rounds that share time with another: of these, nobody can be in all."""
    firsts = [sessions[0] for sessions in rounds_of(event)]
    pairs = [pair for pair in combinations(firsts, 2) if spans.overlap(pair[0].span, pair[1].span)]
    return {session.round_id for pair in pairs for session in pair}


def field_of(round_id: int) -> str:
    """Return the name of the field in which a session of this round is chosen."""
    return f"round_{round_id}"


def _session(pool: CapacityPool) -> Session:
    session = pool.session
    assert session is not None
    return Session(
        session.id,
        f"{session.letter}. {session.title}",
        pool,
        session.item_id,
        session.item.title,
        (session.item.starts_at, session.item.ends_at),
    )
