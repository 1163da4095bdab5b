"""The list and the page of measures, and every step on it."""

from datetime import date
from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, errors, slots
from schakel.access import Actor
from schakel.measures import forms, listing, policy, queries, rules, service
from schakel.measures.models import Measure
from schakel.measures.page_data import page_data
from schakel.pages import Filter, ListPage, actor, saved, version_data, version_of
from schakel.programmes import queries as programmes

pages = Blueprint("measures", __name__, url_prefix="/maatregelen")
VERBS = rules.WORKFLOW.by_slug


@pages.get("")
@access.rule(policy.sees_any)
def index() -> ResponseReturnValue:
    """List the measures and commitments this actor may see."""
    who, today, page = actor(), dates.today(), _list()
    filters = listing.filters_of(page)
    query = queries.narrowed(policy.visible_to(who), filters, today)
    rows, more = queries.page(query, filters, page.size(queries.PAGE))
    list_rows = [queries.list_row(measure, today, done) for measure, done in rows]
    may_decide = policy.may_decide(who)
    return page.render("measures/index.html", list_rows, more, rows.total, may_decide=may_decide)


def _list() -> ListPage:
    states = [
        ("", gettext("Alles wat loopt")),
        ("dringend", gettext("Wat aandacht vraagt")),
        ("te-laat", gettext("Te laat")),
        *rules.WORKFLOW.choices(),
        ("alle", gettext("Alles, ook wat dicht is")),
    ]
    filters = (
        listing.state_filter(gettext("Staat"), states),
        listing.cause_filter(),
        listing.theme_filter(),
        Filter("q", gettext("Woord of nummer")),
    )
    return ListPage(filters, kind=date.fromisoformat, files="/maatregelen/lijst")


@pages.get("/lijst.<any(csv, xlsx):ending>")
@access.rule(policy.sees_any)
def export(ending: str) -> ResponseReturnValue:
    """Download the rows of the list as a file."""
    query = queries.narrowed(policy.visible_to(actor()), listing.filters_of(_list()), dates.today())
    return listing.file_of(ending, query)


@pages.route("/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_decide, writes=True)
def decide() -> ResponseReturnValue:
    """Record a measure or commitment."""
    form = forms.DecideForm()
    top_organisations = queries.top_organisations(actor().organisations(*policy.DECIDERS))
    form.organisation.choices = [(item.id, item.name) for item in top_organisations]
    below = queries.departments(actor().organisations(*policy.DECIDERS))
    form.department.choices = [("", gettext("Het hele huis")), *((str(item.id), item.name) for item in below)]
    form.themes.choices = [(theme.id, theme.name) for theme in programmes.themes()]
    if form.validate_on_submit():
        with form.refusals():
            made = service.decide(actor(), _facts(form))
            return saved(url_for("measures.show", public_id=made.public_id), days=[form.due_on.data])
    intro = gettext(
        "Een maatregel uit een oordeel begint als besloten. Van de aanleiding leggen we alleen de soort en "
        "het jaar vast; de zaak blijft in het eigen klachtsysteem."
    )
    texts = {"title": gettext("Een besluit vastleggen"), "intro": intro, "submit": gettext("Leg vast")}
    return form.page("measures/new.html", cancel=url_for("measures.index"), **texts)


def _facts(form: Any) -> service.Facts:
    return service.Facts(
        kind=form.kind.data,
        organisation_id=form.organisation.data,
        cause_kind=form.cause_kind.data,
        cause_year=form.cause_year.data,
        title=form.title.data,
        official=form.official.data,
        decided_on=form.decided_on.data,
        due_on=form.due_on.data,
        department_id=int(form.department.data) if form.department.data else None,
        theme_ids=tuple(form.themes.data or ()),
        strength=form.strength.data or "",
        nonce=form.nonce.data,
    )


def measure_of(public_id: str, who: Actor) -> Measure:
    """Return the measure. Raises NotFound when this actor may not see it."""
    return errors.found(queries.load_for_page(who, public_id))


def current_state(measure: Measure) -> str:
    """Return a sentence with the state and date as somebody else saved them."""
    state = rules.WORKFLOW.label(measure.state).lower()
    if measure.due_on is None:
        return gettext("De maatregel is nu: %(staat)s, nog zonder datum.", staat=state)
    due = dates.format_date(measure.due_on)
    return gettext("De maatregel is nu: %(staat)s, klaar op %(dag)s.", staat=state, dag=due)


@pages.get("/<public_id>")
@access.rule(access.signed_in)
def show(public_id: str) -> ResponseReturnValue:
    """Display a measure: its loop, its text for this reader, the action points under it."""
    who = actor()
    measure = measure_of(public_id, who)
    panels = [panel for _, found in slots.ask("panel.measure", who, measure.id) for panel in found]
    return render_template(
        "measures/show.html", measure=measure, page_data=page_data(who, measure, dates.today()), panels=panels
    )


@pages.route(f"/<public_id>/stap/<{rules.WORKFLOW.converter}:word>", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def move(public_id: str, word: str) -> ResponseReturnValue:
    """Do a step, with its reason."""
    transition = VERBS[word]
    measure = _measure_for(transition.verb, public_id)
    form = forms.ReasonForm(data=version_data(measure))
    if form.validate_on_submit():
        with form.refusals(current_state):
            service.move(actor(), measure, transition.verb, form.text.data or "", version_of(form))
            return _done(measure)
    return form.page("measures/move.html", measure=measure, transition=transition)


def _form_page(
    form: Any, measure: Measure, title: str, submit: str, intro: str = "", template: str = "_shared/form_page.html"
) -> ResponseReturnValue:
    """Display a form on a measure."""
    back = url_for("measures.show", public_id=measure.public_id)
    texts = {"title": title, "intro": intro or measure.title, "submit": submit}
    return form.page(template, **texts, crumbs=[(measure.number, back)], cancel=back, measure=measure)


def _measure_for(verb: StrEnum, public_id: str) -> Measure:
    """Return the measure. Raises NotAllowed when this actor may not do this verb."""
    measure = measure_of(public_id, actor())
    errors.require(policy.may(actor(), measure, verb))
    return measure


def _done(measure: Measure) -> ResponseReturnValue:
    return saved(url_for("measures.show", public_id=measure.public_id))


@pages.route("/<public_id>/beleggen", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def assign(public_id: str) -> ResponseReturnValue:
    """Assign it to an owner."""
    measure = _measure_for(rules.Verb.ASSIGN, public_id)
    form = forms.AssignForm(data=version_data(measure))
    form.offer(queries.owners_for(measure))
    if form.validate_on_submit():
        with form.refusals(current_state):
            service.assign(actor(), measure, form.chosen_owner(), form.next_report_on.data, version_of(form))
            return _done(measure)
    return _form_page(form, measure, gettext("Beleggen"), gettext("Beleg"))


@pages.route("/<public_id>/werktekst", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def working_text(public_id: str) -> ResponseReturnValue:
    """Write the neutral text."""
    measure = _measure_for(rules.Verb.WRITE, public_id)
    fresh = {"text": measure.working, "title": measure.title, **(version_data(measure) or {})}
    form = forms.WorkingTextForm(data=fresh if request.method == "GET" else None)
    if form.validate_on_submit():
        with form.refusals(_text_now):
            service.write_working_text(actor(), measure, form.text.data or "", version_of(form), form.title.data)
            return _done(measure)
    intro = gettext(
        "Voor iedereen buiten de besloten kring. Geen datum, geen aantal, niets waaraan iemand een zaak herkent. "
        "Een ander dan u geeft hem vrij."
    )
    return _form_page(form, measure, gettext("Werktekst"), gettext("Bewaar"), intro, "measures/working_text.html")


def _text_now(measure: Measure) -> str:
    return gettext("Er staat nu: %(tekst)s", tekst=measure.working)


@pages.route("/<public_id>/vrijgeven", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def release(public_id: str) -> ResponseReturnValue:
    """Let everybody with a role see the working text, after a page that displays what they will see."""
    measure = _measure_for(rules.Verb.RELEASE, public_id)
    form = forms.ReleaseForm(data=version_data(measure))
    if form.validate_on_submit():
        with form.refusals(_new_text):
            service.release(actor(), measure, version_of(form))
            return _done(measure)
    intro = gettext(
        "Iedereen met een rol in Schakel ziet hierna deze tekst, en niets anders van de aanleiding dan soort en jaar."
    )
    return _form_page(form, measure, gettext("Vrijgeven"), gettext("Geef vrij"), intro, "measures/release.html")


def _new_text(measure: Measure) -> str:
    return gettext("De tekst hieronder is nieuw: %(tekst)s", tekst=measure.working)


@pages.route("/<public_id>/geinformeerd", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def inform(public_id: str) -> ResponseReturnValue:
    """Record that the people concerned were informed."""
    measure = _measure_for(rules.Verb.INFORMED_TAKEN, public_id)
    next_one = rules.Informed.REALISED if measure.informed_taken_on else rules.Informed.TAKEN
    form = forms.InformedForm(data={"what": next_one, "on": dates.today()} if request.method == "GET" else None)
    if form.validate_on_submit():
        with form.refusals():
            service.inform(actor(), measure, form.what.data, form.on.data)
            return _done(measure)
    intro = gettext("Leg alleen vast dát het is gebeurd en wanneer. Wie het zijn, staat in het eigen klachtsysteem.")
    return _form_page(form, measure, gettext("Betrokkenen geïnformeerd"), gettext("Leg vast"), intro)


@pages.route("/<public_id>/datum", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def deadline(public_id: str) -> ResponseReturnValue:
    """Move the date; the first one stays stored."""
    measure = _measure_for(rules.Verb.DEADLINE, public_id)
    form = forms.MeasureDeadlineForm(data=version_data(measure))
    if form.validate_on_submit():
        with form.refusals(current_state):
            service.move_deadline(actor(), measure, form.due_on.data, form.text.data or "", version_of(form))
            return saved(url_for("measures.show", public_id=public_id), days=[form.due_on.data])
    if measure.due_on is None:
        return _form_page(form, measure, gettext("Een datum afspreken"), gettext("Spreek af"))
    return _form_page(form, measure, gettext("De datum verzetten"), gettext("Verzet"))
