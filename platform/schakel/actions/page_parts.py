"""What the views of action points share: loading one, its form pages, and what a conflict says."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import dates, errors
from schakel.actions import queries, rules
from schakel.actions.models import Action
from schakel.pages import act_by_link, actor


def action_of(public_id: str) -> Action:
    """Return the action point: the account acts where it has access, else the link that is open beside it."""
    action = queries.load_for_page(actor(), public_id)
    if action is None and (by_link := act_by_link()):
        action = queries.load_for_page(by_link, public_id)
    return errors.found(action)


def current_state(action: Action) -> str:
    """Return a sentence with the state and date as somebody else saved them."""
    state = rules.WORKFLOW.label(action.state).lower()
    if action.due_on is None:
        return gettext("Het staat nu op: %(staat)s, nog zonder datum.", staat=state)
    return gettext("Het staat nu op: %(staat)s, klaar op %(dag)s.", staat=state, dag=dates.format_date(action.due_on))


def form_page(form: Any, action: Action, title: str, intro: str, submit: str) -> ResponseReturnValue:
    """Display a form on an action point."""
    back = url_for("actions.show", public_id=action.public_id)
    crumbs = [(action.title, back)]
    page = "_shared/form_page.html"
    return form.page(page, title=title, intro=intro, submit=submit, crumbs=crumbs, cancel=back)
