"""Pages that change an action point, and the page behind the link of a former owner."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates, errors
from schakel.actions import policy, queries, rules
from schakel.actions.editing import forms, service
from schakel.actions.page_parts import action_of, current_state, form_page
from schakel.pages import actor, saved, version_data, version_of

pages = Blueprint("action_editing", __name__)
for_owner = access.link(policy.LINK, or_signed_in=True)


@pages.route("/actiepunten/<public_id>/datum", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def deadline(public_id: str) -> ResponseReturnValue:
    """Move the date; the first one stays stored."""
    action = action_of(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.DEADLINE))
    form = forms.DeadlineForm(data=version_data(action))
    if form.validate_on_submit():
        with form.refusals(current_state):
            service.move_deadline(actor(), action, form.due_on.data, form.text.data or "", version_of(form))
            return saved(url_for("actions.show", public_id=public_id), days=[form.due_on.data])
    due = dates.format_date(action.due_on) if action.due_on else None
    intro = (
        gettext("Nu staat er %(day)s. De eerste datum blijft in het verloop staan.", day=due)
        if due
        else gettext("Er is nog geen datum afgesproken.")
    )
    title = gettext("De datum verzetten") if due else gettext("Een datum afspreken")
    return form_page(form, action, title, intro, gettext("Verzet") if due else gettext("Spreek af"))


@pages.route("/actiepunten/<public_id>/eigenaar", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def owner(public_id: str) -> ResponseReturnValue:
    """Give an action point to another owner."""
    action = action_of(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.PROPOSE))
    form = forms.OwnerForm(data=version_data(action))
    form.offer(queries.people_of(actor().organisations(*policy.OVERSEERS) | {action.organisation_id}))
    if form.validate_on_submit():
        with form.refusals(current_state):
            text = form.text.data or ""
            service.give_to(actor(), action, form.chosen_owner(), version_of(form), text)
            return saved(url_for("actions.show", public_id=public_id))
    intro = gettext(
        "De nieuwe eigenaar krijgt een mail met een link en zegt ja of nee. %(name)s krijgt een mail dat dit actiepunt "
        "niet meer bij hem of haar is; de oude link zegt dat dan ook.",
        name=action.owner.name,
    )
    return form_page(form, action, gettext("Een andere eigenaar"), intro, gettext("Stel voor"))


@pages.route("/actiepunten/<public_id>/aanpassen", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def correct(public_id: str) -> ResponseReturnValue:
    """Correct the title or the text."""
    action = action_of(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.CORRECT))
    data = version_data(action)
    form = forms.CorrectForm(data=data and {**data, "title": action.title, "text": action.text})
    if form.validate_on_submit():
        with form.refusals(current_state):
            service.correct(actor(), action, form.title.data, form.text.data or "", version_of(form))
            return saved(url_for("actions.show", public_id=public_id))
    intro = gettext(
        "Wat er eerst stond, blijft in het verloop te lezen. Van een andere titel krijgt de eigenaar een mail."
    )
    return form_page(form, action, gettext("De tekst aanpassen"), intro, gettext("Bewaar"))


@pages.route("/actiepunten/<public_id>/onderbouwing/<int:number>/verwijderen", methods=["GET", "POST"])
@access.rule(for_owner, writes=True)
def remove(public_id: str, number: int) -> ResponseReturnValue:
    """Remove one piece of evidence that should not be there."""
    action = action_of(public_id)
    errors.require(policy.may(actor(), action, rules.Verb.REMOVE))
    item = errors.found(next((one for one in action.proof if one.id == number), None))
    form = forms.RemoveForm()
    if form.validate_on_submit():
        with form.refusals():
            service.remove_evidence(actor(), action, item, form.text.data or "")
            return saved(url_for("actions.show", public_id=public_id), gettext("Het is verwijderd."))
    what = item.file.name if item.file else item.url or item.text
    intro = gettext(
        "Dit wordt voorgoed verwijderd: %(what)s. In het verloop blijft staan dat er iets stond, en uw reden.",
        what=what,
    )
    return form_page(form, action, gettext("Onderbouwing verwijderen"), intro, gettext("Verwijder voorgoed"))


@pages.get("/niet-meer-bij-u")
@access.rule(access.link(policy.FORMER_LINK))
def former() -> ResponseReturnValue:
    """Say to a former owner that the action point is with somebody else now."""
    number = actor().link_id(policy.FORMER_LINK)
    title, since = queries.given_away(errors.found(number))
    return render_template("actions/former.html", title=title, since=dates.format_date(since))
