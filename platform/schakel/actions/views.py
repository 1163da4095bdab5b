"""The list and the page of action points; the same page serves an owner who came in by the link in a mail."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, db, errors, slots
from schakel.access import Actor
from schakel.actions import forms, policy, queries, rules, service
from schakel.actions.models import Action
from schakel.actions.shown import shown
from schakel.csv_cells import csv_cell
from schakel.pages import actor, attempt, attempt_on, first_shown, here, number_of, show_form, version_of
from schakel.programmes import queries as programmes
from schakel.workflow import Transition

pages = Blueprint("actions", __name__)
KEYS = ("wie", "staat", "thema", "q", "na")
WHOSE = {"van-mij": "mine", "door-mij": "asked"}
STATES = {"": "open", "te-laat": "late", "zonder-datum": "undated", "alle": "all"}
for_owner = access.link(policy.LINK, or_signed_in=True)


def _filters() -> queries.Filters:
    state = request.args.get("staat", "")
    day, _, number = request.args.get("na", "").partition("~")
    try:
        after = (date.fromisoformat(day), place) if (place := number_of(number)) is not None else None
    except ValueError:
        after = None
    return queries.Filters(
        whose=WHOSE.get(request.args.get("wie", ""), ""),
        state=STATES.get(state, state if state in rules.STATES else "open"),
        theme=request.args.get("thema", "")[:60],
        word=request.args.get("q", "").strip()[:100],
        after=after,
    )


@pages.get("/actiepunten")
@access.rule(access.signed_in)
def index() -> ResponseReturnValue:
    """What was agreed and how it stands."""
    filters, today = _filters(), dates.today()
    themes = [(theme.code, theme.name) for theme in programmes.themes()]
    rows, more = queries.listed(actor(), filters, today)
    causes = queries.causes(actor(), [row.id for row in rows])
    lines = [queries.line(row, today) for row in rows]
    for row, line in zip(rows, lines, strict=True):
        line.cause = causes.get(row.id, [None])[0]
    return render_template(
        "actions/index.html",
        lines=lines,
        filters=filters,
        states=[
            ("", gettext("Alles wat openstaat")),
            ("te-laat", gettext("Te laat")),
            ("zonder-datum", gettext("Zonder datum")),
            *rules.WORKFLOW.choices(),
            ("alle", gettext("Alles, ook wat klaar is")),
        ],
        themes=themes,
        csv_url=here(KEYS, na=None).replace("/actiepunten", "/actiepunten.csv", 1),
        next_url=here(KEYS, na=f"{more[0].isoformat()}~{more[1]}") if more else None,
        first_url=here(KEYS, na=None) if filters.after else None,
        active=_active(dict(themes)),
    )


def _active(themes: dict[str, str]) -> list[tuple[str, str]]:
    names = {
        "thema": themes,
        "wie": {"van-mij": gettext("Van mij"), "door-mij": gettext("Door mij gevraagd")},
        "staat": {
            **dict(rules.WORKFLOW.choices()),
            "te-laat": gettext("Te laat"),
            "zonder-datum": gettext("Zonder datum"),
            "alle": gettext("Alles"),
        },
    }
    chosen = []
    for key in KEYS[:-1]:
        if value := request.args.get(key):
            chosen.append((names.get(key, {}).get(value, value), here(KEYS, **{key: None, "na": None})))
    return chosen


@pages.get("/actiepunten.csv")
@access.rule(access.signed_in)
def export() -> ResponseReturnValue:
    """The same rows as a file, streamed."""
    response = Response(stream_with_context(_csv(actor(), _filters())), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="actiepunten-{dates.today().isoformat()}.csv"'
    return response


def _csv(who: Actor, filters: queries.Filters) -> Iterator[str]:
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([gettext(head) for head in queries.HEADS])
    for row in queries.rows_for_csv(who, filters, dates.today()):
        writer.writerow([csv_cell(cell) for cell in row])
        if buffer.tell() > 60_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


@pages.get("/mijn-actiepunt")
@access.rule(access.link(policy.LINK))
def mine() -> ResponseReturnValue:
    """Where the link in the mail leads: on to the one page."""
    action = errors.found(db.session().scalar(policy.visible_to(actor())))
    return redirect(url_for("actions.show", public_id=action.public_id), 303)


def _action(public_id: str) -> Action:
    return errors.found(queries.whole(actor(), public_id))


def _page(action: Action, form: Any = None, verb: str = "", status: int = 200) -> ResponseReturnValue:
    who = actor()
    context = shown(who, action, dates.today())
    panels = [panel for _, found in slots.ask("panel.action", who, action.id) for panel in found]
    wrong = bool(form and (form.errors or form.form_errors))
    page = render_template(
        "actions/show.html",
        action=action,
        shown=context,
        panels=panels,
        form=form,
        open_verb=verb,
        form_has_errors=wrong,
    )
    return page, 422 if wrong else status


@pages.get("/actiepunten/<public_id>")
@access.rule(for_owner)
def show(public_id: str) -> ResponseReturnValue:
    """One action point: its loop, what can be done, what proves it, what happened."""
    return _page(_action(public_id))


VERBS = rules.WORKFLOW.by_slug


@pages.route(f"/actiepunten/<public_id>/<any({', '.join(VERBS)}):word>", methods=["GET", "POST"])
@access.rule(for_owner, writes=True)
def move(public_id: str, word: str) -> ResponseReturnValue:
    """Do a verb: on GET the form for it, on POST the verb itself."""
    action, transition = _action(public_id), VERBS[word]
    errors.require(policy.may(actor(), action, transition.verb))
    form = forms.MoveForm(data=first_shown(action))

    def do() -> None:
        text, report = form.text.data or "", form.next_report_on.data
        service.move(actor(), action, transition.verb, text, report, version=version_of(form))

    if attempt_on(form, do, how_it_stands):
        return redirect(url_for("actions.show", public_id=public_id), 303)
    return show_form(
        "actions/move.html", form, action=action, transition=transition, **_move_context(action, transition)
    )


def _move_context(action: Action, transition: Transition) -> dict[str, Any]:
    """What the page of a verb asks and displays beside the form."""
    verb = transition.verb
    must_prove = verb == rules.Verb.DONE and not action.evidence and rules.needs_proof(action.tier)
    return {
        "evidence": action.evidence if verb in rules.JUDGING else [],
        "must_prove": must_prove,
        "plans": verb in rules.PLANNING,
        "ends": verb == rules.Verb.CANCEL,
    }


def how_it_stands(action: Action) -> str:
    """The state and the date as somebody else left them, in a sentence."""
    due = dates.nl_date(action.due_on) if action.due_on else gettext("nog geen datum")
    return gettext(
        "Het staat nu op: %(staat)s, klaar op %(dag)s.", staat=rules.WORKFLOW.label(action.state).lower(), dag=due
    )


@pages.route("/actiepunten/<public_id>/onderbouwing", methods=["GET", "POST"])
@access.rule(for_owner, writes=True)
def evidence(public_id: str) -> ResponseReturnValue:
    """Add what proves it."""
    action = _action(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.EVIDENCE))
    form = forms.EvidenceForm()
    if attempt(
        form, lambda: service.add_evidence(actor(), action, form.text.data or "", form.url.data or "", _upload(form))
    ):
        return redirect(url_for("actions.show", public_id=public_id), 303)
    return show_form("actions/evidence.html", form, action=action)


def _upload(form: Any) -> tuple[str, bytes] | None:
    upload = form.file.data
    return (upload.filename, upload.read()) if upload and upload.filename else None


@pages.get("/actiepunten/<public_id>/onderbouwing/<int:number>")
@access.rule(for_owner)
def download(public_id: str, number: int) -> ResponseReturnValue:
    """A file as a download, never shown as a page."""
    action = _action(public_id)
    file = errors.found(next((item.file for item in action.evidence if item.id == number), None))
    response = make_response(file.content)
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@pages.route("/actiepunten/<public_id>/datum", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def deadline(public_id: str) -> ResponseReturnValue:
    """Move the date; the first one stays."""
    action = _action(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.DEADLINE))
    form = forms.DeadlineForm(data=first_shown(action))

    def do() -> None:
        service.move_deadline(actor(), action, form.due_on.data, form.text.data, version_of(form))

    if attempt_on(form, do, how_it_stands):
        return redirect(url_for("actions.show", public_id=public_id), 303)
    return show_form(
        "actions/deadline.html", form, action=action, due=dates.nl_date(action.due_on) if action.due_on else None
    )


@pages.route("/actiepunten/<public_id>/eigenaar", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def owner(public_id: str) -> ResponseReturnValue:
    """Another owner for what was returned."""
    action = _action(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.PROPOSE))
    people = queries.people_of(actor().organisations(*policy.OVERSEERS) | {action.organisation_id})
    form = forms.OwnerForm(data=first_shown(action))
    form.offer(people)

    def do() -> None:
        service.give_to(actor(), action, form.chosen_owner(), version_of(form))

    if attempt_on(form, do, how_it_stands):
        return redirect(url_for("actions.show", public_id=public_id), 303)
    return show_form("actions/owner.html", form, action=action)
