"""Data of the page of an action point: its loop, its verbs and its history."""

from dataclasses import replace
from datetime import date
from textwrap import shorten
from types import SimpleNamespace

from schakel import dates
from schakel.access import Actor
from schakel.actions import policy, queries, rules
from schakel.actions.models import Action, ActionHistory, Evidence
from schakel.actions.rules import State, Tier, Verb
from schakel.i18n import N_, gettext
from schakel.loop import CAUSE, DECISION, EFFECT, FEEDBACK, Gap, Knot, KnotKind, Loop
from schakel.workflow import Transition


def dated(transition: Transition, due_on: date | None) -> Transition:
    """Return a verb as a page offers it: the date is agreed, not moved, while there is none."""
    is_first = due_on is None and transition.verb == rules.Verb.DEADLINE
    return replace(transition, label=N_("Spreek een datum af")) if is_first else transition


def page_data(actor: Actor, action: Action, today: date) -> SimpleNamespace:
    """Return what the page displays besides the row itself."""
    causes = queries.causes(actor, [action.id]).get(action.id, [])
    shape, word = rules.why(action.state, action.due_on, action.next_report_on, today)
    verbs = [one for one in rules.WORKFLOW.available(action.state) if policy.may(actor, action, one.verb)]
    may_remove = any(one.verb in rules.BESIDE for one in verbs)
    verbs = [dated(one, action.due_on) for one in verbs if one.verb not in rules.BESIDE]
    return SimpleNamespace(
        shape=shape,
        word=word,
        causes=causes,
        loop=loop(action, causes[0].text if causes else gettext("Onbekend"), today),
        verbs=verbs,
        next=next((one.verb for one in verbs if one.forward), ""),
        is_checked=action.state == State.CHECKED,
        tier=gettext(rules.TIERS[rules.Tier(action.tier)]),
        due=dates.format_date(action.due_on) if action.due_on else gettext("nog geen datum"),
        first_due=dates.format_date(action.first_due_on) if action.due_moves and action.first_due_on else None,
        next_report=dates.format_date(action.next_report_on) if action.next_report_on else None,
        history=[_history(item) for item in action.history],
        must_prove=rules.needs_proof(action.tier) and action.state in rules.CANCELLABLE,
        evidence=[_evidence(item) for item in action.evidence],
        may_remove=may_remove,
        why=_why(action),
        state_word=rules.WORKFLOW.label(action.state),
    )


def loop(action: Action, cause: str, today: date) -> Loop:
    """Return the loop of an action point: it ends at checked, when the requester is notified."""
    late = rules.is_late(action.state, action.due_on, today)
    silent = rules.is_silent(action.state, action.next_report_on, today)
    checked, ended = action.state == State.CHECKED, action.state == State.CANCELLED
    state_word, not_yet = rules.WORKFLOW.label(action.state), gettext("Nog niet")
    decided = KnotKind.OPEN if action.state == State.RETURNED else KnotKind.DONE
    decided = KnotKind.RUN if action.state == State.PROPOSED else decided
    ends = gettext("Bij de maatregel") if action.tier == Tier.MEASURE else gettext("Getoetst") if checked else not_yet
    knows = KnotKind.DONE if checked or ended else KnotKind.PENDING
    knots = (
        Knot(CAUSE, KnotKind.DONE, shorten(cause, 60, placeholder=" …")),
        Knot(DECISION, decided, gettext("Aangenomen") if decided == KnotKind.DONE else state_word),
        rules.action_knot(action.state, late, silent, action.due_on is None),
        Knot(EFFECT, KnotKind.DONE if checked else KnotKind.PENDING, ends),
        Knot(FEEDBACK, knows, gettext("De vrager weet het") if checked or ended else not_yet),
    )
    return Loop(knots, None if checked else _gap(action, late, silent))


# Per state: what is missing, and whose turn it is; in every other state it is the owner's turn.
GAPS = {
    State.PROPOSED: (N_("Wacht op antwoord van de eigenaar"), "owner"),
    State.RETURNED: (N_("Teruggegeven: kies een andere eigenaar"), "requester"),
    State.REPORTED_DONE: (N_("Wacht op toetsing door een ander dan de eigenaar"), "requester"),
    State.ON_HOLD: (N_("Opgeschort"), "owner"),
    State.SENT_BACK: (N_("Teruggestuurd na toetsing"), "owner"),
    State.CANCELLED: (N_("Vervallen, met reden"), ""),
}


def _gap(action: Action, late: bool, silent: bool) -> Gap:
    title, at_move = GAPS.get(State(action.state), (N_("In uitvoering"), "owner"))
    if late:
        title = N_("De datum is voorbij")
    elif silent:
        title = N_("Geen bericht sinds de afgesproken dag")
    elif action.due_on is None and action.state in (State.ACCEPTED, State.RUNNING):
        title = N_("Er is nog geen datum afgesproken")
    if not at_move:
        return Gap(gettext(title), gettext("Niemand is aan zet."))
    return Gap(gettext(title), gettext("Aan zet: %(who)s.", who=getattr(action, at_move).name))


def _why(action: Action) -> str:
    """Return the reason for which somebody else is at move again; '' when there is none."""
    sent_with_reason = {State.SENT_BACK: Verb.SEND_BACK, State.RETURNED: Verb.RETURN, State.ON_HOLD: Verb.HOLD}
    verb = sent_with_reason.get(State(action.state))
    return next((item.text for item in action.history if item.verb == verb), "")


def _history(item: ActionHistory) -> SimpleNamespace:
    transition = rules.WORKFLOW[item.verb]
    return SimpleNamespace(
        at_iso=item.at.isoformat(),
        at_text=dates.format_datetime(item.at),
        text=gettext(transition.past_tense) + (f": {item.text}" if item.text else ""),
        who=item.who,
        quiet=transition.minor,
        url=None,
    )


def _evidence(item: Evidence) -> SimpleNamespace:
    return SimpleNamespace(
        id=item.id,
        text=item.text,
        url=item.url,
        file=item.file,
        size=f"{max(1, item.file.size // 1024)} kB" if item.file else "",
        who=item.person.name if item.person else "",
        at=dates.format_date(item.at),
        removed_on=dates.format_date(item.removed_at) if item.removed_at else "",
    )
