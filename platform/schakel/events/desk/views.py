"""Make a meeting, fill its agenda and room, publish, move and cancel it."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, db, errors
from schakel.access import Actor
from schakel.events import policy, queries, service
from schakel.events.agenda import service as agenda_service
from schakel.events.desk import forms
from schakel.events.models import Event
from schakel.identity import queries as identity
from schakel.pages import actor, attempt, show_form, version_of
from schakel.programmes import queries as programmes

pages = Blueprint("desk", __name__, url_prefix="/bijeenkomsten")
EMPTY_ROWS = 3
VERBS = {"publiceren": "publish", "afgelasten": "cancel", "geweest": "hold", "afsluiten": "close"}


@pages.route("/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def create() -> ResponseReturnValue:
    """Make a draft."""
    form = _prepare(forms.EventForm(), actor())
    if request.method == "GET":
        form.days.append_entry()
    made = attempt(form, lambda: service.create(actor(), form.facts(actor().person_id)))
    if made:
        return redirect(url_for("desk.agenda", slug=made.slug), 303)
    return show_form("events/edit.html", form, event=None)


@pages.route("/<slug>/wijzigen", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def edit(slug: str) -> ResponseReturnValue:
    """Change the facts of an event; the second writer sees both texts."""
    event = _editable(slug)
    form = _prepare(forms.EventForm(data=_data(event) if request.method == "GET" else None), actor())
    if request.method == "GET":
        form.days.append_entry()
    try:
        done = attempt(
            form,
            lambda: service.edit(
                actor(), event, replace(form.facts(event.contact_id), chosen=event.chosen), version_of(form)
            ),
        )
    except errors.Stale:
        return _conflict(form, event)
    if done:
        return redirect(url_for("events.show", slug=slug), 303)
    return show_form("events/edit.html", form, event=event)


def _conflict(form: forms.EventForm, event: Event) -> ResponseReturnValue:
    db.drop()
    theirs = _data(event)
    fields = [
        SimpleNamespace(label=form[name].label.text, name=name, theirs=theirs[name], yours=form[name].data)
        for name in ("title", "over", "lead", "about", "place_name", "place_detail", "accreditation", "mailbox")
        if (theirs[name] or "") != (form[name].data or "")
    ]
    form.version.data = str(event.version)
    page = render_template(
        "events/conflict.html", form=form, event=event, fields=fields, version=event.version, action=request.path
    )
    return page, 409


@pages.get("/<slug>/programma")
@access.rule(policy.may_make_events)
def agenda(slug: str) -> ResponseReturnValue:
    """The agenda and the room as the coordinator builds them."""
    event = _editable(slug)
    pools = {pool.session_id: pool for pool in event.pools if pool.session_id}
    return render_template(
        "events/agenda.html", event=event, slots=event.slots, pools=pools, time=dates.nl_time, day=dates.nl_date
    )


@pages.route("/<slug>/programma/nieuw", methods=["GET", "POST"], defaults={"slot_id": None})
@pages.route("/<slug>/programma/<int:slot_id>", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def slot(slug: str, slot_id: int | None) -> ResponseReturnValue:
    """Add or change a line of the agenda."""
    event = _editable(slug)
    line = errors.found(next((item for item in event.slots if item.id == slot_id), None)) if slot_id else None
    form = forms.SlotForm(data=_slot_data(event, line) if request.method == "GET" else None)
    if request.method == "GET":
        for _ in range(min(EMPTY_ROWS, 12 - len(form.sessions))):
            form.sessions.append_entry()
    if attempt(form, lambda: agenda_service.put_slot(actor(), event, form.facts(), line)):
        return redirect(url_for("desk.agenda", slug=slug), 303)
    return show_form("events/slot.html", form, event=event, line=line)


@pages.post("/<slug>/programma/<int:slot_id>/weg")
@access.rule(policy.may_make_events, writes=True)
def drop_slot(slug: str, slot_id: int) -> ResponseReturnValue:
    """Take a line out of the agenda."""
    event = _editable(slug)
    agenda_service.drop_slot(
        actor(), event, errors.found(next((item for item in event.slots if item.id == slot_id), None))
    )
    return redirect(url_for("desk.agenda", slug=slug), 303)


@pages.route("/<slug>/plaatsen", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def room(slug: str) -> ResponseReturnValue:
    """The room per profession."""
    event = _editable(slug)
    professions = identity.professions()
    form = forms.RoomForm(data=_room_data(event, professions) if request.method == "GET" else None)
    names = {profession.code: profession.name for profession in professions}
    if attempt(form, lambda: agenda_service.set_room(actor(), event, _room(form, names))):
        return redirect(url_for("desk.agenda", slug=slug), 303)
    return show_form("events/room.html", form, event=event, names=names)


@pages.route("/<slug>/<any(publiceren, afgelasten, geweest, afsluiten):word>", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def move(slug: str, word: str) -> ResponseReturnValue:
    """Publish, cancel, hold or close: first what will happen to whom, then the button."""
    event, verb = _editable(slug), VERBS[word]
    form = forms.VerbForm()
    if attempt(form, lambda: service.move(actor(), event, verb)):
        return redirect(url_for("events.show", slug=slug), 303)
    return show_form("events/move.html", form, event=queries.card(event), verb=verb, counts=queries.counts(event))


def _editable(slug: str) -> Event:
    event = errors.found(queries.whole(actor(), slug))
    errors.require(policy.may_edit(actor(), event))
    return event


def _prepare(form: forms.EventForm, who: Actor) -> forms.EventForm:
    mine = identity.organisations(who.organisations("coordinator"))
    form.organisation_id.choices = [(item.id, item.name) for item in mine]
    form.organisers.choices = [(item.id, item.name) for item in identity.organisations(None)]
    form.themes.choices = [(theme.id, theme.name) for theme in programmes.themes()]
    return form


def _data(event: Event) -> dict[str, Any]:
    data = {name: getattr(event, name) for name in service.TEXTS}
    starts = dates.local(event.starts_at).date()
    closes = dates.local(event.closes_at).date() if event.closes_at else starts
    return data | {
        "organisation_id": event.organisation_id,
        "organisers": [organiser.id for organiser in event.organisers],
        "themes": [theme.id for theme in event.themes],
        "days": [
            {
                "on": dates.local(day.starts_at).date(),
                "begins": dates.local(day.starts_at).time(),
                "ends": dates.local(day.ends_at).time(),
            }
            for day in event.days
        ],
        "closes_days_before": (starts - closes).days,
        "version": str(event.version),
    }


def _slot_data(event: Event, line: Any) -> dict[str, Any]:
    if line is None:
        last = event.slots[-1] if event.slots else None
        begins = dates.local(last.ends_at if last else event.starts_at)
        return {"day": begins.date(), "begins": begins.time(), "sessions": []}
    capacities = {pool.session_id: pool.capacity for pool in event.pools}
    return {
        "kind": line.kind,
        "day": dates.local(line.starts_at).date(),
        "begins": dates.local(line.starts_at).time(),
        "ends": dates.local(line.ends_at).time(),
        "title": line.title,
        "text": line.text,
        "place": line.place,
        "sessions": [
            {
                "id": str(item.id),
                "letter": item.letter,
                "title": item.title,
                "text": item.text,
                "place": item.place,
                "capacity": capacities.get(item.id),
            }
            for item in line.sessions
        ],
    }


def _room_data(event: Event, professions: list[Any]) -> dict[str, Any]:
    present = {pool.profession_code: pool.capacity for pool in event.pools if pool.session_id is None}
    return {
        "everybody": present.get(None),
        "rows": [{"code": profession.code, "capacity": present.get(profession.code)} for profession in professions],
    }


def _room(form: forms.RoomForm, names: dict[str, str]) -> list[tuple[str | None, str, int | None]]:
    wanted: list[tuple[str | None, str, int | None]] = [
        (row["code"], names[row["code"]], row["capacity"])
        for row in form.rows.data
        if row["code"] in names and row["capacity"] is not None
    ]
    if form.everybody.data is not None:
        wanted.insert(0, (None, gettext("Aanwezigen"), form.everybody.data))
    return wanted
