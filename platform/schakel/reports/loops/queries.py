"""Each invariant as one select of the rows that break it (design 3, *Exact definitions*)."""

from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from schakel import db
from schakel.actions import rules as actions
from schakel.actions.models import Action, ActionHistory, Evidence
from schakel.actions.rules import AuditEvent as ActionAudit
from schakel.actions.rules import Tier
from schakel.agreements.models import Agreement, AgreementAction, AgreementEvent
from schakel.agreements.rules import AuditEvent as AgreementAudit
from schakel.audit.models import AuditEntry
from schakel.events.followup.models import EventAction
from schakel.events.models import CapacityPool, Event
from schakel.events.rules import AuditEvent as EventAudit
from schakel.files.models import File
from schakel.measures import rules as measures
from schakel.measures.models import Measure, MeasureAction, MeasureHistory
from schakel.measures.rules import AuditEvent as MeasureAudit
from schakel.registrations.models import Registration, SeatClaim, Wait
from schakel.registrations.rules import State as RegistrationState

IMPLEMENTED = tuple(
    state
    for state, reached in measures.REACHED.items()
    if reached >= measures.REACHED[measures.State.IMPLEMENTED] and state != measures.State.NOT_EFFECTIVE
)


def _without_cause() -> sa.Select[Any]:
    causes = [
        sa.exists().where(EventAction.action_id == Action.id),
        sa.exists().where(AgreementAction.action_id == Action.id),
        sa.exists().where(MeasureAction.action_id == Action.id, MeasureAction.state.in_(measures.UNDER)),
    ]
    return sa.select(Action.public_id).where(~sa.or_(*causes))


def _own_work_checked() -> sa.Select[Any]:
    return (
        sa.select(Action.public_id)
        .join(ActionHistory, ActionHistory.action_id == Action.id)
        .where(Action.state == actions.State.CHECKED, ActionHistory.verb == actions.Verb.CHECK)
        .where(ActionHistory.person_id == Action.owner_id)
    )


def _own_measure_judged() -> sa.Select[Any]:
    """Judged by the owner at that time, or by the person who reported it carried out."""
    judged, newer, report, later = (aliased(MeasureHistory) for _ in range(4))
    reassigned = sa.exists().where(
        newer.measure_id == judged.measure_id, newer.verb == measures.Verb.ASSIGN, newer.id > judged.id
    )
    reported_anew = sa.exists().where(
        later.measure_id == judged.measure_id,
        later.verb == measures.Verb.IMPLEMENT,
        later.id > report.id,
        later.id < judged.id,
    )
    reported = sa.exists().where(
        report.measure_id == judged.measure_id,
        report.verb == measures.Verb.IMPLEMENT,
        report.id < judged.id,
        report.person_id == judged.person_id,
        ~reported_anew,
    )
    own = sa.or_(sa.and_(judged.person_id == Measure.owner_id, ~reassigned), reported)
    return (
        sa.select(Measure.number)
        .join(judged, judged.measure_id == Measure.id)
        .where(judged.verb.in_((measures.Verb.CHECK, *measures.EFFECTS)), own)
    )


def _checked_without_proof() -> sa.Select[Any]:
    proof = sa.exists().where(Evidence.action_id == Action.id)
    proven = Action.state.in_((actions.State.REPORTED_DONE, actions.State.CHECKED))
    return sa.select(Action.public_id).where(proven, Action.tier != Tier.AGREEMENT, ~proof)


def _carried_out_too_soon() -> sa.Select[Any]:
    return (
        sa.select(Measure.number)
        .join(MeasureAction, MeasureAction.measure_id == Measure.id)
        .join(Action, Action.id == MeasureAction.action_id)
        .where(
            Measure.state.in_(IMPLEMENTED),
            MeasureAction.state.in_(measures.UNDER),
            Action.state.not_in(actions.WORKFLOW.final),
        )
    )


def _closed_uninformed() -> sa.Select[Any]:
    uninformed = sa.or_(Measure.informed_realised_on.is_(None), Measure.informed_taken_on.is_(None))
    return sa.select(Measure.number).where(Measure.state == measures.State.CLOSED, uninformed)


def _measure_without_cause() -> sa.Select[Any]:
    return sa.select(Measure.number).where(Measure.cause_kind.not_in(tuple(measures.CauseKind)))


def _unproven_embedded() -> sa.Select[Any]:
    claimed = Measure.state.in_((measures.State.EFFECTIVE, measures.State.EMBEDDED))
    return sa.select(Measure.number).where(claimed, Measure.effect != measures.Effect.EFFECTIVE)


# The audit event that a row was created, and the table in which it must still exist.
RECORDED: dict[StrEnum, Any] = {
    ActionAudit.PROPOSED: Action,
    MeasureAudit.DECIDED: Measure,
    EventAudit.CREATED: Event,
    AgreementAudit.ADDED_TO_EVENT: Agreement,
}


def _vanished() -> sa.Select[Any]:
    """Created according to the audit log, but deleted: only retention deletes rows."""
    gone = [
        sa.and_(AuditEntry.action == made, ~sa.exists().where(sa.cast(table.id, sa.String) == AuditEntry.object_id))
        for made, table in RECORDED.items()
    ]
    return sa.select(AuditEntry.object_kind + " " + AuditEntry.object_id).where(sa.or_(*gone))


def _loose_file() -> sa.Select[Any]:
    return sa.select(File.public_id).where(~sa.exists().where(Evidence.file_id == File.id))


def _loose_agreement() -> sa.Select[Any]:
    return sa.select(Agreement.public_id).where(~sa.exists().where(AgreementEvent.agreement_id == Agreement.id))


def _released_without_text() -> sa.Select[Any]:
    return sa.select(Measure.number).where(Measure.released_at.is_not(None), Measure.working == "")


def _outside_owner_unreleased() -> sa.Select[Any]:
    foreign = sa.exists().where(MeasureAction.measure_id == Measure.id, MeasureAction.state == measures.Tie.ACCEPTED)
    return sa.select(Measure.number).where(
        Measure.released_at.is_(None), sa.or_(foreign, Measure.owner_inside.is_(False))
    )


def _first_date_lost() -> sa.Select[Any]:
    return sa.select(Action.public_id).where(Action.due_on.is_not(None), Action.first_due_on.is_(None))


def _room_off() -> sa.Select[Any]:
    claims = sa.select(sa.func.coalesce(sa.func.sum(SeatClaim.seats), 0)).where(SeatClaim.pool_id == CapacityPool.id)
    waits = sa.select(sa.func.count(Wait.id)).where(Wait.pool_id == CapacityPool.id)
    off = sa.or_(CapacityPool.used != claims.scalar_subquery(), CapacityPool.waiting != waits.scalar_subquery())
    return sa.select(CapacityPool.id).where(off)


def _offer_without_place() -> sa.Select[Any]:
    offer = sa.exists().where(Wait.registration_id == Registration.id, Wait.offer_until.is_not(None))
    return sa.select(Registration.id).where(Registration.state == RegistrationState.OFFERED, ~offer)


INVARIANTS = {
    "actiepunt zonder aanleiding": _without_cause,
    "eigen werk getoetst (actiepunt)": _own_work_checked,
    "eigen werk beoordeeld (maatregel)": _own_measure_judged,
    "gereed of getoetst zonder onderbouwing": _checked_without_proof,
    "maatregel uitgevoerd terwijl een actiepunt openstaat": _carried_out_too_soon,
    "maatregel gesloten zonder dat betrokkenen zijn geïnformeerd": _closed_uninformed,
    "maatregel vrijgegeven zonder werktekst": _released_without_text,
    "maatregel zonder aanleiding": _measure_without_cause,
    "maatregel geborgd zonder aangetoond effect": _unproven_embedded,
    "vastgelegd en verdwenen": _vanished,
    "bestand zonder onderbouwing": _loose_file,
    "afspraak zonder bijeenkomst": _loose_agreement,
    "eigenaar of actiepunt van elders bij een niet vrijgegeven maatregel": _outside_owner_unreleased,
    "eerste datum van een actiepunt kwijt": _first_date_lost,
    "plaatsen tellen niet op": _room_off,
    "aangeboden plaats zonder aanbod": _offer_without_place,
}


@cache
def _broken(name: str) -> sa.Select[Any]:
    return INVARIANTS[name]().limit(5)


def faults() -> list[str]:
    """Return the broken invariants in Dutch, each with its first ids; empty is good."""
    found = []
    for name in INVARIANTS:
        ids = db.session().scalars(_broken(name)).all()
        if ids:
            found.append(f"{name}: {', '.join(str(item) for item in ids)}")
    return found
