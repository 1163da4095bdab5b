"""The list of who comes, for the coordinator."""

import csv
import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from schakel import access, dates, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.csv_cells import csv_cell
from schakel.events import policy as events_policy
from schakel.events import queries as events
from schakel.pages import actor, here, number_of
from schakel.registrations import policy, rules
from schakel.registrations.organiser import queries

pages = Blueprint("organiser", __name__, url_prefix="/bijeenkomsten")
KEYS = ("q", "staat", "beroep", "sessie", "na")


def _event(slug: str, who: Actor) -> tuple[SimpleNamespace, tuple[Any, ...]]:
    """The event as its public page keeps it, and its figures of room (1 statement; a draft is read whole)."""
    stamp = events.stamp(slug)
    if stamp:
        page = events.shown_by(slug, stamp)
    else:
        event = errors.found(events.whole(who, slug))
        page, stamp = events.shown(event), events.stamp_of(event)
    errors.require(policy.may_see_list(who, page.organisation_id))
    return page, stamp


def _filters() -> queries.Filters:
    name, _, number = request.args.get("na", "").rpartition("~")
    session = request.args.get("sessie", "")
    state = request.args.get("staat")
    return queries.Filters(
        word=request.args.get("q", "").strip()[:100],
        state=state if state in set(rules.State) else None,
        profession=(request.args.get("beroep") or "")[:40] or None,
        session=number_of(session),
        after=(name, place) if (place := number_of(number)) is not None else None,
    )


@pages.get("/<slug>/aanmeldingen")
@access.rule(events_policy.may_make_events)
def index(slug: str) -> ResponseReturnValue:
    """Who comes, who waits, who left."""
    event, stamp = _event(slug, actor())
    filters = _filters()
    lines, more = queries.listed(event.id, filters)
    seats = events.seats(stamp)
    room = [seats[pool.id] for pool in event.room if pool.id in seats]
    return render_template(
        "registrations/list.html",
        event=event,
        lines=lines,
        taken=sum(pool.used for pool in room),
        total=sum(pool.capacity for pool in room) if all(pool.capacity is not None for pool in room) else None,
        waiting=sum(pool.waiting for pool in room),
        filters=filters,
        states=dict(rules.WORKFLOW.choices()),
        shapes={state: rules.WORKFLOW.shape(state) for state in rules.State},
        professions=[(pool.code, pool.name) for pool in event.room if pool.code],
        sessions=[(item.id, f"{item.letter}. {item.title}") for slot in event.agenda for item in slot.sessions],
        csv_url=here(KEYS, na=None).replace("/aanmeldingen", "/aanmeldingen.csv", 1),
        next_url=here(KEYS, na=f"{more[0]}~{more[1]}") if more else None,
        first_url=here(KEYS, na=None) if filters.after else None,
        active=_active(filters),
    )


def _active(filters: queries.Filters) -> list[tuple[str, str]]:
    chosen = []
    if filters.word:
        chosen.append((filters.word, here(KEYS, q=None, na=None)))
    if filters.state:
        chosen.append((rules.WORKFLOW.label(filters.state), here(KEYS, staat=None, na=None)))
    if filters.profession:
        chosen.append((filters.profession, here(KEYS, beroep=None, na=None)))
    if filters.session:
        chosen.append(("sessie", here(KEYS, sessie=None, na=None)))
    return chosen


@pages.get("/<slug>/aanmeldingen.csv")
@access.rule(events_policy.may_make_events, logs_read=True)
def export(slug: str) -> ResponseReturnValue:
    """The same rows as a file, streamed; that somebody took them out is on record."""
    event, _ = _event(slug, actor())
    filters = _filters()
    audit.record(actor(), rules.AuditEvent.EXPORTED, "event", event.id)
    name = f"aanmeldingen-{event.slug[:60]}-{dates.today().isoformat()}.csv"
    response = Response(stream_with_context(_csv(event.id, filters)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(event_id: int, filters: queries.Filters) -> Iterator[str]:
    yield "\ufeff"  # spreadsheets read UTF-8 only when told so
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(queries.HEADS)
    for number, row in enumerate(queries.rows_for_csv(event_id, filters)):
        writer.writerow([csv_cell(cell) for cell in row])
        if number % 500 == 499:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
