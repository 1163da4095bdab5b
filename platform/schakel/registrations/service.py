"""The verbs on registrations: sign up, change, withdraw, accept or refuse an offer, and what follows from them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.events import rules as event_rules
from schakel.events.models import AgendaSlot, CapacityPool, Event, EventSession
from schakel.identity import rules as identity
from schakel.identity.links import service as links
from schakel.notifications import service as notifications
from schakel.registrations import letters, policy, rules
from schakel.registrations.models import LIVE, Registration, SeatClaim, Submission, Wait, new_uid
from schakel.registrations.places import service as places

LINK = "registration"
KEEP_LINK = timedelta(days=60)


@dataclass(frozen=True)
class Answers:
    """What somebody fills in. `sessions`: chosen session ids, at most one per round."""

    name: str
    email: str
    profession: str | None = None
    organisation: str = ""
    sessions: tuple[int, ...] = field(default=())
    wishes: str = ""
    persons: int = 1
    on_list: bool = False


@dataclass(frozen=True)
class Setting:
    """What letters need of this installation: the base of links."""

    base_url: str

    def event_url(self, event: Event) -> str:
        """The public page of an event; of a patient day only our own, for its address names an illness."""
        if event.kind in letters.NEUTRAL_KINDS:
            return f"{self.base_url}/mijn-aanmelding"
        return f"{self.base_url}/bijeenkomsten/{event.slug}"


_setting: Setting | None = None
_undo = timedelta(minutes=10)


def use(made: Setting, undo: timedelta) -> None:
    """Take addresses, and how long a moved event may be undone before calendars follow, from here on."""
    global _setting, _undo
    _setting, _undo = made, undo


def setting() -> Setting:
    """The addresses that letters need."""
    assert _setting is not None, "no application has been made"
    return _setting


def undo() -> timedelta:
    """How long a moved event may be undone before calendars follow."""
    return _undo


def register(actor: Actor, event: Event, answers: Answers, nonce: str) -> dict[str, Any]:
    """Sign somebody up; the outcome as the page shows it. The same nonce has one effect and one outcome.

    A repeat (same event, address and name) claims nothing and is told what a newcomer would be told.
    """
    errors.require(policy.may_sign_up(actor, event))
    now = dates.now()
    if not event_rules.is_open(event.state, event.form, event.closes_at, event.starts_at, now):
        raise errors.Refused("Aanmelden voor deze bijeenkomst is gesloten.")
    must, wish = _pools(event, answers)
    if not db.insert_once(Submission, nonce=nonce, event_id=event.id, at=now, outcome={}):
        return outcome_of(event.id, nonce)
    places.lock([*must, *wish])
    uid = new_uid()
    number = _insert(event, answers, uid, now)
    if number is None:
        told = _as_newcomer(event, must, wish, answers.persons)
        _remind(event, answers)
    else:
        taken = places.claim_all(must, wish, answers.persons)
        places.hold(number, taken, answers.persons)
        told = {"state": "registered" if taken.held or not must else "waiting", "full": taken.full}
        if told["state"] == "waiting":
            db.connection().execute(_WAITS, {"number": number})
        _welcome(event, number, uid, answers, told)
        audit.record(actor, "registration.made", LINK, number, event=event.id, state=told["state"])
    db.connection().execute(_TELL, {"wanted": nonce, "said": told})
    return told


_SENT, _ROWS = db.table_of(Submission), db.table_of(Registration)
_TELL = sa.update(_SENT).where(_SENT.c.nonce == sa.bindparam("wanted"))
_TELL = _TELL.values(outcome=sa.bindparam("said", type_=sa.JSON))
_TOLD = sa.select(_SENT.c.outcome).where(_SENT.c.nonce == sa.bindparam("nonce"))
_TOLD = _TOLD.where(_SENT.c.event_id == sa.bindparam("event"))
_WAITS = sa.update(_ROWS).where(_ROWS.c.id == sa.bindparam("number")).values(state="waiting")


def outcome_of(event_id: int, nonce: str) -> dict[str, Any]:
    """What a form that was sent before was told; NotFound for a nonce that was never sent for this event."""
    told = db.look(_TOLD, {"nonce": nonce, "event": event_id})
    found: dict[str, Any] = errors.found(told[0].outcome if told else None)
    return found


def _pools(event: Event, answers: Answers) -> tuple[list[int], list[int]]:
    """The pools that must give a place (profession) and those wished for (sessions)."""
    room = {pool.profession_code: pool.id for pool in event.pools if pool.session_id is None}
    sessions = {pool.session_id: pool.id for pool in event.pools if pool.session_id}
    must = [room[None]] if None in room else []
    if (None not in room and room) or answers.profession:
        if answers.profession not in room:
            raise errors.Refused("Kies het beroep of de rol waarin u komt.", field="profession")
        must = [room[answers.profession]]
    known = {session.id: slot.id for slot in event.slots for session in slot.sessions}
    rounds = [known.get(session) for session in answers.sessions]
    if None in rounds or len(rounds) != len(set(rounds)):
        raise errors.Refused("Kies per ronde één sessie.")
    return must, [sessions[session] for session in answers.sessions if session in sessions]


def _insert(event: Event, answers: Answers, uid: str, now: datetime) -> int | None:
    """The id of the new row; None when this person is signed up already."""
    values = {
        "event_id": event.id,
        "state": "registered",
        "name": answers.name,
        "sort_name": identity.sort_name(answers.name)[:200],
        "folded_name": identity.fold(answers.name)[:200],
        "email": answers.email,
        "folded_email": identity.fold(answers.email)[:320],
        "profession_code": answers.profession,
        "organisation": answers.organisation,
        "wishes": answers.wishes,
        "persons": answers.persons,
        "on_list": answers.on_list,
        "consent": rules.CONSENT,
        "uid": uid,
        "sequence": 0,
        "sent_sequence": event.sequence,
        "told": letters.told_of(event),
        "version": 1,
        "created_at": now,
        "changed_at": now,
    }
    return db.insert_new(Registration, **values)


def _as_newcomer(event: Event, must: list[int], wish: list[int], seats: int) -> dict[str, Any]:
    """What somebody new would be told now, without claiming anything."""
    is_full = sa.select(CapacityPool.id).where(
        CapacityPool.event_id == event.id, CapacityPool.used + seats > CapacityPool.capacity
    )
    full = sorted({*db.session().scalars(is_full), *places.with_line([*must, *wish])})
    if set(full) & set(must):
        return {"state": "waiting", "full": [*must, *wish]}
    return {"state": "registered", "full": [pool for pool in wish if pool in full]}


def _names(event: Event, answers: Answers, full: list[int]) -> tuple[list[str], list[str]]:
    """Titles of the chosen sessions: those with a place and those waited for."""
    pools = {pool.session_id: pool.id for pool in event.pools if pool.session_id}
    held: list[str] = []
    waits: list[str] = []
    for slot in event.slots:
        for session in slot.sessions:
            if session.id in answers.sessions:
                name = f"{session.letter}. {session.title}"
                (waits if pools.get(session.id) in full else held).append(name)
    return held, waits


def _welcome(event: Event, number: int, uid: str, answers: Answers, told: dict[str, Any]) -> None:
    link = "" if not answers.email else links.make(LINK, number, event.ends_at + KEEP_LINK)
    held, waits = _names(event, answers, told["full"])
    guest = letters.Guest(
        answers.name, answers.email, uid, 0, _as_what(event, answers.profession, answers), held, waits
    )
    if told["state"] == "registered":
        entries = letters.entries(event, guest, setting().event_url(event))
        send(
            event, letters.registered(event, guest, link), guest, number, notifications.calendar_of("REQUEST", entries)
        )
    else:
        send(event, letters.waiting(event, guest, link), guest, number)


def _remind(event: Event, answers: Answers) -> None:
    """To who was signed up already: the link again, by mail only, so that the page betrays nothing."""
    row = db.session().scalar(
        sa.select(Registration).where(
            Registration.event_id == event.id,
            Registration.folded_email == identity.fold(answers.email)[:320],
            Registration.folded_name == identity.fold(answers.name)[:200],
            Registration.state.in_(LIVE),
        )
    )
    if row is not None:
        guest = guest_of(row)
        send(event, letters.repeated(event, guest, links.mark(LINK, row.id)), guest, row.id)


def _as_what(event: Event, profession: str | None, answers: Answers | Registration) -> str:
    names = {pool.profession_code: pool.name for pool in event.pools if pool.session_id is None}
    parts = [names.get(profession, "") if profession else "", answers.organisation]
    if answers.persons > 1:
        parts.append(f"{answers.persons} personen")
    return ", ".join(part for part in parts if part)


def send(event: Event, letter: notifications.Letter, guest: letters.Guest, number: int, calendar: Any = None) -> None:
    """Queue a letter to a guest on behalf of the event; `number` is the registration it is about."""
    to = (guest.name, guest.email)
    notifications.queue(letter, to, letters.sender_of(event), (LINK, str(number)), calendar)


def guest_of(row: Registration) -> letters.Guest:
    """A registration as letters need it (1 statement for the sessions)."""
    named = sa.select(EventSession.letter, EventSession.title, CapacityPool.id).join(
        CapacityPool, CapacityPool.session_id == EventSession.id
    )
    held = db.session().execute(
        named.join(SeatClaim, SeatClaim.pool_id == CapacityPool.id)
        .where(SeatClaim.registration_id == row.id)
        .join(AgendaSlot, AgendaSlot.id == EventSession.slot_id)
        .order_by(AgendaSlot.starts_at, EventSession.letter)
    )
    waits = db.session().execute(
        named.join(Wait, Wait.pool_id == CapacityPool.id).where(Wait.registration_id == row.id)
    )
    return letters.Guest(
        name=row.name,
        email=row.email,
        uid=row.uid,
        sequence=row.sequence,
        as_what=_as_what(row.event, row.profession_code, row),
        sessions=[f"{item.letter}. {item.title}" for item in held],
        waiting_for=[f"{item.letter}. {item.title}" for item in waits],
    )
