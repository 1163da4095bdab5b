"""`/monitoring`: from the overview to the evidence of a measure in three clicks."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from schakel import access, dates
from schakel.i18n import N_
from schakel.identity.signing_in import service as signing_in
from schakel.lru import LruCache
from schakel.measures import listing, policy, queries, rules
from schakel.measures.rules import State
from schakel.pages import Filter, ListPage, actor
from schakel.reports import queries as reports

pages = Blueprint("reports", __name__)


@pages.record_once
def _make_cache(state: BlueprintSetupState) -> None:
    """Create the cache of counted figures, per process and application."""
    state.app.extensions["schakel.figures"] = LruCache(reports.CACHE_SIZE)


def _list(area: reports.Area) -> ListPage:
    """Return the list with its filters; without a choice it has the measures that require attention."""
    states = [
        ("", gettext("Wat aandacht vraagt")),
        ("te-laat", gettext("Te laat")),
        *rules.WORKFLOW.choices(),
        ("alle", gettext("Alles")),
    ]
    departments = [("", gettext("Alle afdelingen")), *area.departments]
    filters = (
        listing.cause_filter(),
        Filter("afdeling", gettext("Afdeling"), departments, known_only=False),
        listing.theme_filter(),
        listing.state_filter(gettext("Staat"), states),
    )
    return ListPage(filters, kind=date.fromisoformat, files="/monitoring")


def _filters(page: ListPage) -> queries.Filters:
    return listing.filters_of(page, rules.StateFilter.URGENT, page["afdeling"])


@pages.get("/monitoring")
@access.rule(policy.may_monitor)
def monitoring() -> ResponseReturnValue:
    """Display measures and commitments: funnel, what requires attention, what changed."""
    who, today = actor(), dates.today()
    area = reports.area_of(who)
    page = _list(area)
    filters = _filters(page)
    figures, at = reports.figures(area, filters, today, current_app.extensions["schakel.figures"])
    query = queries.narrowed(reports.scope(area, filters), filters, today)
    rows, more = queries.page(query, filters, page.size(queries.PAGE))
    since = signing_in.previous_visit(who)
    return page.render(
        "reports/monitoring.html",
        [queries.list_row(measure, today, done) for measure, done in rows],
        more,
        rows.total,
        figures=figures,
        funnel=_funnel(figures),
        is_urgent=filters.state == rules.StateFilter.URGENT,
        history=_history(area, since),
        since=dates.format_datetime(since) if since else None,
        now=dates.format_datetime(at),
    )


@pages.get("/monitoring.<any(csv, xlsx):ending>")
@access.rule(policy.may_monitor)
def export(ending: str) -> ResponseReturnValue:
    """Download the list with the same filters as a file."""
    area = reports.area_of(actor())
    filters = _filters(_list(area))
    return listing.file_of(ending, queries.narrowed(reports.scope(area, filters), filters, dates.today()))


def _funnel(figures: reports.Figures) -> list[SimpleNamespace]:
    state = figures.by_state
    unowned, waiting, unembedded = (state.get(one, 0) for one in (State.DECIDED, State.IMPLEMENTED, State.EFFECTIVE))
    notes = [
        "",
        gettext("%(n)d zonder eigenaar", n=unowned) if unowned else "",
        _running(figures),
        _waits(waiting) if waiting else "",
        _effect(state),
        gettext("%(n)d nog niet geborgd", n=unembedded) if unembedded else "",
    ]
    kinds = ("", "", "", "", "", "moss")
    return [
        SimpleNamespace(label=gettext(label), count=count, note=note, kind=kind)
        for label, count, note, kind in zip(rules.FUNNEL, figures.reached, notes, kinds, strict=True)
    ]


def _waits(count: int) -> str:
    return ngettext(
        "%(num)d wacht op een ander dan de uitvoerder", "%(num)d wachten op een ander dan de uitvoerder", count
    )


def _running(figures: reports.Figures) -> str:
    busy = figures.by_state.get(State.ASSIGNED, 0) + figures.by_state.get(State.RUNNING, 0)
    late = gettext(", waarvan %(n)d te laat", n=figures.late) if figures.late else ""
    return gettext("%(n)d in uitvoering", n=busy) + late if busy else ""


EFFECT_NOTES = {
    State.CHECKED: N_("nog te beoordelen"),
    State.NOT_EFFECTIVE: N_("zonder effect"),
    State.EFFECT_NOT_MEASURABLE: N_("niet meetbaar"),
}


def _effect(state: dict[str, int]) -> str:
    return ", ".join(f"{state[one]} {gettext(words)}" for one, words in EFFECT_NOTES.items() if state.get(one))


def _history(area: reports.Area, since: Any) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            at_iso=at.isoformat(),
            at_text=dates.format_datetime(at),
            text=f"{number} {title}: {gettext(rules.WORKFLOW[verb].past_tense).lower()}",
            who=None,
            quiet=rules.WORKFLOW[verb].minor,
            url=f"/maatregelen/{public_id}",
        )
        for at, verb, number, title, public_id in reports.changed_since(area, since)
    ]
