"""The list and the page of action points; the same page serves an owner who opens the link in a mail."""

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, db, errors, slots
from schakel.actions import forms, policy, queries, rules, service
from schakel.actions.models import Action
from schakel.actions.page_data import page_data
from schakel.actions.page_parts import action_of, current_state, form_page
from schakel.actions.rules import StateFilter
from schakel.pages import Filter, ListPage, actor, saved, table_file, version_data, version_of
from schakel.programmes import queries as programmes
from schakel.workflow import Transition

pages = Blueprint("actions", __name__)
WHOSE = {"van-mij": "mine", "door-mij": "asked"}
STATES = {
    "": StateFilter.OPEN,
    "te-laat": StateFilter.LATE,
    "zonder-datum": StateFilter.UNDATED,
    "alle": StateFilter.ALL,
}
for_owner = access.link(policy.LINK, or_signed_in=True)


def _list() -> ListPage:
    whose = [("", gettext("Iedereen")), ("van-mij", gettext("Van mij")), ("door-mij", gettext("Door mij gevraagd"))]
    states = [
        ("", gettext("Alles wat openstaat")),
        ("te-laat", gettext("Te laat")),
        ("zonder-datum", gettext("Zonder datum")),
        *rules.WORKFLOW.choices(),
        ("alle", gettext("Alles, ook wat klaar is")),
    ]
    filters = (
        Filter("wie", gettext("Van wie"), whose),
        Filter("staat", gettext("Staat"), states, active={"alle": gettext("Alles")}),
        Filter("thema", gettext("Thema"), programmes.theme_options, known_only=False),
        Filter("q", gettext("Woord in de titel")),
    )
    return ListPage(filters, kind=date.fromisoformat, files="/actiepunten")


def _filters(page: ListPage) -> queries.Filters:
    return queries.Filters(
        whose=WHOSE.get(page["wie"], ""),
        state=STATES.get(page["staat"], page["staat"]),
        theme=page["thema"],
        word=page["q"],
        after=page.after,
    )


@pages.get("/actiepunten")
@access.rule(access.signed_in)
def index() -> ResponseReturnValue:
    """List action points with their state."""
    page, today = _list(), dates.today()
    filters = _filters(page)
    rows, more = queries.listed(actor(), filters, today, page.size(queries.PAGE))
    causes = queries.causes(actor(), [row.id for row in rows])
    list_rows = [queries.list_row(row, today) for row in rows]
    for row, list_row in zip(rows, list_rows, strict=True):
        list_row.cause = causes.get(row.id, [None])[0]
    return page.render("actions/index.html", list_rows, more, rows.total)


@pages.get("/actiepunten.<any(csv, xlsx):ending>")
@access.rule(access.signed_in)
def export(ending: str) -> ResponseReturnValue:
    """Download the rows of the list as a file."""
    who, filters = actor(), _filters(_list())
    return table_file(ending, "actiepunten", queries.HEADS, lambda: queries.rows_for_file(who, filters, dates.today()))


@pages.get("/mijn-actiepunt")
@access.rule(access.link(policy.LINK))
def mine() -> ResponseReturnValue:
    """Redirect the link in the mail to the page of its action point."""
    action = errors.found(db.session().scalar(policy.visible_to(actor())))
    return redirect(url_for("actions.show", public_id=action.public_id), 303)


@pages.get("/actiepunten/<public_id>")
@access.rule(for_owner)
def show(public_id: str) -> ResponseReturnValue:
    """Display an action point: its loop, its verbs, its evidence and its history."""
    who, action = actor(), action_of(public_id)
    panels = [panel for _, found in slots.ask("panel.action", who, action.id) for panel in found]
    return render_template(
        "actions/show.html", action=action, page_data=page_data(who, action, dates.today()), panels=panels
    )


VERBS = rules.WORKFLOW.by_slug


@pages.route(f"/actiepunten/<public_id>/<{rules.WORKFLOW.converter}:word>", methods=["GET", "POST"])
@access.rule(for_owner, writes=True)
def move(public_id: str, word: str) -> ResponseReturnValue:
    """Do a verb: display its form on GET, do it on POST."""
    action, transition = action_of(public_id), VERBS[word]
    errors.require(policy.may(actor(), action, transition.verb))
    form = forms.MoveForm(data=version_data(action))
    if form.validate_on_submit():
        with form.refusals(current_state):
            text, report = form.text.data or "", form.next_report_on.data
            service.move(actor(), action, transition.verb, text, report, version=version_of(form))
            return saved(url_for("actions.show", public_id=public_id))
    return form.page("actions/move.html", action=action, transition=transition, **_move_context(action, transition))


def _move_context(action: Action, transition: Transition) -> dict[str, Any]:
    """Return what the page of a verb asks and displays beside the form."""
    verb = transition.verb
    must_prove = verb == rules.Verb.DONE and not action.evidence and rules.needs_proof(action.tier)
    return {
        "evidence": action.evidence if verb in rules.JUDGING else [],
        "must_prove": must_prove,
        "plans": verb in rules.PLANNING,
        "ends": verb == rules.Verb.CANCEL,
    }


@pages.route("/actiepunten/<public_id>/onderbouwing", methods=["GET", "POST"])
@access.rule(for_owner, writes=True, uploads=True)
def evidence(public_id: str) -> ResponseReturnValue:
    """Add evidence."""
    action = action_of(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.EVIDENCE))
    form = forms.EvidenceForm()
    if form.validate_on_submit():
        with form.refusals():
            service.add_evidence(actor(), action, form.text.data or "", form.url.data or "", _upload(form))
            return saved(url_for("actions.show", public_id=public_id))
    intro = gettext("Waaraan ziet een ander dat dit klaar is? Eén van de drie is genoeg.")
    return form_page(form, action, gettext("Onderbouwing toevoegen"), intro, gettext("Voeg toe"))


def _upload(form: Any) -> tuple[str, bytes] | None:
    upload = form.file.data
    return (upload.filename, upload.read()) if upload and upload.filename else None


@pages.get("/actiepunten/<public_id>/onderbouwing/<int:number>")
@access.rule(for_owner)
def download(public_id: str, number: int) -> ResponseReturnValue:
    """Download a file as an attachment, never displayed as a page."""
    action = action_of(public_id)
    file = errors.found(next((item.file for item in action.evidence if item.id == number), None))
    response = make_response(file.content)
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
