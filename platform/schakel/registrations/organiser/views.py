"""The list of registrations, for the coordinator."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.events import page_data
from schakel.events import policy as events_policy
from schakel.events import queries as events
from schakel.pages import Filter, ListPage, actor, number_of, table_file
from schakel.registrations import policy, rules
from schakel.registrations.organiser import queries

pages = Blueprint("organiser", __name__, url_prefix="/bijeenkomsten")


def _event(slug: str, who: Actor) -> tuple[SimpleNamespace, tuple[Any, ...]]:
    """Return the data of the event and its stamp (1 statement; a draft is loaded with all its data)."""
    stamp = events.stamp(slug)
    if stamp:
        page = page_data.page_data_by(slug, stamp)
    else:
        event = errors.found(events.load_for_page(who, slug))
        page, stamp = page_data.page_data(event), events.stamp_of(event)
    errors.require(policy.may_see_list(who, page.organisation_id))
    return page, stamp


def _list(event: SimpleNamespace) -> ListPage:
    professions = [(pool.code, pool.name) for pool in event.room if pool.code]
    sessions = [(item.id, f"{item.letter}. {item.title}") for item in event.agenda for item in item.sessions]
    filters = (
        Filter("q", gettext("Naam of e-mail")),
        Filter("staat", gettext("Staat"), [("", gettext("Elke staat")), *rules.WORKFLOW.choices()]),
        Filter("beroep", gettext("Beroep of rol"), [("", gettext("Elk beroep")), *professions], known_only=False),
        Filter("sessie", gettext("Sessie"), [("", gettext("Elke sessie")), *sessions], known_only=False),
    )
    return ListPage(filters)


def _filters(page: ListPage) -> queries.Filters:
    return queries.Filters(
        word=page["q"],
        state=page["staat"] or None,
        profession=page["beroep"] or None,
        session=number_of(page["sessie"]),
        after=page.after_id,
    )


@pages.get("/<slug>/aanmeldingen")
@access.rule(events_policy.may_make_events)
def index(slug: str) -> ResponseReturnValue:
    """List who is registered, who waits and who withdrew."""
    event, stamp = _event(slug, actor())
    page = _list(event)
    filters = _filters(page)
    rows, more = queries.listed(event.id, filters, page.size(queries.PAGE))
    seats = page_data.seats(stamp)
    room = [seats[pool.id] for pool in event.room if pool.id in seats]
    return page.render(
        "registrations/list.html",
        rows,
        more,
        rows[0].total if rows else 0,
        event=event,
        states=dict(rules.WORKFLOW.choices()),
        taken=sum(pool.used for pool in room),
        total=sum(pool.capacity for pool in room) if all(pool.capacity is not None for pool in room) else None,
        waiting=sum(pool.waiting for pool in room),
        shapes={state: rules.WORKFLOW.shape(state) for state in rules.State},
    )


@pages.get("/<slug>/aanmeldingen.<any(csv, xlsx):ending>")
@access.rule(events_policy.may_make_events, logs_read=True)
def export(slug: str, ending: str) -> ResponseReturnValue:
    """Download the rows of the list as a file; the download is recorded in the audit log."""
    event, _ = _event(slug, actor())
    filters = _filters(_list(event))
    audit.record(actor(), rules.AuditEvent.EXPORTED, "event", event.id)
    name = f"aanmeldingen-{event.slug[:60]}"
    return table_file(ending, name, queries.HEADS, lambda: queries.rows_for_file(event.id, filters))
