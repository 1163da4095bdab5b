"""The public list and page of events."""

import hashlib
from collections.abc import Hashable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, db, errors, settings, slots
from schakel.events import page_data, policy, queries, rules
from schakel.events.models import Event
from schakel.i18n import language
from schakel.lru import LruCache
from schakel.notifications import ics
from schakel.pages import Filter, ListPage, actor
from schakel.programmes import queries as programmes
from schakel.slot_types import Panel
from schakel.workflow import Transition

pages = Blueprint("events", __name__, url_prefix="/bijeenkomsten")
PAGES = 256
TRIES = 20
PAST = "geweest"  # the value of the filter `wanneer` in the URL


@pages.record_once
def _make_cache(state: BlueprintSetupState) -> None:
    """Create the cache of rendered public pages, per process and application."""
    state.app.extensions["schakel.event_pages"] = LruCache(PAGES)


@pages.get("")
@access.rule(access.public)
def index() -> ResponseReturnValue:
    """List upcoming or past events, filtered by the URL."""
    page = _list()
    wanted = queries.Filters(
        past=page["wanneer"] == PAST,
        kind=page["soort"],
        organisation=page["organisatie"],
        theme=page["thema"],
        after=page.after,
    )
    events, more = queries.listed(actor(), wanted, dates.now())
    cards = [page_data.card(event) for event in events]
    return page.render("events/index.html", cards, more, past=wanted.past, may_make=policy.may_make_events(actor()))


def _list() -> ListPage:
    kinds = [("", gettext("Alle soorten")), *((code, gettext(kind.name)) for code, kind in rules.KINDS.items())]
    filters = (
        Filter("wanneer", gettext("Wanneer"), [("", gettext("Nog te komen")), (PAST, gettext("Geweest"))]),
        Filter("soort", gettext("Soort"), kinds),
        Filter("organisatie", gettext("Organisatie"), _organisations, known_only=False),
        Filter("thema", gettext("Thema"), programmes.theme_options, known_only=False),
    )
    return ListPage(filters, kind=_begins)


def _organisations() -> list[tuple[str, str]]:
    return [("", gettext("Alle organisaties")), *((item.code, item.short) for item in queries.organising())]


def _begins(text: str) -> datetime:
    """Parse the start in a cursor. Raises ValueError when it is no time that the database can hold."""
    at = datetime.fromisoformat(text)
    if not 1900 < at.year < 2200:
        raise ValueError(text)
    return at.replace(tzinfo=at.tzinfo or UTC)


@pages.get("/<slug>")
@access.rule(access.public)
def show(slug: str) -> ResponseReturnValue:
    """Display an event. Anonymous visitors get the cached page when possible: 1 statement, also for a 304."""
    who, now = actor(), dates.now()
    stamp = () if who.is_known else queries.stamp(slug)
    if stamp:
        return _public(slug, stamp, now)
    event = errors.found(queries.load_for_page(who, slug))
    context = _page_context(event, queries.stamp_of(event), now, policy.may_edit(who, event))
    return render_template("events/show.html", panels=_panels(who, event.id), **context)


def _public(slug: str, stamp: queries.Stamp, now: datetime) -> ResponseReturnValue:
    cache: LruCache = current_app.extensions["schakel.event_pages"]
    cached = cache.get(_key(slug, stamp, now))
    if cached is None:
        stamp, cached = _render_public(slug, stamp, now)
        cache.put(_key(slug, stamp, now), cached)
    body, etag = cached
    response = make_response(body)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.vary.add("Cookie")
    return response.make_conditional(request)


def _key(slug: str, stamp: queries.Stamp, now: datetime) -> tuple[Hashable, ...]:
    """Return the cache key: everything the page depends on (event, capacity, time limits, URL prefix)."""
    row = stamp[0]
    is_open = rules.is_open(row.state, row.form, row.closes_at, row.starts_at, now)
    has_room = rules.offers_room(row.state, row.closes_at, row.starts_at, now)
    return (request.script_root, language(), slug, stamp, is_open, has_room)


def _render_public(slug: str, stamp: queries.Stamp, now: datetime) -> tuple[queries.Stamp, tuple[bytes, str]]:
    """Render the page and return it with its stamp; repeated when the event was edited in between."""
    for _ in range(TRIES):
        event = errors.found(queries.load_for_page(access.ANONYMOUS, slug))
        context = _page_context(event, stamp, now, False)
        panels = _panels(access.ANONYMOUS, event.id)
        stamp_after = errors.found(queries.stamp(slug) or None)
        if stamp_after[0].content == stamp[0].content:
            body = render_template("events/show.html", panels=panels, **context).encode()
            return stamp, (body, hashlib.sha256(body).hexdigest()[:20])
        db.rollback()
        stamp = stamp_after
    raise RuntimeError(f"event {slug} changed at each of {TRIES} readings")


@pages.get("/<slug>/agenda.ics")
@access.rule(access.public)
def calendar(slug: str) -> ResponseReturnValue:
    """Return the event as a calendar file: one entry per day, without names."""
    event = errors.found(queries.load_for_page(access.ANONYMOUS, slug))
    entries = queries.entries(event, f"{settings.base_url()}/bijeenkomsten/{slug}")
    response = make_response(ics.calendar("PUBLISH", entries))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug[:60]}.ics"'
    return response


def _panels(who: access.Actor, event_id: int) -> list[Panel]:
    return [panel for _, found in slots.ask("panel.event", who, event_id) for panel in found]


def _page_context(event: Event, stamp: queries.Stamp, now: datetime, may_edit: bool) -> dict[str, Any]:
    page, seats = page_data.page_data(event), page_data.seats(stamp)
    # Coordinators see the capacity until the event starts, also after signing up closed.
    has_room = rules.offers_room(event.state, None if may_edit else event.closes_at, event.starts_at, now)
    room = [
        SimpleNamespace(name=pool.name, why=_why(seats[pool.id]), **seats[pool.id].__dict__)
        for pool in page.room
        if pool.id in seats
    ]
    counted = [pool for pool in room if pool.capacity is not None]
    return {
        "event": page,
        "agenda": _with_room(page.agenda, seats if has_room else {}),
        "room": room,
        "taken": sum(pool.used for pool in room),
        "total": sum(pool.capacity for pool in counted) if len(counted) == len(room) else None,
        "free": sum(pool.free for pool in counted),
        "has_room": has_room and bool(room),
        "is_open": event.is_open(now),
        "may_edit": may_edit,
        "verbs": _verbs(event, now) if may_edit else [],
    }


NO_ROOM = {"left_text": "", "full": False}


def _with_room(agenda: list[SimpleNamespace], seats: dict[int, SimpleNamespace]) -> list[SimpleNamespace]:
    """Add to each session in the agenda how many places are left, for the pools in `seats`."""
    for item in agenda:
        for session in item.sessions:
            session.__dict__.update(seats[session.pool_id].__dict__ if session.pool_id in seats else NO_ROOM)
    return agenda


def _verbs(event: Event, now: datetime) -> list[Transition]:
    return rules.moves(event.state, event.starts_at, now)


def _why(pool: SimpleNamespace) -> str | None:
    if not pool.full:
        return None
    return gettext(
        "Er zijn hier %(n)d plaatsen. Komt er één vrij, dan bieden we die aan op volgorde van aanmelding.",
        n=pool.capacity,
    )
