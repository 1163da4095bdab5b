"""Signing up: the service, and the row it inserts."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from schakel import addresses, dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.events.models import CapacityPool, Event
from schakel.identity import rules as identity
from schakel.registrations import letters, mailing, outcomes, policy, rules, selection, snapshots
from schakel.registrations.models import Registration, new_uid
from schakel.registrations.places import service as places
from schakel.registrations.rules import LIVE, AuditEvent, State


@dataclass(frozen=True)
class Answers:
    """The data a person enters. `sessions`: chosen session ids, at most one per round."""

    name: str
    email: str
    profession: str | None = None
    organisation: str = ""
    sessions: tuple[int, ...] = field(default=())
    wishes: str = ""
    persons: int = 1
    on_list: bool = False


def register(actor: Actor, event: Event, answers: Answers, nonce: str) -> outcomes.Outcome:
    """Register a person and return the outcome to display. The same nonce has one effect and one outcome.

    A repeat (same event, address and name) claims nothing and returns the outcome that a new person would get.
    """
    errors.require(policy.may_sign_up(actor, event))
    now = dates.now()
    if not event.is_open(now):
        raise errors.Refused("Aanmelden voor deze bijeenkomst is gesloten.")
    chosen = selection.select(event, answers.profession, answers.sessions)
    if not outcomes.claim(event.id, nonce, now):
        return outcomes.outcome_of(event.id, nonce)
    places.lock([*chosen.must, *chosen.wish])
    uid = new_uid()
    number = _insert(event, answers, uid, now)
    if number is None:
        outcome = _as_newcomer(event, chosen, answers.persons)
        _remind(event, answers)
    else:
        outcome = _claim_places(number, chosen, answers.persons)
        rank = mailing.rank_of(event.id, addresses.fold_address(answers.email)[:320], number)
        guest = replace(_guest(answers, uid, chosen, outcome), rank=rank)
        mailing.send_welcome(event, guest, number, registered=outcome["state"] == State.REGISTERED)
        audit.record(actor, AuditEvent.MADE, policy.LINK, number, event=event.id, state=outcome["state"])
    outcomes.store(nonce, outcome)
    return outcome


def _insert(event: Event, answers: Answers, uid: str, now: datetime) -> int | None:
    """Insert the row and return its id; None when this person is registered already."""
    values = {
        "event_id": event.id,
        "state": State.REGISTERED,
        "name": answers.name,
        "folded_name": identity.fold(answers.name)[:200],
        "email": answers.email,
        "folded_email": addresses.fold_address(answers.email)[:320],
        "profession_code": answers.profession,
        "organisation": answers.organisation,
        "wishes": answers.wishes,
        "persons": answers.persons,
        "on_list": answers.on_list,
        "consent": rules.CONSENT,
        "uid": uid,
        "sequence": 0,
        "sent_sequence": event.sequence,
        "calendar_snapshot": snapshots.snapshot_of(event),
        "version": 1,
        "created_at": now,
        "changed_at": now,
    }
    return db.insert_new(Registration, **values)


def _claim_places(number: int, chosen: selection.Selection, persons: int) -> outcomes.Outcome:
    taken = places.claim_all(chosen.must, chosen.wish, persons)
    places.hold(number, taken, persons)
    state = State.REGISTERED if taken.held or not chosen.must else State.WAITING
    if state == State.WAITING:
        db.rows_affected(sa.update(Registration).where(Registration.id == number).values(state=state))
    return {"state": state, "full": taken.full}


def _guest(answers: Answers, uid: str, chosen: selection.Selection, outcome: outcomes.Outcome) -> letters.Guest:
    held, waits = chosen.titles(outcome["full"])
    as_what = mailing.as_what(chosen.profession, answers.organisation, answers.persons)
    return letters.Guest(answers.name, answers.email, uid, 0, as_what, held, waits)


def _as_newcomer(event: Event, chosen: selection.Selection, persons: int) -> outcomes.Outcome:
    """Return the outcome that a new person would get now, without claiming anything."""
    is_full = sa.select(CapacityPool.id).where(
        CapacityPool.event_id == event.id, CapacityPool.used + persons > CapacityPool.capacity
    )
    pools = [*chosen.must, *chosen.wish]
    full = {*db.session().scalars(is_full), *places.with_waiting_list(pools)}
    if full & set(chosen.must):
        return {"state": State.WAITING, "full": pools}
    return {"state": State.REGISTERED, "full": [pool for pool in chosen.wish if pool in full]}


def _remind(event: Event, answers: Answers) -> None:
    row = db.session().scalar(
        sa.select(Registration).where(
            Registration.event_id == event.id,
            Registration.folded_email == addresses.fold_address(answers.email)[:320],
            Registration.folded_name == identity.fold(answers.name)[:200],
            Registration.state.in_(LIVE),
        )
    )
    if row is not None:
        mailing.send_reminder(row)
