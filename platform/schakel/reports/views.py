"""`/monitoring`: from the overview to the proof of a measure in three clicks."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates
from schakel.identity import service as identity
from schakel.measures import listing, policy, queries, rules
from schakel.measures.shown import MOMENTS
from schakel.pages import Filter, ListPage, actor
from schakel.reports import queries as reports

pages = Blueprint("reports", __name__)


def _list(place: reports.Ground) -> ListPage:
    """The filters; without a choice the list shows what asks attention."""
    states = [("", "Wat aandacht vraagt"), *rules.STATES.items(), ("alle", "Alles")]
    departments = [("", gettext("Alle afdelingen")), *place.departments]
    filters = (
        listing.cause_filter(),
        Filter("afdeling", gettext("Afdeling"), departments, known_only=False),
        listing.theme_filter(),
        listing.state_filter(gettext("Toon"), states),
    )
    return ListPage(filters, kind=date.fromisoformat, files="/monitoring")


def _filters(page: ListPage) -> queries.Filters:
    return listing.filters_of(page, "urgent", page["afdeling"])


@pages.get("/monitoring")
@access.rule(policy.may_monitor)
def monitoring() -> ResponseReturnValue:
    """Measures and commitments of the organisation: funnel, what asks attention, what changed."""
    who, today = actor(), dates.today()
    place = reports.ground(who)
    page = _list(place)
    filters = _filters(page)
    figures, at = reports.figures(place, filters, today)
    rows, more = queries.page(queries.narrowed(reports.scope(place, filters), filters, today), filters)
    since = identity.previous_visit(who)
    return page.render(
        "reports/monitoring.html",
        [queries.line(measure, today, done) for measure, done in rows],
        more,
        figures=figures,
        funnel=_funnel(figures),
        filters=filters,
        moments=_moments(place, since),
        since=dates.nl_moment(since) if since else None,
        now=dates.nl_moment(at),
    )


@pages.get("/monitoring.<any(csv, xlsx):ending>")
@access.rule(policy.may_monitor)
def export(ending: str) -> ResponseReturnValue:
    """The list with the same filters as a file."""
    place = reports.ground(actor())
    filters = _filters(_list(place))
    return listing.file_of(ending, queries.narrowed(reports.scope(place, filters), filters, dates.today()))


def _funnel(figures: reports.Figures) -> list[SimpleNamespace]:
    state = figures.by_state
    notes = [
        "",
        f"{state.get('decided', 0)} zonder eigenaar" if state.get("decided") else "",
        _running(figures),
        f"{state.get('implemented', 0)} {_waits(state.get('implemented', 0))} op een ander dan de uitvoerder"
        if state.get("implemented")
        else "",
        _effect(state),
        f"{state.get('effective', 0)} nog niet geborgd" if state.get("effective") else "",
    ]
    kinds = ("", "", "", "", "", "moss")
    return [
        SimpleNamespace(label=label, count=count, note=note, kind=kind)
        for label, count, note, kind in zip(rules.FUNNEL, figures.reached, notes, kinds, strict=True)
    ]


def _waits(count: int) -> str:
    return "wacht" if count == 1 else "wachten"


def _running(figures: reports.Figures) -> str:
    busy = figures.by_state.get("assigned", 0) + figures.by_state.get("running", 0)
    late = f", waarvan {figures.late} te laat" if figures.late else ""
    return f"{busy} in uitvoering{late}" if busy else ""


def _effect(state: dict[str, int]) -> str:
    parts = []
    if state.get("checked"):
        parts.append(f"{state['checked']} nog te beoordelen")
    if state.get("not_effective"):
        parts.append(f"{state['not_effective']} zonder effect")
    if state.get("effect_not_measurable"):
        parts.append(f"{state['effect_not_measurable']} niet meetbaar")
    return ", ".join(parts)


def _moments(place: reports.Ground, since: Any) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            at_iso=at.isoformat(),
            at_text=dates.nl_moment(at),
            text=f"{number} {title}: {MOMENTS.get(kind, kind).lower()}",
            who=None,
            quiet=kind in ("deadline", "write"),
            url=f"/maatregelen/{public_id}",
        )
        for at, kind, number, title, public_id in reports.changed_since(place, since)
    ]
