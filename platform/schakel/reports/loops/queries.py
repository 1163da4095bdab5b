"""Each invariant as one select of what breaks it (design 3, *Exact definitions*)."""

from typing import Any

import sqlalchemy as sa

from schakel import db
from schakel.actions.models import Action, ActionMoment, Evidence
from schakel.actions.rules import FINAL
from schakel.agreements.models import AgreementAction
from schakel.events.followup.models import EventAction
from schakel.events.models import CapacityPool
from schakel.measures import rules as measure_rules
from schakel.measures.models import Measure, MeasureAction, MeasureMoment
from schakel.registrations.models import Registration, SeatClaim, Wait

DONE = tuple(state for state, reached in measure_rules.REACHED.items() if reached >= 2)


def _without_cause() -> sa.Select[Any]:
    causes = [
        sa.exists().where(EventAction.action_id == Action.id),
        sa.exists().where(AgreementAction.action_id == Action.id),
        sa.exists().where(MeasureAction.action_id == Action.id, MeasureAction.state != "proposed"),
    ]
    return sa.select(Action.public_id).where(~sa.or_(*causes))


def _own_work_checked() -> sa.Select[Any]:
    return (
        sa.select(Action.public_id)
        .join(ActionMoment, ActionMoment.action_id == Action.id)
        .where(Action.state == "checked", ActionMoment.kind == "check", ActionMoment.person_id == Action.owner_id)
    )


def _own_measure_checked() -> sa.Select[Any]:
    return (
        sa.select(Measure.number)
        .join(MeasureMoment, MeasureMoment.measure_id == Measure.id)
        .where(MeasureMoment.kind == "check", MeasureMoment.person_id == Measure.owner_id)
    )


def _checked_without_proof() -> sa.Select[Any]:
    proof = sa.exists().where(Evidence.action_id == Action.id)
    return sa.select(Action.public_id).where(Action.state.in_(("reported_done", "checked")), ~proof)


def _carried_out_too_soon() -> sa.Select[Any]:
    return (
        sa.select(Measure.number)
        .join(MeasureAction, MeasureAction.measure_id == Measure.id)
        .join(Action, Action.id == MeasureAction.action_id)
        .where(Measure.state.in_(DONE), MeasureAction.state == "made", Action.state.not_in(FINAL))
    )


def _closed_untold() -> sa.Select[Any]:
    return sa.select(Measure.number).where(Measure.state == "closed", Measure.informed_realised_on.is_(None))


def _released_without_text() -> sa.Select[Any]:
    return sa.select(Measure.number).where(Measure.released_at.is_not(None), Measure.working == "")


def _outside_owner_unreleased() -> sa.Select[Any]:
    return (
        sa.select(Measure.number)
        .join(MeasureAction, MeasureAction.measure_id == Measure.id)
        .where(MeasureAction.state == "accepted", Measure.released_at.is_(None))
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
    return sa.select(Registration.id).where(Registration.state == "offered", ~offer)


INVARIANTS = {
    "actiepunt zonder aanleiding": _without_cause,
    "eigen werk getoetst (actiepunt)": _own_work_checked,
    "eigen werk getoetst (maatregel)": _own_measure_checked,
    "gereed of getoetst zonder onderbouwing": _checked_without_proof,
    "maatregel uitgevoerd terwijl een actiepunt openstaat": _carried_out_too_soon,
    "maatregel gesloten zonder dat betrokkenen zijn geïnformeerd": _closed_untold,
    "maatregel vrijgegeven zonder werktekst": _released_without_text,
    "actiepunt van elders bij een niet vrijgegeven maatregel": _outside_owner_unreleased,
    "eerste datum van een actiepunt kwijt": _first_date_lost,
    "plaatsen tellen niet op": _room_off,
    "aangeboden plaats zonder aanbod": _offer_without_place,
}


def faults() -> list[str]:
    """Everything that breaks an invariant, in Dutch: the invariant and the first ids; empty is good."""
    found = []
    for name, query in INVARIANTS.items():
        ids = db.session().scalars(query().limit(5)).all()
        if ids:
            found.append(f"{name}: {', '.join(str(item) for item in ids)}")
    return found
