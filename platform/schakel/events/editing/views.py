"""Create an event, fill its agenda and capacity, publish, move and cancel it."""

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from schakel import access, dates, db, errors, settings, slots, spans
from schakel.access import Actor
from schakel.events import policy, queries, rules, service
from schakel.events.agenda import service as agenda_service
from schakel.events.editing import forms, page_data
from schakel.events.models import AgendaItem, Event
from schakel.events.page_data import card
from schakel.identity import queries as identity
from schakel.identity.rules import Role
from schakel.pages import VerbForm, actor, saved, version_of
from schakel.programmes import queries as programmes
from schakel.workflow import Shape, Transition

pages = Blueprint("editing", __name__, url_prefix="/bijeenkomsten")
EMPTY_ROWS = 3
VERBS = rules.WORKFLOW.by_slug


@pages.route("/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def create() -> ResponseReturnValue:
    """Create a draft."""
    form = _prepare(forms.EventForm(), actor())
    if request.method == "GET":
        form.days.append_entry()
    if form.validate_on_submit():
        with form.refusals():
            made = service.create(actor(), form.facts(actor().person_id))
            days = [dates.today(day.starts_at) for day in made.days]
            return saved(url_for("editing.agenda", slug=made.slug), days=days)
    return form.page("events/edit.html", event=None)


def _moved_mails(event: Event, facts: service.Facts) -> list[spans.Question]:
    """Return the question about who gets a mail when these facts are saved; none when nobody does."""
    registered, waiting = _recipients(event) if service.concerns_guests(event, facts) else (0, 0)
    if not registered + waiting:
        return []
    people = ngettext("%(num)d aangemelde", "%(num)d aangemelden", registered)
    others = ngettext("%(num)d wachtende", "%(num)d wachtenden", waiting)
    text = gettext(
        "%(people)s en %(others)s krijgen een mail met wat er verandert; bij wie een plaats heeft, gaat de "
        "afspraak in de agenda mee. De mail vertrekt na %(minutes)s minuten: zet u het voor die tijd terug, dan krijgt "
        "niemand iets.",
        people=people,
        others=others,
        minutes=int(settings.undo().total_seconds() // 60),
    )
    return [spans.Question("mails", text)]


@pages.route("/<slug>/wijzigen", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def edit(slug: str) -> ResponseReturnValue:
    """Change the data of an event; the second writer sees both texts."""
    event = _editable(slug)
    form = _prepare(forms.EventForm(data=page_data.facts(event) if request.method == "GET" else None), actor())
    form.before, form.ask_more = event, lambda facts: _moved_mails(event, facts)
    if request.method == "GET":
        form.days.append_entry()
    if form.validate_on_submit():
        facts, before = replace(form.facts(event.contact_id), chosen=event.chosen), _begins(event)
        try:
            with form.refusals():
                service.edit(actor(), event, facts, version_of(form), form.words.data or "")
                days = [dates.today(begins) for begins in _begins(event) - before]
                return saved(url_for("events.show", slug=slug), days=sorted(days))
        except errors.Stale:
            return _conflict(form, event)
    return form.page("events/edit.html", event=event)


def _begins(event: Event) -> set[datetime]:
    return {day.starts_at for day in event.days}


def _conflict(form: forms.EventForm, event: Event) -> ResponseReturnValue:
    db.rollback()
    fields = page_data.both_texts(form, page_data.facts(event), page_data.TEXTS)
    return _both("events/conflict.html", form, event.version, fields, event=event)


def _both(template: str, form: Any, version: int, fields: list[SimpleNamespace], **more: Any) -> ResponseReturnValue:
    """Display both texts, with the typed form ready to be saved over the current row (409)."""
    form.version.data = str(version)
    context = {"form": form, "fields": fields, "version": version, "action": request.path, **more}
    return render_template(template, **context), 409


@pages.get("/<slug>/programma")
@access.rule(policy.may_make_events)
def agenda(slug: str) -> ResponseReturnValue:
    """Display the agenda and the capacity for editing."""
    event = _editable(slug)
    pools = {pool.session_id: pool for pool in event.pools if pool.session_id}
    return render_template(
        "events/agenda.html",
        event=event,
        items=event.items,
        pools=pools,
        remarks=[(Shape.SOON, text) for text in page_data.clashes(event)],
        kinds={kind: gettext(label) for kind, label in rules.ITEMS_WITHOUT_SESSIONS.items()},
        time=dates.format_time,
        day=dates.format_date,
    )


@pages.route("/<slug>/programma/nieuw", methods=["GET", "POST"], defaults={"item_id": None})
@pages.route("/<slug>/programma/<int:item_id>", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def item(slug: str, item_id: int | None) -> ResponseReturnValue:
    """Add or change an agenda item."""
    event = _editable(slug)
    item = errors.found(next((item for item in event.items if item.id == item_id), None)) if item_id else None
    form = forms.ItemForm(data=page_data.item(event, item) if request.method == "GET" else None)
    if request.method == "GET":
        for _ in range(min(EMPTY_ROWS, 12 - len(form.sessions))):
            form.sessions.append_entry()
    if form.validate_on_submit():
        try:
            with form.refusals():
                put = agenda_service.put_item(actor(), event, form.facts(), item, version_of(form))
                return saved(_after_item(slug, put), _saved_with(page_data.overfull(event)))
        except errors.Stale:
            db.rollback()
            theirs = page_data.item(event, item)
            fields = page_data.both_items(form, theirs)
            return _both("events/agenda_item_conflict.html", form, theirs["version"], fields, event=event)
    return form.page("events/agenda_item.html", event=event, item=item)


@pages.route("/<slug>/programma/<int:item_id>/weg", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def delete_item(slug: str, item_id: int) -> ResponseReturnValue:
    """Delete an agenda item, after a page that says what will happen."""
    event = _editable(slug)
    item = errors.found(next((item for item in event.items if item.id == item_id), None))
    form, back = VerbForm(), url_for("editing.agenda", slug=slug)
    if form.validate_on_submit():
        with form.refusals():
            agenda_service.delete_item(actor(), event, item)
            return saved(back, gettext("Het onderdeel is weggehaald."))
    crumbs = [(event.title, url_for("events.show", slug=slug)), (gettext("Programma en plaatsen"), back)]
    texts = {"title": gettext("Dit onderdeel weghalen?"), "question": item.title, "submit": gettext("Haal weg")}
    points = page_data.deleting(event, item)
    return form.page("_shared/confirm_page.html", points=points, crumbs=crumbs, cancel=back, kind="needs", **texts)


@pages.route("/<slug>/plaatsen", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def room(slug: str) -> ResponseReturnValue:
    """Set the capacity per profession."""
    event = _editable(slug)
    professions = identity.professions()
    form = forms.RoomForm(data=page_data.room(event, professions) if request.method == "GET" else None)
    names = {profession.code: profession.name for profession in professions}
    if form.validate_on_submit():
        try:
            with form.refusals():
                agenda_service.set_room(actor(), event, _room(form, names), version_of(form))
                return saved(url_for("editing.agenda", slug=slug), _saved_with(page_data.overfull(event)))
        except errors.Stale:
            db.rollback()
            fields = page_data.both_rooms(form, page_data.room(event, professions), names)
            return _both("events/room_conflict.html", form, event.room_version, fields, event=event)
    return form.named(names).page("events/room.html", event=event, names=names)


@pages.route(f"/<slug>/<{rules.WORKFLOW.converter}:word>", methods=["GET", "POST"])
@access.rule(policy.may_make_events, writes=True)
def move(slug: str, word: str) -> ResponseReturnValue:
    """Publish, cancel, hold or close, after a page that says what will happen to whom."""
    event, transition = _editable(slug), VERBS[word]
    ends = transition.verb in rules.ENDING
    form = forms.EndForm() if ends else VerbForm()
    if form.validate_on_submit():
        with form.refusals():
            service.move(actor(), event, transition.verb, form.reason.data or "" if ends else "")
            return redirect(url_for("events.show", slug=slug), 303)
    context = {"points": _points(event, transition), "needs": transition.verb == rules.Verb.CANCEL}
    return form.page("events/move.html", event=card(event), transition=transition, **context)


def _points(event: Event, transition: Transition) -> list[str]:
    """Return sentences about what will happen, and to how many people."""
    points = [gettext(sentence) for sentence in transition.confirms]
    return [*_mails(event), *points] if transition.verb == rules.Verb.CANCEL else points


def _mails(event: Event) -> list[str]:
    """Return sentences about how many people get which mail when it is cancelled."""
    registered, waiting = _recipients(event)
    return [
        ngettext(
            "%(num)d aangemelde krijgt een mail met de reden en een afzegging in de agenda.",
            "%(num)d aangemelden krijgen een mail met de reden en een afzegging in de agenda.",
            registered,
        ),
        ngettext(
            "%(num)d wachtende krijgt een mail met de reden.",
            "%(num)d wachtenden krijgen een mail met de reden.",
            waiting,
        ),
    ]


def _recipients(event: Event) -> tuple[int, int]:
    """Return how many people get a mail about a change of this event: with a place, and waiting."""
    found = [some for _, some in slots.ask("recipients.event", actor(), event.id)]
    return sum(some.registered for some in found), sum(some.waiting for some in found)


def _after_item(slug: str, item: AgendaItem) -> str:
    """Return the page after saving an agenda item: what the button said, or the agenda."""
    pages_by_button = {
        "volgende": url_for("editing.item", slug=slug),
        "sessies": url_for("editing.item", slug=slug, item_id=item.id),
    }
    return pages_by_button.get(request.form.get("daarna", ""), url_for("editing.agenda", slug=slug))


def _saved_with(remarks: list[str]) -> str:
    """Return what the next page says: that it was saved, and what to look at."""
    return " ".join([gettext("Bewaard."), *remarks])


def _editable(slug: str) -> Event:
    event = errors.found(queries.load_for_page(actor(), slug))
    errors.require(policy.may_edit(actor(), event))
    return event


def _prepare(form: forms.EventForm, who: Actor) -> forms.EventForm:
    mine = identity.organisations(who.organisations(Role.COORDINATOR))
    form.organisation_id.choices = [(item.id, item.name) for item in mine]
    if request.method == "GET" and not form.organisation_id.data:
        ids = {item.id for item in mine}  # an organisation comes before its departments
        form.organisation_id.data = next((item.id for item in mine if item.parent_id not in ids), None)
    chosen = set(form.organisers.data or [])
    form.organisers.choices = [
        (item.id, item.name) for item in identity.organisations(None) if item.parent_id is None or item.id in chosen
    ]
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
