"""Make a meeting, fill its agenda and room, publish, move and cancel it."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, db, errors, slots
from schakel.access import Actor
from schakel.events import policy, queries, rules, service
from schakel.events.agenda import service as agenda_service
from schakel.events.desk import forms, shown
from schakel.events.models import Event
from schakel.identity import queries as identity
from schakel.pages import VerbForm, actor, attempt, show_form, version_of
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
    if form.validate_on_submit():
        with form.refusals():
            made = service.create(actor(), form.facts(actor().person_id))
            return redirect(url_for("desk.agenda", slug=made.slug), 303)
    return form.page("events/edit.html", event=None)


@pages.route("/<slug>/wijzigen", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def edit(slug: str) -> ResponseReturnValue:
    """Change the facts of an event; the second writer sees both texts."""
    event = _editable(slug)
    form = _prepare(forms.EventForm(data=shown.facts(event) if request.method == "GET" else None), actor())
    if request.method == "GET":
        form.days.append_entry()
    if form.validate_on_submit():
        facts = replace(form.facts(event.contact_id), chosen=event.chosen)
        try:
            with form.refusals():
                service.edit(actor(), event, facts, version_of(form))
                return redirect(url_for("events.show", slug=slug), 303)
        except errors.Stale:
            return _conflict(form, event)
    return form.page("events/edit.html", event=event)


def _conflict(form: forms.EventForm, event: Event) -> ResponseReturnValue:
    db.drop()
    fields = shown.both_texts(form, shown.facts(event), shown.TEXTS)
    return _both("events/conflict.html", form, event.version, fields, event=event)


def _both(template: str, form: Any, version: int, fields: list[SimpleNamespace], **more: Any) -> ResponseReturnValue:
    """Both texts, and the form as it was typed, ready to be saved over what stands now."""
    form.version.data = str(version)
    context = {"form": form, "fields": fields, "version": version, "action": request.path, **more}
    return render_template(template, **context), 409


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
    form = forms.SlotForm(data=shown.line(event, line) if request.method == "GET" else None)
    if request.method == "GET":
        for _ in range(min(EMPTY_ROWS, 12 - len(form.sessions))):
            form.sessions.append_entry()
    if form.validate_on_submit():
        try:
            with form.refusals():
                agenda_service.put_slot(actor(), event, form.facts(), line, version_of(form))
                return redirect(url_for("desk.agenda", slug=slug), 303)
        except errors.Stale:
            db.drop()
            theirs = shown.line(event, line)
            fields = shown.both_lines(form, theirs)
            return _both("events/slot_conflict.html", form, theirs["version"], fields, event=event)
    return form.page("events/slot.html", event=event, line=line)


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
    form = forms.RoomForm(data=shown.room(event, professions) if request.method == "GET" else None)
    names = {profession.code: profession.name for profession in professions}
    if form.validate_on_submit():
        try:
            with form.refusals():
                agenda_service.set_room(actor(), event, _room(form, names), version_of(form))
                return redirect(url_for("desk.agenda", slug=slug), 303)
        except errors.Stale:
            db.drop()
            fields = shown.both_rooms(form, shown.room(event, professions), names)
            return _both("events/room_conflict.html", form, event.room_version, fields, event=event)
    return form.named(names).page("events/room.html", event=event, names=names)


@pages.route("/<slug>/<any(publiceren, afgelasten, geweest, afsluiten):word>", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def move(slug: str, word: str) -> ResponseReturnValue:
    """Publish, cancel, hold or close: first what will happen to whom, then the button."""
    event, verb = _editable(slug), VERBS[word]
    form = forms.EndForm() if verb in rules.ENDS else VerbForm()
    if attempt(form, lambda: service.move(actor(), event, verb, form.reason.data or "" if verb in rules.ENDS else "")):
        return redirect(url_for("events.show", slug=slug), 303)
    return show_form("events/move.html", form, event=queries.card(event), verb=verb, hear=_who_hears(event))


def _who_hears(event: Event) -> Counter[str]:
    """How many people a change of this event is told to, by the state they are in."""
    heard: Counter[str] = Counter()
    for _, found in slots.ask("recipients.event", actor(), event.id):
        heard.update(found)
    return heard


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


def _room(form: forms.RoomForm, names: dict[str, str]) -> list[tuple[str | None, str, int | None]]:
    wanted: list[tuple[str | None, str, int | None]] = [
        (row["code"], names[row["code"]], row["capacity"])
        for row in form.rows.data
        if row["code"] in names and row["capacity"] is not None
    ]
    if form.everybody.data is not None:
        wanted.insert(0, (None, gettext("Aanwezigen"), form.everybody.data))
    return wanted
