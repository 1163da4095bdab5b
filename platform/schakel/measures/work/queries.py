"""Slot `work`: what measures ask of an actor, and what changed since a moment."""

from datetime import date, datetime

import sqlalchemy as sa

from schakel import db
from schakel.access import Actor
from schakel.measures import policy, rules
from schakel.measures.models import Measure, MeasureMoment
from schakel.measures.queries import WEEK, urgent
from schakel.slots import WorkItem

WORK = 60


def work(actor: Actor, today: date, since: datetime | None) -> list[WorkItem]:
    """What asks something of this actor (slot `work`; at most 2 statements)."""
    if not policy.sees_any(actor) and actor.person_id is None:
        return []
    inner = actor.organisations(*policy.INNER) or frozenset({-1})
    mine = sa.or_(Measure.owner_id == actor.person_id, Measure.organisation_id.in_(inner))
    query = policy.visible_to(actor).where(
        mine, sa.or_(urgent(today), Measure.state.in_(("decided", "effective", "embedded")))
    )
    rows = db.session().scalars(
        query.where(Measure.is_closed.is_(False)).order_by(Measure.due_sort, Measure.id).limit(WORK)
    )
    items = [item for row in rows if (item := _item(actor, row, today))]
    return items + _news(actor, since)


NEXT = {
    # state: (verb that is next, kind, why, word on the button)
    "decided": ("assign", "answer", "Nog geen eigenaar", "Beleg"),
    "implemented": ("check", "check", "Uitgevoerd gemeld, wacht op toetsing", "Toets"),
    "checked": ("effective", "answer", "Getoetst: heeft het effect?", "Stel vast"),
    "not_effective": ("decide_anew", "answer", "Geen effect: nieuw besluit of gemotiveerd stoppen", "Besluit"),
    "effective": ("embed", "answer", "Effectief: is het geborgd?", "Borg"),
    "embedded": ("close", "answer", "Geborgd: kan dicht", "Sluit"),
}


def _item(actor: Actor, measure: Measure, today: date) -> WorkItem | None:
    url = f"/maatregelen/{measure.public_id}"
    step = NEXT.get(measure.state)
    if step and policy.may(actor, measure, step[0]):
        return WorkItem(step[1], measure.title, f"{measure.number} · {step[2]}", url, step[3], measure.due_on)
    if measure.state not in ("assigned", "running"):
        return None
    owner = measure.owner_id == actor.person_id
    if rules.is_late(measure.state, measure.due_on, today):
        return WorkItem(
            "late", measure.title, f"{measure.number} · te laat", url, "Werk bij" if owner else "Bekijk", measure.due_on
        )
    if owner and rules.is_silent(measure.state, measure.next_report_on, today):
        return WorkItem(
            "late",
            measure.title,
            f"{measure.number} · u zou laten weten hoe het staat",
            url,
            "Meld het",
            measure.due_on,
        )
    if owner and measure.due_on and measure.due_on <= today + WEEK:
        return WorkItem("week", measure.title, f"{measure.number} · u bent eigenaar", url, "Werk bij", measure.due_on)
    return None


NEWS = {
    "release": "is vrijgegeven",
    "implement": "is uitgevoerd gemeld",
    "check": "is getoetst",
    "effective": "is effectief",
    "not_effective": "heeft geen effect",
    "embed": "is geborgd",
    "close": "is gesloten",
    "assign": "is belegd",
    "deadline": "kreeg een andere datum",
    "informed_realised": "betrokkenen geïnformeerd over uitvoering",
}


def _news(actor: Actor, since: datetime | None) -> list[WorkItem]:
    if since is None:
        return []
    rows = db.session().execute(
        sa.select(MeasureMoment.at, MeasureMoment.kind, Measure.title, Measure.number, Measure.public_id)
        .join(Measure, Measure.id == MeasureMoment.measure_id)
        .where(
            Measure.changed_at > since,
            MeasureMoment.at > since,
            MeasureMoment.kind.in_(NEWS),
            Measure.id.in_(policy.visible_to(actor).with_only_columns(Measure.id)),
        )
        .order_by(MeasureMoment.id.desc())
        .limit(8)
    )
    return [
        WorkItem("news", row.title, f"{row.number} {NEWS[row.kind]}", f"/maatregelen/{row.public_id}", at=row.at)
        for row in rows
    ]
