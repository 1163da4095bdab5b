"""*Mijn aanmelding*: opened by the link in the mail, which limits the session to one registration."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, db, errors, slots
from schakel.events import queries as events
from schakel.events.models import Event
from schakel.events.page_data import card
from schakel.identity.rules import Try
from schakel.identity.signing_in import service as signing_in
from schakel.pages import VerbForm, actor, saved, version_of
from schakel.registrations import choices, mailing, policy, rules, selection
from schakel.registrations import forms as sign_up_forms
from schakel.registrations.models import Registration
from schakel.registrations.self_service import forms, queries, service

pages = Blueprint("my_registration", __name__, url_prefix="/mijn-aanmelding")
holds_link = access.link(policy.LINK)
ENDED = (rules.State.WITHDRAWN, rules.State.LAPSED)


def _mine() -> Registration:
    return errors.found(db.session().scalar(policy.own(actor())))


def _context(row: Registration) -> dict[str, Any]:
    guest = mailing.guest_of(row)
    offer = next((wait.offer_until for wait in row.waits if wait.offer_until), None)
    event, ranks = row.event, queries.ranks(row)
    return {
        "row": row,
        "event": card(event),
        "guest": guest,
        "sessions": queries.session_lines(row) if guest.sessions else [],
        "state_name": rules.WORKFLOW.label(row.state),
        "state_shape": rules.WORKFLOW.shape(row.state),
        "is_live": row.state in rules.LIVE,
        "offer_until": dates.format_datetime(offer) if offer else None,
        "may_change": row.state in (rules.State.REGISTERED, rules.State.WAITING) and event.is_changeable(dates.now()),
        "is_cancelled": event.is_cancelled,
        "rank": ranks.get(_event_pool(row)),
        "session_ranks": _session_ranks(row, ranks),
        "sign_up_again": row.state in ENDED and event.is_open(dates.now()),
    }


def _event_pool(row: Registration) -> int:
    """Return the id of the pool of the event itself that a registration waits for; 0 without one."""
    pools = {pool.id for pool in row.event.pools if pool.session_id is None}
    return next((wait.pool_id for wait in row.waits if wait.pool_id in pools), 0)


def _session_ranks(row: Registration, ranks: dict[int, int]) -> list[tuple[str, int]]:
    """Return each session waited for with the place on its waiting list, in agenda order."""
    sessions = selection.sessions_of(row.event) if ranks else []
    return [(session.title, ranks[session.pool.id]) for session in sessions if session.pool.id in ranks]


@pages.get("")
@access.rule(holds_link)
def show() -> ResponseReturnValue:
    """Display the state of the registration, and what the person can do."""
    return render_template("registrations/mine.html", **_context(_mine()))


@pages.route("/wijzigen", methods=["GET", "POST"])
@access.rule(holds_link, writes=True)
def change() -> ResponseReturnValue:
    """Change contact fields, sessions and wishes."""
    row = _mine()
    event = errors.found(events.for_registering(row.event.slug))
    form_class = forms.with_version(sign_up_forms.form_class(event, with_profession=False))
    form = form_class(data=_data(row, event)) if request.method == "GET" else form_class()
    page_data = choices.beside(event, queries.ranks(row))
    if form.validate_on_submit():
        try:
            with form.refusals():
                service.change(actor(), row, _wanted(form), version_of(form))
                return saved(url_for("my_registration.show"), gettext("Uw wijziging is bewaard."))
        except errors.Stale:
            _explain_stale(form, row)
    return form.page("registrations/change.html", row=row, **page_data)


def _explain_stale(form: Any, row: Registration) -> None:
    """Explain a conflict in its own words: the other edit was made on another page of the same person."""
    db.rollback()
    now = "; ".join(part for part in (row.name, row.organisation, row.wishes) if part)
    form.form_errors.append(gettext("Nu staat er: %(now)s.", now=now))
    form.form_errors.append(
        gettext("Deze aanmelding is intussen ergens anders gewijzigd. Bekijk wat er staat en bewaar opnieuw.")
    )
    form.version.data, form.is_stale = str(row.version), True


def _data(row: Registration, event: Event) -> dict[str, Any]:
    held = {claim.pool_id for claim in row.claims} | {wait.pool_id for wait in row.waits}
    data: dict[str, Any] = {
        "name": row.name,
        "organisation": row.organisation,
        "wishes": row.wishes,
        "on_list": row.on_list,
        "version": str(row.version),
    }
    for session in selection.sessions_of(event):
        if session.pool.id in held:
            data[sign_up_forms.field_of(session.round_id)] = str(session.id)
    return data


def _wanted(form: Any) -> service.Changes:
    return service.Changes(
        name=form.name.data,
        organisation=form.organisation.data if "organisation" in form else "",
        sessions=sign_up_forms.chosen_sessions(form),
        wishes=form.wishes.data or "",
        on_list=form.on_list.data if "on_list" in form else False,
    )


@pages.route("/afmelden", methods=["GET", "POST"])
@access.rule(holds_link, writes=True)
def withdraw() -> ResponseReturnValue:
    """Withdraw, after a page that says what will happen."""
    row = _mine()
    form = VerbForm()
    if form.validate_on_submit():
        with form.refusals():
            service.withdraw(actor(), row)
            return saved(url_for("my_registration.show"), gettext("U bent afgemeld."))
    return form.page("registrations/withdraw.html", **_context(row))


@pages.post("/plaats-aannemen")
@access.rule(holds_link, writes=True)
def accept() -> ResponseReturnValue:
    """Accept an offered place."""
    service.accept(actor(), _mine())
    return saved(url_for("my_registration.show"), gettext("Uw plaats is vastgelegd."))


@pages.route("/link-kwijt", methods=["GET", "POST"])
@access.rule(access.public, writes=True)
def lost_link() -> ResponseReturnValue:
    """Mail the link again; the page is the same for every address, and at most three mails an hour are sent."""
    form = forms.LostLinkForm()
    if form.validate_on_submit():
        if signing_in.count_try(Try.LOST_LINK, form.email.data, dates.now()):
            service.send_links_again(form.email.data, replace=form.replace.data)
            for _ in slots.ask("links_again", form.email.data, form.replace.data):
                pass  # each supplier queues its own mails
        return redirect(url_for("my_registration.link_sent"), 303)
    return form.page("registrations/lost_link.html")


@pages.get("/link-verstuurd")
@access.rule(access.public)
def link_sent() -> ResponseReturnValue:
    """Display the same page for every address."""
    return render_template("registrations/link_sent.html")
