"""The public list and page of events."""

import hashlib
from collections import OrderedDict
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, errors, slots
from schakel.events import policy, queries, rules
from schakel.notifications import ics
from schakel.pages import actor, here, number_of
from schakel.programmes import queries as programmes
from schakel.slot_types import Panel

pages = Blueprint("events", __name__, url_prefix="/bijeenkomsten")
KEPT_PAGES = 256
KEYS = ("wanneer", "soort", "organisatie", "thema", "na")
_rendered: OrderedDict[tuple[Any, ...], tuple[bytes, str]] = OrderedDict()


def _keep(shelf: OrderedDict[Any, Any], key: Any, value: Any) -> Any:
    shelf[key] = value
    if len(shelf) > KEPT_PAGES:
        shelf.popitem(last=False)
    return value


@pages.get("")
@access.rule(access.public)
def index() -> ResponseReturnValue:
    """Meetings to come or past, narrowed by what stands in the URL."""
    wanted = queries.Filters(
        past=request.args.get("wanneer") == "geweest",
        kind=_known(request.args.get("soort"), rules.KINDS),
        organisation=_short(request.args.get("organisatie")),
        theme=_short(request.args.get("thema")),
        after=_mark(request.args.get("na")),
    )
    page = queries.listed(actor(), wanted, dates.now())
    organisations = [(item.code, item.short) for item in queries.organising()]
    themes = [(theme.code, theme.name) for theme in programmes.themes()]
    return render_template(
        "events/index.html",
        events=[queries.card(event) for event in page.events],
        filters=wanted,
        kind_options=[(code, kind.name) for code, kind in rules.KINDS.items()],
        organisation_options=organisations,
        theme_options=themes,
        next_url=_next_url(page.next),
        first_url=_without("na") if wanted.after else None,
        active=_active(wanted, dict(organisations), dict(themes)),
        may_make=policy.may_make_events(actor()),
    )


@pages.get("/<slug>")
@access.rule(access.public)
def show(slug: str) -> ResponseReturnValue:
    """One meeting. For strangers the page is kept by its stamp: 1 statement, 304 when nothing changed."""
    who = actor()
    stamp = queries.stamp(slug)
    if who.is_known or not stamp:
        event = errors.found(queries.whole(who, slug))
        seats = queries.seats(stamp or queries.stamp_of(event))
        may_edit = policy.may_edit(who, event)
        context = _page_context(queries.shown(event), seats, may_edit)
        return render_template("events/show.html", panels=_panels(who, event.id), **context)
    is_open = dates.now() < (stamp[0][7] or dates.now())
    key = (slug, stamp, is_open, current_app.config["DEMO"])
    body, etag = _rendered.get(key) or _keep(_rendered, key, _render_public(slug, stamp))
    response = make_response(body)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.vary.add("Cookie")
    return response.make_conditional(request)


@pages.get("/<slug>/agenda.ics")
@access.rule(access.public)
def calendar(slug: str) -> ResponseReturnValue:
    """The meeting for one's own calendar: one entry per day, without names."""
    event = errors.found(queries.whole(access.ANONYMOUS, slug))
    base = current_app.config["BASE_URL"] or request.host_url.rstrip("/")
    entries = queries.entries(event, base + url_for("events.show", slug=slug))
    response = make_response(ics.calendar("PUBLISH", entries))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug[:60]}.ics"'
    return response


def _render_public(slug: str, stamp: tuple[Any, ...]) -> tuple[bytes, str]:
    page = queries.shown_by(slug, stamp)
    context = _page_context(page, queries.seats(stamp), False)
    text = render_template("events/show.html", panels=_panels(access.ANONYMOUS, page.id), **context)
    body = text.encode()
    return body, hashlib.sha256(body).hexdigest()[:20]


def _panels(who: access.Actor, event_id: int) -> list[Panel]:
    return [panel for _, found in slots.ask("panel.event", who, event_id) for panel in found]


def _page_context(page: SimpleNamespace, seats: dict[int, SimpleNamespace], may_edit: bool) -> dict[str, Any]:
    agenda = []
    # What is over, or does not take place, has no places to offer.
    has_room = page.state in ("draft", "published") and page.starts_at > dates.now()
    for line in page.agenda:
        sessions = [
            SimpleNamespace(
                **{
                    **session.__dict__,
                    **(
                        seats[session.pool_id].__dict__
                        if has_room and session.pool_id in seats
                        else {"left_text": "", "full": False}
                    ),
                }
            )
            for session in line.sessions
        ]
        agenda.append(SimpleNamespace(**{**line.__dict__, "sessions": sessions}))
    room = [
        SimpleNamespace(name=pool.name, why=_why(seats[pool.id]), **seats[pool.id].__dict__)
        for pool in page.room
        if pool.id in seats
    ]
    counted = [pool for pool in room if pool.capacity is not None]
    return {
        "event": page,
        "agenda": agenda,
        "room": room,
        "taken": sum(pool.used for pool in room),
        "total": sum(pool.capacity for pool in counted) if len(counted) == len(room) else None,
        "has_room": has_room and bool(room),
        "is_open": rules.is_open(page.state, page.form, page.closes_at, page.starts_at, dates.now()),
        "may_edit": may_edit,
        "verbs": _verbs(page) if may_edit else [],
    }


def _verbs(page: SimpleNamespace) -> list[str]:
    return [verb for verb in rules.MOVES if rules.may_move(page.state, verb, page.starts_at, dates.now())]


def _why(pool: SimpleNamespace) -> str | None:
    if not pool.full:
        return None
    return gettext(
        "Er zijn hier %(n)d plaatsen. Komt er één vrij, dan bieden we die aan op volgorde van aanmelding.",
        n=pool.capacity,
    )


def _known(value: str | None, known: dict[str, Any]) -> str | None:
    return value if value in known else None


def _short(value: str | None) -> str | None:
    return value[:60] if value else None


def _mark(text: str | None) -> tuple[datetime, int] | None:
    """The place in the list where a page begins: 'ISO moment~id'; anything else is the first page."""
    moment, _, number = (text or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    place = number_of(number)
    return (at.replace(tzinfo=at.tzinfo or UTC), place) if place is not None and 1900 < at.year < 2200 else None


def _next_url(mark: tuple[datetime, int] | None) -> str | None:
    return here(KEYS, na=f"{mark[0].isoformat()}~{mark[1]}") if mark else None


def _without(name: str) -> str:
    return here(KEYS, **{name: None, "na": None})


def _active(wanted: queries.Filters, organisations: dict[str, str], themes: dict[str, str]) -> list[tuple[str, str]]:
    chosen = []
    if wanted.kind:
        chosen.append((rules.KINDS[wanted.kind].name, _without("soort")))
    if wanted.organisation:
        chosen.append((organisations.get(wanted.organisation, wanted.organisation), _without("organisatie")))
    if wanted.theme:
        chosen.append((themes.get(wanted.theme, wanted.theme), _without("thema")))
    return chosen
