"""The filters and the file of a list of measures, for their own page and the monitoring."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Response
from flask_babel import gettext

from schakel import dates
from schakel.measures import queries, rules
from schakel.measures.models import Measure
from schakel.measures.rules import StateFilter
from schakel.pages import Filter, ListPage, number_of, table_file
from schakel.programmes import queries as programmes

STATES = {  # by the word in the address
    "": StateFilter.OPEN,
    "dringend": StateFilter.URGENT,
    "te-laat": StateFilter.LATE,
    "alle": StateFilter.ALL,
}


def state_filter(label: str, states: Sequence[tuple[str, str]]) -> Filter:
    """Return the filter on a state, or on a group of states."""
    return Filter("staat", label, states, active={"alle": gettext("Alles")})


def cause_filter() -> Filter:
    """Return the filter on the kind of cause."""
    causes = [(code, gettext(label)) for code, label in rules.CAUSES.items()]
    return Filter("aanleiding", gettext("Aanleiding"), [("", gettext("Alle aanleidingen")), *causes])


def theme_filter() -> Filter:
    """Return the filter on a theme of the shared list."""
    return Filter("thema", gettext("Thema"), programmes.theme_options, known_only=False)


def filters_of(page: ListPage, state: str = StateFilter.OPEN, department: str = "") -> queries.Filters:
    """Return the filters in the address of a list; `state` applies when the address has none."""
    chosen = page["staat"]
    return queries.Filters(
        state=STATES.get(chosen, chosen) if chosen else state,
        cause=page["aanleiding"],
        department=number_of(department),
        theme=page["thema"],
        word=page.values.get("q", ""),
        after=page.after,
    )


def file_of(ending: str, query: sa.Select[Measure]) -> Response:
    """Return measures as a file."""
    return table_file(ending, "maatregelen", queries.HEADS, lambda: queries.rows_for_file(query, dates.today()))
