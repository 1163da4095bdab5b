"""The director's figures: exact, and counted by the database over one index."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from schakel import db
from schakel.access import Actor
from schakel.measures import policy, queries, rules
from schakel.measures.models import Measure, MeasureMoment


@dataclass(frozen=True)
class Figures:
    """How many measures reached each step, and what is not further and why."""

    reached: tuple[int, ...]
    by_state: dict[str, int]
    late: int
    undated: int
    urgent: int

    @property
    def total(self) -> int:
        """All measures and commitments counted."""
        return self.reached[0]


def scope(actor: Actor, filters: queries.Filters) -> sa.Select[Measure]:
    """The measures of the own house that this overseer answers for; filters on cause, department and theme put on."""
    houses = actor.organisations("medical_director", "quality_adviser", "board_secretary")
    query = policy.visible_to(actor).where(Measure.organisation_id.in_(houses))
    return queries.narrowed(query, queries.Filters(**{**filters.__dict__, "state": "all", "after": None}), date.min)


def figures(actor: Actor, filters: queries.Filters, today: date) -> Figures:
    """All counts of the page, exact (1 statement)."""
    working = Measure.state.in_(rules.WORKING)
    late = sa.case((sa.and_(working, Measure.due_sort < today), 1), else_=0)
    undated = sa.case((sa.and_(working, Measure.due_sort == rules.FAR), 1), else_=0)
    urgent = sa.case((queries.urgent(today), 1), else_=0)
    groups = (Measure.state, Measure.effect)
    columns = (*groups, sa.func.count(), sa.func.sum(late), sa.func.sum(undated), sa.func.sum(urgent))
    rows = db.session().execute(scope(actor, filters).with_only_columns(*columns).group_by(*groups)).all()
    by_state: dict[str, int] = {}
    for row in rows:
        by_state[row[0]] = by_state.get(row[0], 0) + row[2]
    reached = tuple(sum(row[2] for row in rows if rules.reached(row[0], row[1]) >= step) for step in range(6))
    late_sum, undated_sum, urgent_sum = (sum(int(row[place]) for row in rows) for place in (3, 4, 5))
    return Figures(reached, by_state, late_sum, undated_sum, urgent_sum)


def changed_since(actor: Actor, since: datetime | None, limit: int = 12) -> list[tuple[datetime, str, str, str, str]]:
    """What changed since a moment: (at, kind, number, title, public id), newest first (1 statement)."""
    if since is None:
        return []
    seen = scope(actor, queries.Filters(state="all")).with_only_columns(Measure.id)
    rows = db.session().execute(
        sa.select(MeasureMoment.at, MeasureMoment.kind, Measure.number, Measure.title, Measure.public_id)
        .join(Measure, Measure.id == MeasureMoment.measure_id)
        .where(Measure.changed_at > since, MeasureMoment.at > since, Measure.id.in_(seen))
        .order_by(MeasureMoment.id.desc())
        .limit(limit)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]
