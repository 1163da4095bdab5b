"""Data of the page of a measure for this reader: official or working text, its loop, its verbs, its history."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from schakel import dates, db
from schakel.access import Actor
from schakel.actions import policy as actions_policy
from schakel.actions import queries as actions_queries
from schakel.actions.models import Action
from schakel.i18n import N_, gettext
from schakel.measures import policy, queries, rules
from schakel.measures.models import Measure, MeasureAction, MeasureHistory
from schakel.measures.rules import State, Tie, Verb
from schakel.workflow import Transition


def page_data(actor: Actor, measure: Measure, today: date) -> SimpleNamespace:
    """Return what the page displays besides the row; outside the inner ring no reasons and no official text."""
    inner = policy.is_inner(actor, measure)
    verbs = _offered(actor, measure)
    row = queries.list_row(measure, today, queries.done_of(measure))
    row.__dict__.update(
        inner=inner,
        official=measure.official if inner else None,
        working=measure.working,
        released=dates.format_date(measure.released_at) if measure.released_at else None,
        verbs=verbs,
        next=next_verb(measure.state, verbs),
        informed_taken=dates.format_date(measure.informed_taken_on) if measure.informed_taken_on else None,
        informed_realised=dates.format_date(measure.informed_realised_on) if measure.informed_realised_on else None,
        decided=dates.format_date(measure.decided_on),
        first_due=dates.format_date(measure.first_due_on)
        if measure.first_due_on and measure.first_due_on != measure.due_on
        else None,
        strength=gettext(rules.STRENGTHS[rules.Strength(measure.strength)]) if measure.strength else None,
        kind_name=gettext(rules.KINDS[rules.Kind(measure.kind)]),
        history=[_history(item, inner) for item in measure.history if inner or _is_public(item, measure)],
        actions=_actions(actor, [tie for tie in measure.links if tie.state in rules.UNDER], today),
    )
    return row


def _offered(actor: Actor, measure: Measure) -> list[Transition]:
    """Return the verbs that the state and the policy allow, one for each page."""
    offered: list[Transition] = []
    for one in rules.WORKFLOW.available(measure.state):
        known = one.page and any(other.page == one.page for other in offered)
        if not known and policy.may(actor, measure, one.verb) and _applies(measure, one.verb):
            offered.append(_named(measure, one))
    return offered


def _named(measure: Measure, one: Transition) -> Transition:
    """Return a verb as the page offers it: an owner is assigned again, and a first date is agreed, not moved."""
    if _is_assigned_again(measure, one.verb):
        return replace(one, label=AGAIN)
    is_first = measure.due_on is None and one.verb == Verb.DEADLINE
    return replace(one, label=N_("Spreek een datum af")) if is_first else one


def _applies(measure: Measure, verb: str) -> bool:
    """Whether writing or releasing applies: only before the release, and releasing only when there is a text."""
    if verb == Verb.RELEASE:
        return measure.released_at is None and bool(measure.working)
    return verb != Verb.WRITE or measure.released_at is None


AGAIN = N_("Beleg opnieuw")


def _is_assigned_again(measure: Measure, verb: str) -> bool:
    return verb == Verb.ASSIGN and measure.state != State.DECIDED


def next_verb(state: str, verbs: list[Transition]) -> str:
    """Return the verb of the main button: a forward step, or assigning when there is no owner yet."""
    first = state in (State.DECIDED, State.NOT_EFFECTIVE)
    return next((one.verb for one in verbs if one.forward or (first and one.verb == Verb.ASSIGN)), "")


def _actions(actor: Actor, ties: list[MeasureAction], today: date) -> list[SimpleNamespace]:
    """Return the action points under a measure; with a link only when the actor may open them."""
    ids = [tie.action_id for tie in ties]
    seen = set()
    if ids:
        query = actions_policy.visible_to(actor).where(Action.id.in_(ids)).with_only_columns(Action.id)
        seen = set(db.session().scalars(query))
    rows = []
    for tie in ties:
        row = actions_queries.list_row(tie.action, today)
        row.open = tie.action_id in seen
        row.fits = tie.state == Tie.ACCEPTED
        if not row.open:  # counted, but its title and owner are not disclosed
            row.title, row.owner = gettext("Een actiepunt"), "–"
        rows.append(row)
    return rows


def _is_public(item: MeasureHistory, measure: Measure) -> bool:
    """Whether everybody may see this entry: none before the release, as the decision's day could disclose a case."""
    informed = item.verb in rules.INFORMED.values()
    return measure.released_at is not None and item.at >= measure.released_at and not informed


def _history(item: MeasureHistory, inner: bool) -> SimpleNamespace:
    transition = rules.WORKFLOW[item.verb]
    return SimpleNamespace(
        at_iso=item.at.isoformat(),
        at_text=dates.format_date(item.at),
        text=gettext(transition.past_tense) + (f": {item.text}" if item.text and inner else ""),
        who=item.who if inner else None,
        quiet=transition.minor,
        url=None,
    )
