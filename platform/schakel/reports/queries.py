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
    """All counts of the page (2 statements)."""
    inside = scope(actor, filters).with_only_columns(Measure.id, Measure.state, Measure.due_sort).subquery()
    rows = db.session().execute(sa.select(inside.c.state, sa.func.count()).group_by(inside.c.state))
    by_state = {row[0]: row[1] for row in rows}
    working = inside.c.state.in_(rules.WORKING)
    late, undated = (
        db.session()
        .execute(
            sa.select(
                sa.func.coalesce(sa.func.sum(sa.case((sa.and_(working, inside.c.due_sort < today), 1), else_=0)), 0),
                sa.func.coalesce(
                    sa.func.sum(sa.case((sa.and_(working, inside.c.due_sort == rules.FAR), 1), else_=0)), 0
                ),
            )
        )
        .one()
    )
    urgent = scope(actor, filters).where(queries.urgent(today)).with_only_columns(sa.func.count())
    reached = tuple(
        sum(count for state, count in by_state.items() if rules.REACHED[state] >= step) for step in range(6)
    )
    return Figures(reached, by_state, int(late), int(undated), db.session().scalar(urgent) or 0)


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
