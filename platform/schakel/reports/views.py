"""`/monitoring`: from the overview to the proof of a measure in three clicks."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app, render_template
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates
from schakel.identity.signing_in import service as signing_in
from schakel.lru import LruCache
from schakel.measures import policy, progress, queries, rules
from schakel.measures.rules import State
from schakel.measures.views import KEYS, active_filters, cause_choices, csv_response, filters_here
from schakel.pages import actor, here
from schakel.programmes import queries as programmes
from schakel.reports import queries as reports

pages = Blueprint("reports", __name__)


@pages.record_once
def _make_cache(state: BlueprintSetupState) -> None:
    """The figures as last counted, per process and application."""
    state.app.extensions["schakel.figures"] = LruCache(reports.CACHE_SIZE)


def _filters() -> queries.Filters:
    """As in the URL; without a choice the list shows what asks attention."""
    chosen = filters_here()
    return queries.Filters(**{**chosen.__dict__, "state": "urgent" if chosen.state == "open" else chosen.state})


@pages.get("/monitoring")
@access.rule(policy.may_monitor)
def monitoring() -> ResponseReturnValue:
    """Measures and commitments of the house: funnel, what asks attention, what changed."""
    who, today, filters = actor(), dates.today(), _filters()
    place = reports.ground(who)
    themes = [(theme.code, theme.name) for theme in programmes.themes()]
    figures, at = reports.figures(place, filters, today, current_app.extensions["schakel.figures"])
    rows, more = queries.page(queries.narrowed(reports.scope(place, filters), filters, today), filters)
    since = signing_in.previous_visit(who)
    return render_template(
        "reports/monitoring.html",
        figures=figures,
        funnel=_funnel(figures),
        lines=[queries.line(measure, today, done) for measure, done in rows],
        filters=filters,
        states=[("", "Wat aandacht vraagt"), *rules.WORKFLOW.choices(), ("alle", "Alles")],
        causes=cause_choices(),
        departments=list(place.departments),
        themes=themes,
        active=_active(filters, dict(themes), dict(place.departments)),
        csv_url=here(KEYS, na=None).replace("/monitoring", "/monitoring.csv", 1),
        next_url=here(KEYS, na=f"{more[0].isoformat()}~{more[1]}") if more else None,
        first_url=here(KEYS, na=None) if filters.after else None,
        moments=_history(place, since),
        since=dates.nl_moment(since) if since else None,
        now=dates.nl_moment(at),
    )


def _active(filters: queries.Filters, themes: dict[str, str], departments: dict[int, str]) -> list[tuple[str, str]]:
    """What is set; what asks attention is how the page begins, and is not a choice to take off."""
    chosen = active_filters(filters, themes, departments)
    return chosen[1:] if filters.state == "urgent" else chosen


@pages.get("/monitoring.csv")
@access.rule(policy.may_monitor)
def export() -> ResponseReturnValue:
    """The list as it stands on the screen, as a file."""
    filters = _filters()
    return csv_response(queries.narrowed(reports.scope(reports.ground(actor()), filters), filters, dates.today()))


def _funnel(figures: reports.Figures) -> list[SimpleNamespace]:
    state = figures.by_state
    unowned, waiting, unembedded = (state.get(one, 0) for one in (State.DECIDED, State.IMPLEMENTED, State.EFFECTIVE))
    notes = [
        "",
        f"{unowned} zonder eigenaar" if unowned else "",
        _running(figures),
        f"{waiting} {_waits(waiting)} op een ander dan de uitvoerder" if waiting else "",
        _effect(state),
        f"{unembedded} nog niet geborgd" if unembedded else "",
    ]
    kinds = ("", "", "", "", "", "moss")
    return [
        SimpleNamespace(label=gettext(label), count=count, note=note, kind=kind)
        for label, count, note, kind in zip(progress.FUNNEL, figures.reached, notes, kinds, strict=True)
    ]


def _waits(count: int) -> str:
    return "wacht" if count == 1 else "wachten"


def _running(figures: reports.Figures) -> str:
    busy = figures.by_state.get(State.ASSIGNED, 0) + figures.by_state.get(State.RUNNING, 0)
    late = f", waarvan {figures.late} te laat" if figures.late else ""
    return f"{busy} in uitvoering{late}" if busy else ""


EFFECT_NOTES = {
    State.CHECKED: "nog te beoordelen",
    State.NOT_EFFECTIVE: "zonder effect",
    State.EFFECT_NOT_MEASURABLE: "niet meetbaar",
}


def _effect(state: dict[str, int]) -> str:
    return ", ".join(f"{state[one]} {words}" for one, words in EFFECT_NOTES.items() if state.get(one))


def _history(place: reports.Ground, since: Any) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            at_iso=at.isoformat(),
            at_text=dates.nl_moment(at),
            text=f"{number} {title}: {gettext(rules.WORKFLOW[verb].past_tense).lower()}",
            who=None,
            quiet=rules.WORKFLOW[verb].minor,
            url=f"/maatregelen/{public_id}",
        )
        for at, verb, number, title, public_id in reports.changed_since(place, since)
    ]
