"""The director's figures: exact, and counted by the database with one index."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from schakel import dates, db
from schakel.access import Actor
from schakel.deadlines import FAR
from schakel.identity.models import Organisation
from schakel.lru import LruCache
from schakel.measures import policy, progress, queries, rules
from schakel.measures.models import Measure, MeasureHistory


class Attention(StrEnum):
    """Why a measure under way requires attention."""

    LATE = "late"
    SOON = "soon"
    UNDATED = "undated"
    SILENT = "silent"


@dataclass(frozen=True)
class Figures:
    """How many measures reached each step, how many are in each state, and how many require attention."""

    reached: tuple[int, ...]
    by_state: dict[str, int]
    late: int
    undated: int
    urgent: int

    @property
    def total(self) -> int:
        """All measures and commitments counted."""
        return self.reached[0]


@dataclass(frozen=True)
class Area:
    """The actor's organisations: those that have measures, and the departments to choose from."""

    organisations: tuple[int, ...]
    departments: tuple[tuple[int, str], ...]


def area_of(actor: Actor) -> Area:
    """Return the actor's organisations and departments (1 statement), where they see every measure (inner ring)."""
    has = sa.exists().where(Measure.organisation_id == Organisation.id)
    rows = db.session().execute(
        sa.select(Organisation.id, Organisation.short, Organisation.parent_id, has)
        .where(Organisation.id.in_(actor.organisations(*policy.JUDGING)))
        .order_by(Organisation.name)
    )
    found = rows.all()
    return Area(
        tuple(number for number, _, _, owns in found if owns),
        tuple((number, short) for number, short, parent, _ in found if parent is not None),
    )


def scope(area: Area, filters: queries.Filters) -> sa.Select[Measure]:
    """Select the measures of these organisations, filtered by cause, department and theme; a single one by equality."""
    inside = (
        Measure.organisation_id == area.organisations[0]
        if len(area.organisations) == 1
        else Measure.organisation_id.in_(area.organisations)
    )
    wanted = replace(filters, state=rules.StateFilter.ALL, after=None)
    return queries.narrowed(sa.select(Measure).where(inside), wanted, date.min)


CACHE_SIZE, MAX_AGE = 256, timedelta(seconds=60)


def figures(
    area: Area, filters: queries.Filters, today: date, cache: LruCache | None = None
) -> tuple[Figures, datetime]:
    """Return all counts of the page, and when they were counted (1 statement when `cache` has them, else 2).

    Counted again when a measure of these organisations changed since, and in any case after a minute, because
    simultaneous transactions may commit in another order than their times.
    """
    now = dates.now()
    key = (area.organisations, replace(filters, state=rules.StateFilter.ALL, after=None), today, _last_touched(area))
    at, known = (cache.get(key) if cache is not None else None) or (None, None)
    if at is None or known is None or not timedelta(0) <= now - at < MAX_AGE:
        at, known = now, _counted(area, filters, today)
        if cache is not None:
            cache.put(key, (at, known))
    return known, at


def _last_touched(area: Area) -> datetime | None:
    """Return when a measure of these organisations last changed: one index lookup per organisation."""
    newest = (
        sa.select(Measure.changed_at)
        .where(Measure.organisation_id == Organisation.id)
        .order_by(Measure.changed_at.desc())
        .limit(1)
        .correlate(Organisation)
    )
    query = sa.select(sa.func.max(newest.scalar_subquery())).where(Organisation.id.in_(area.organisations))
    return db.session().scalar(query)


def _counted(area: Area, filters: queries.Filters, today: date) -> Figures:
    """Count everything (1 statement): all measures with one index, urgent ones as short ranges of others."""
    measures, none = scope(area, filters), sa.literal("")
    groups = measures.with_only_columns(sa.literal("state"), Measure.state, Measure.effect, sa.func.count())
    parts = [
        measures.where(Measure.state.in_(rules.WORKING), *part).with_only_columns(
            sa.literal(name.value), none, none, sa.func.count()
        )
        for name, part in _attention(today).items()
    ]
    rows = db.session().execute(sa.union_all(groups.group_by(Measure.state, Measure.effect), *parts)).all()
    states = [(state, effect, count) for kind, state, effect, count in rows if kind == "state"]
    part = {kind: count for kind, _, _, count in rows if kind != "state"}
    by_state: dict[str, int] = {}
    for state, _, count in states:
        by_state[state] = by_state.get(state, 0) + count
    reached = tuple(
        sum(n for state, effect, n in states if progress.reached(state, effect) >= step) for step in range(6)
    )
    urgent = sum(part.values()) + sum(by_state.get(state, 0) for state in queries.URGENT_STATES)
    return Figures(reached, by_state, part[Attention.LATE], part[Attention.UNDATED], urgent)


def _attention(today: date) -> dict[Attention, tuple[sa.ColumnElement[bool], ...]]:
    """Return conditions on measures under way that require attention, without overlap (measures.queries.urgent)."""
    week = today + queries.WEEK
    return {
        Attention.LATE: (Measure.due_sort < today,),
        Attention.SOON: (Measure.due_sort >= today, Measure.due_sort <= week),
        Attention.UNDATED: (Measure.due_sort == FAR,),
        Attention.SILENT: (Measure.next_report_on < today, Measure.due_sort > week, Measure.due_sort < FAR),
    }


def changed_since(area: Area, since: datetime | None, limit: int = 12) -> list[tuple[datetime, str, str, str, str]]:
    """Return what changed since a time: (at, verb, number, title, public id), newest first (1 statement)."""
    if since is None:
        return []
    seen = scope(area, queries.Filters(state=rules.StateFilter.ALL)).with_only_columns(Measure.id)
    rows = db.session().execute(
        sa.select(MeasureHistory.at, MeasureHistory.verb, Measure.number, Measure.title, Measure.public_id)
        .join(Measure, Measure.id == MeasureHistory.measure_id)
        .where(Measure.changed_at > since, MeasureHistory.at > since, Measure.id.in_(seen))
        .order_by(MeasureHistory.id.desc())
        .limit(limit)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]
