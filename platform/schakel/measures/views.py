"""The list and the page of measures, and every step on it."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, errors, slots
from schakel.access import Actor
from schakel.csv_cells import csv_cell
from schakel.measures import forms, policy, queries, rules, service
from schakel.measures.models import Measure
from schakel.measures.shown import shown
from schakel.pages import actor, attempt, attempt_on, first_shown, here, number_of, show_form, version_of
from schakel.programmes import queries as programmes

pages = Blueprint("measures", __name__, url_prefix="/maatregelen")
KEYS = ("staat", "aanleiding", "afdeling", "thema", "q", "na")
STATES = {"": "open", "dringend": "urgent", "alle": "all"}
VERBS = rules.WORKFLOW.by_slug


def filters_here() -> queries.Filters:
    """The filters as they stand in the URL (shared with the director's page)."""
    state = request.args.get("staat", "")
    day, _, number = request.args.get("na", "").partition("~")
    department = request.args.get("afdeling", "")
    try:
        after = (date.fromisoformat(day), place) if (place := number_of(number)) is not None else None
    except ValueError:
        after = None
    return queries.Filters(
        state=STATES.get(state, state if state in set(rules.State) else "open"),
        cause=request.args.get("aanleiding", ""),
        department=number_of(department),
        theme=request.args.get("thema", "")[:60],
        word=request.args.get("q", "").strip()[:100],
        after=after,
    )


@pages.get("")
@access.rule(policy.sees_any)
def index() -> ResponseReturnValue:
    """Measures and commitments this actor may see."""
    who, today, filters = actor(), dates.today(), filters_here()
    themes = [(theme.code, theme.name) for theme in programmes.themes()]
    rows, more = queries.page(queries.narrowed(policy.visible_to(who), filters, today), filters)
    return render_template(
        "measures/index.html",
        lines=[queries.line(measure, today, done) for measure, done in rows],
        filters=filters,
        states=[
            ("", gettext("Alles wat loopt")),
            ("dringend", gettext("Wat aandacht vraagt")),
            *rules.WORKFLOW.choices(),
            ("alle", gettext("Alles, ook wat dicht is")),
        ],
        causes=cause_choices(),
        themes=themes,
        may_decide=policy.may_decide(who),
        csv_url=here(KEYS, na=None).replace("/maatregelen", "/maatregelen/lijst.csv", 1),
        next_url=here(KEYS, na=f"{more[0].isoformat()}~{more[1]}") if more else None,
        first_url=here(KEYS, na=None) if filters.after else None,
        active=active_filters(filters, dict(themes)),
    )


def cause_choices() -> list[tuple[str, str]]:
    """The kinds of cause with their words."""
    return [(code, gettext(label)) for code, label in rules.CAUSES.items()]


def active_filters(
    filters: queries.Filters, themes: dict[str, str], departments: dict[int, str] | None = None
) -> list[tuple[str, str]]:
    """What is set, each with the address without it."""
    chosen = []
    if filters.state != "open":
        words = {"urgent": gettext("Wat aandacht vraagt"), "all": gettext("Alles"), **dict(rules.WORKFLOW.choices())}
        chosen.append((words[filters.state], here(KEYS, staat=None, na=None)))
    if filters.cause in set(rules.CauseKind):
        chosen.append((gettext(rules.CAUSES[rules.CauseKind(filters.cause)]), here(KEYS, aanleiding=None, na=None)))
    if filters.department:
        chosen.append(
            ((departments or {}).get(filters.department, gettext("Afdeling")), here(KEYS, afdeling=None, na=None))
        )
    if filters.theme:
        chosen.append((themes.get(filters.theme, filters.theme), here(KEYS, thema=None, na=None)))
    if filters.word:
        chosen.append((filters.word, here(KEYS, q=None, na=None)))
    return chosen


@pages.get("/lijst.csv")
@access.rule(policy.sees_any)
def export() -> ResponseReturnValue:
    """The same rows as a file, streamed."""
    query = queries.narrowed(policy.visible_to(actor()), filters_here(), dates.today())
    return csv_response(query)


def csv_response(query: sa.Select[Measure]) -> Response:
    """Measures as a CSV stream (shared with the director's page)."""
    response = Response(stream_with_context(_csv(query)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="maatregelen-{dates.today().isoformat()}.csv"'
    return response


def _csv(query: sa.Select[Measure]) -> Iterator[str]:
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([gettext(head) for head in queries.HEADS])
    for row in queries.rows_for_csv(query):
        writer.writerow([csv_cell(cell) for cell in row])
        if buffer.tell() > 60_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


@pages.route("/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_decide, writes=True)
def decide() -> ResponseReturnValue:
    """Put a measure or commitment on record."""
    form = forms.DecideForm()
    houses = queries.houses(actor().organisations(*policy.DECIDERS))
    form.organisation.choices = [(item.id, item.name) for item in houses]
    below = queries.departments(actor().organisations(*policy.DECIDERS))
    form.department.choices = [("", gettext("Het hele huis")), *((str(item.id), item.name) for item in below)]
    form.themes.choices = [(theme.id, theme.name) for theme in programmes.themes()]
    made = attempt(form, lambda: service.decide(actor(), _facts(form)))
    if made:
        return redirect(url_for("measures.show", public_id=made.public_id), 303)
    return show_form("measures/new.html", form)


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
    """The measure, or NotFound when this actor may not see it."""
    return errors.found(queries.whole(who, public_id))


def how_it_stands(measure: Measure) -> str:
    """The state and the date as somebody else left them, in a sentence."""
    due = dates.nl_date(measure.due_on) if measure.due_on else gettext("geen datum")
    return gettext(
        "De maatregel is nu: %(staat)s, klaar op %(dag)s.", staat=rules.WORKFLOW.label(measure.state).lower(), dag=due
    )


@pages.get("/<public_id>")
@access.rule(access.signed_in)
def show(public_id: str) -> ResponseReturnValue:
    """One measure: its loop, its text for this reader, what proves it."""
    who = actor()
    measure = measure_of(public_id, who)
    panels = [panel for _, found in slots.ask("panel.measure", who, measure.id) for panel in found]
    return render_template(
        "measures/show.html", measure=measure, shown=shown(who, measure, dates.today()), panels=panels
    )


@pages.route(f"/<public_id>/stap/<any({', '.join(map(repr, VERBS))}):word>", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def move(public_id: str, word: str) -> ResponseReturnValue:
    """One step, with its reason."""
    measure, transition = measure_of(public_id, actor()), VERBS[word]
    errors.require(policy.may(actor(), measure, transition.verb))
    form = forms.GroundForm(data=first_shown(measure))

    def do() -> None:
        service.move(actor(), measure, transition.verb, form.text.data or "", version_of(form))

    if attempt_on(form, do, how_it_stands):
        return redirect(url_for("measures.show", public_id=public_id), 303)
    return show_form("measures/move.html", form, measure=measure, transition=transition)


@pages.route("/<public_id>/beleggen", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def assign(public_id: str) -> ResponseReturnValue:
    """Give it an owner."""
    measure = measure_of(public_id, actor())
    errors.require(policy.may(actor(), measure, rules.Verb.ASSIGN))
    people = queries.owners_for(measure)
    form = forms.AssignForm(data=first_shown(measure))
    form.owner.choices = [
        ("", gettext("Kies")),
        *((person.public_id, f"{person.name} ({house})" if house else person.name) for person, house in people),
    ]

    def give() -> None:
        owner = next(person for person, _ in people if person.public_id == form.owner.data)
        service.assign(actor(), measure, owner, form.next_report_on.data, version_of(form))

    if attempt_on(form, give, how_it_stands):
        return redirect(url_for("measures.show", public_id=public_id), 303)
    return show_form("measures/assign.html", form, measure=measure)


@pages.route("/<public_id>/werktekst", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def working_text(public_id: str) -> ResponseReturnValue:
    """Write the neutral text."""
    measure = measure_of(public_id, actor())
    errors.require(policy.may(actor(), measure, rules.Verb.WRITE))
    fresh = {"text": measure.working, "title": measure.title, **(first_shown(measure) or {})}
    form = forms.WorkingTextForm(data=fresh if request.method == "GET" else None)

    def write() -> None:
        service.write_working_text(actor(), measure, form.text.data, version_of(form), form.title.data)

    def theirs(now: Measure) -> str:
        return gettext("Er staat nu: %(tekst)s", tekst=now.working)

    if attempt_on(form, write, theirs):
        return redirect(url_for("measures.show", public_id=public_id), 303)
    return show_form("measures/working_text.html", form, measure=measure)


@pages.route("/<public_id>/vrijgeven", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def release(public_id: str) -> ResponseReturnValue:
    """Let everybody with a role see the working text: first what they will see, then the button."""
    measure = measure_of(public_id, actor())
    errors.require(policy.may(actor(), measure, rules.Verb.RELEASE))
    form = forms.ReleaseForm(data=first_shown(measure))

    def other_text(now: Measure) -> str:
        return gettext("De tekst hieronder is nieuw: %(tekst)s", tekst=now.working)

    if attempt_on(form, lambda: service.release(actor(), measure, version_of(form)), other_text):
        return redirect(url_for("measures.show", public_id=public_id), 303)
    return show_form("measures/release.html", form, measure=measure)


@pages.route("/<public_id>/geinformeerd", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def inform(public_id: str) -> ResponseReturnValue:
    """Record that those concerned were informed."""
    measure = measure_of(public_id, actor())
    errors.require(policy.may(actor(), measure, rules.Verb.INFORMED_TAKEN))
    next_one = "realised" if measure.informed_taken_on else "taken"
    form = forms.InformedForm(data={"what": next_one, "on": dates.today()} if request.method == "GET" else None)
    if attempt(form, lambda: service.inform(actor(), measure, form.what.data, form.on.data)):
        return redirect(url_for("measures.show", public_id=public_id), 303)
    return show_form("measures/inform.html", form, measure=measure)


@pages.route("/<public_id>/datum", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def deadline(public_id: str) -> ResponseReturnValue:
    """Move the date; the first one stays."""
    measure = measure_of(public_id, actor())
    errors.require(policy.may(actor(), measure, rules.Verb.DEADLINE))
    form = forms.MeasureDeadlineForm(data=first_shown(measure))

    def do() -> None:
        service.move_deadline(actor(), measure, form.due_on.data, form.text.data, version_of(form))

    if attempt_on(form, do, how_it_stands):
        return redirect(url_for("measures.show", public_id=public_id), 303)
    return show_form("measures/deadline.html", form, measure=measure)
