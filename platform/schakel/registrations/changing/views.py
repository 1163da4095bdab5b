"""*Mijn aanmelding*: reached by the link in the mail, which set this browser's scope to one registration."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from schakel import access, dates, db, errors
from schakel.events import queries as events
from schakel.events import rules as event_rules
from schakel.identity import service as identity
from schakel.identity.rules import Try
from schakel.pages import actor, attempt, show_form, version_of
from schakel.registrations import forms as sign_up_forms
from schakel.registrations import policy, rules
from schakel.registrations import service as registrations
from schakel.registrations.changing import forms, service
from schakel.registrations.models import Registration
from schakel.registrations.views import choices_beside

pages = Blueprint("my_registration", __name__, url_prefix="/mijn-aanmelding")
came_by_link = access.link(registrations.LINK)


def _mine() -> Registration:
    return errors.found(db.session().scalar(policy.own(actor())))


def _context(row: Registration) -> dict[str, Any]:
    guest = registrations.guest_of(row)
    offer = next((wait.offer_until for wait in row.waits if wait.offer_until), None)
    event = row.event
    return {
        "row": row,
        "event": events.card(event),
        "guest": guest,
        "state_name": rules.STATES[row.state],
        "offer_until": dates.nl_moment(offer) if offer else None,
        "may_change": row.state in ("registered", "waiting")
        and event_rules.is_open(event.state, event.form, event.starts_at, event.starts_at, dates.now()),
        "cancelled": event.state == "cancelled",
    }


@pages.get("")
@access.rule(came_by_link)
def show() -> ResponseReturnValue:
    """How one's registration stands, and what one can do."""
    return render_template("registrations/mine.html", **_context(_mine()))


@pages.route("/wijzigen", methods=["GET", "POST"])
@access.rule(came_by_link, writes=True)
def change() -> ResponseReturnValue:
    """Change contact fields, sessions and wishes."""
    row = _mine()
    stamp = events.stamp(row.event.slug)
    page = events.shown_by(row.event.slug, stamp)
    made = forms.with_version(sign_up_forms.form_of(page, page.room, with_profession=False))
    form = made(data=_data(row, page)) if request.method == "GET" else made()
    try:
        done = attempt(form, lambda: service.change(actor(), row, _wanted(form), version_of(form)))
    except errors.Stale:
        db.drop()
        now = "; ".join(part for part in (row.name, row.organisation, row.wishes) if part)
        form.form_errors.append(f"Nu staat er: {now}.")
        form.form_errors.append(
            "Deze aanmelding is intussen ergens anders gewijzigd. Bekijk wat er staat en bewaar opnieuw."
        )
        form.version.data = str(row.version)
        done = None
    if done:
        return redirect(url_for("my_registration.show"), 303)
    return show_form("registrations/change.html", form, row=row, **choices_beside(page, events.seats(stamp)))


def _data(row: Registration, page: Any) -> dict[str, Any]:
    held = {claim.pool_id for claim in row.claims} | {wait.pool_id for wait in row.waits}
    data: dict[str, Any] = {
        "name": row.name,
        "organisation": row.organisation,
        "wishes": row.wishes,
        "on_list": row.on_list,
        "version": str(row.version),
    }
    for line in page.agenda:
        for session in line.sessions:
            if session.pool_id in held:
                data[f"round_{line.id}"] = str(session.id)
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
@access.rule(came_by_link, writes=True)
def withdraw() -> ResponseReturnValue:
    """First what will happen, then the button."""
    row = _mine()
    form = forms.OfferForm()
    if attempt(form, lambda: service.withdraw(actor(), row)):
        return redirect(url_for("my_registration.show"), 303)
    return show_form("registrations/withdraw.html", form, **_context(row))


@pages.post("/plaats-aannemen")
@access.rule(came_by_link, writes=True)
def accept() -> ResponseReturnValue:
    """Yes to an offered place."""
    service.accept(actor(), _mine())
    return redirect(url_for("my_registration.show"), 303)


@pages.route("/link-kwijt", methods=["GET", "POST"])
@access.rule(access.public, writes=True)
def lost_link() -> ResponseReturnValue:
    """The link again, by mail; the page says the same for every address, at most three times an hour."""
    form = forms.LostLinkForm()
    if form.validate_on_submit():
        if identity.count_try(Try.LOST_LINK, form.email.data, dates.now()):
            service.send_links_again(form.email.data)
        return redirect(url_for("my_registration.link_sent"), 303)
    return show_form("registrations/lost_link.html", form)


@pages.get("/link-verstuurd")
@access.rule(access.public)
def link_sent() -> ResponseReturnValue:
    """The neutral answer."""
    return render_template("registrations/link_sent.html")
