"""Slot `work`: measures that require action from an actor, and what changed since a given time."""

from datetime import date, datetime

import sqlalchemy as sa

from schakel import db
from schakel.access import Actor
from schakel.actions import policy as actions_policy
from schakel.actions.models import Action
from schakel.actions.policy import DIRECTING
from schakel.i18n import N_, gettext
from schakel.measures import policy, progress, rules
from schakel.measures.models import Measure, MeasureAction, MeasureHistory
from schakel.measures.queries import WEEK, urgent
from schakel.measures.rules import DONE, Side, State, Tie, Verb
from schakel.slot_types import WorkItem, WorkKind

WORK = 60


def work(actor: Actor, today: date, since: datetime | None) -> list[WorkItem]:
    """Return what requires action from this actor, and what changed since then (slot `work`; at most 3 statements)."""
    if actor.person_id is None:
        return []
    asks = sa.or_(urgent(today), Measure.state.in_(tuple(NEXT)), _unreleased(), _uninformed())
    rows = db.session().scalars(
        policy.visible_to(actor)
        .where(_mine(actor), asks, Measure.is_closed.is_(False))
        .order_by(Measure.due_sort, Measure.id)
        .limit(WORK)
    )
    items = [item for row in rows for item in _items(actor, row, today)]
    return items + _proposals(actor) + _news(actor, since)


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for one's own measures and those of one's inner ring."""
    return sa.or_(Measure.owner_id == actor.person_id, policy.inner_ring(actor))


def _unreleased() -> sa.ColumnElement[bool]:
    return sa.and_(Measure.working != "", Measure.released_at.is_(None))


def _uninformed() -> sa.ColumnElement[bool]:
    realised = sa.and_(Measure.state.in_(DONE), Measure.informed_realised_on.is_(None))
    return sa.or_(Measure.informed_taken_on.is_(None), realised)


NEXT = {
    # state: (next verb, kind, why, word on the button)
    State.DECIDED: (Verb.ASSIGN, WorkKind.ANSWER, N_("Nog niet belegd"), N_("Beleg")),
    State.IMPLEMENTED: (Verb.CHECK, WorkKind.CHECK, N_("Uitgevoerd gemeld, wacht op toetsing"), N_("Toets")),
    State.CHECKED: (Verb.EFFECTIVE, WorkKind.ANSWER, N_("Getoetst: heeft het effect?"), N_("Stel vast")),
    State.NOT_EFFECTIVE: (
        Verb.DECIDE_ANEW,
        WorkKind.ANSWER,
        N_("Geen effect: nieuw besluit of gemotiveerd stoppen"),
        N_("Besluit"),
    ),
    State.EFFECT_NOT_MEASURABLE: (Verb.CLOSE, WorkKind.ANSWER, N_("Effect niet meetbaar: kan dicht"), N_("Sluit")),
    State.EFFECTIVE: (Verb.EMBED, WorkKind.ANSWER, N_("Effectief: is het geborgd?"), N_("Borg")),
    State.EMBEDDED: (Verb.CLOSE, WorkKind.ANSWER, N_("Geborgd: kan dicht"), N_("Sluit")),
}


def _items(actor: Actor, measure: Measure, today: date) -> list[WorkItem]:
    """Return what one measure requires from this actor: a step or its date, a text to release, people to inform."""
    url = f"/maatregelen/{measure.public_id}"

    def item(kind: WorkKind, why: str, verb: str, on: date | None = None) -> WorkItem:
        return WorkItem(kind, measure.title, f"{measure.number} · {why}", url, verb, on)

    found = []
    step = NEXT.get(State(measure.state))
    if step and policy.may(actor, measure, step[0]) and not _waits_for_informing(measure, step[0]):
        found.append(item(step[1], gettext(step[2]), gettext(step[3]), measure.due_on))
    elif late := _by_date(actor, measure, today):
        found.append(item(*late, measure.due_on))
    if measure.working and measure.released_at is None and policy.may(actor, measure, Verb.RELEASE):
        found.append(
            item(WorkKind.CHECK, gettext("Werktekst wacht op vrijgave, binnen tien werkdagen"), gettext("Lees"))
        )
    if policy.may(actor, measure, Verb.INFORMED_TAKEN) and (what := _to_inform(measure)):
        found.append(item(WorkKind.ANSWER, what, gettext("Leg vast")))
    return found


def _waits_for_informing(measure: Measure, verb: str) -> bool:
    """Closing waits until the people concerned are informed; then it is the informer's turn, not the director's."""
    return verb == Verb.CLOSE and not (measure.informed_taken_on and measure.informed_realised_on)


def _to_inform(measure: Measure) -> str:
    if measure.informed_taken_on is None:
        return gettext("Laat betrokkenen weten dat de maatregel is genomen")
    if measure.state in DONE and measure.informed_realised_on is None:
        return gettext("Laat betrokkenen weten dat de maatregel is uitgevoerd")
    return ""


def _by_date(actor: Actor, measure: Measure, today: date) -> tuple[WorkKind, str, str] | None:
    """Return (kind, why, verb) of a measure under way whose date requires action, or None."""
    if measure.state not in (State.ASSIGNED, State.RUNNING):
        return None
    owner = policy.is_owner(actor, measure)
    if owner and measure.state == State.ASSIGNED:
        return WorkKind.ACCEPT, gettext("aan u belegd"), gettext("Begin")
    if progress.is_undated(measure.state, measure.due_on) and policy.may(actor, measure, Verb.DEADLINE):
        return WorkKind.ANSWER, gettext("zonder datum: spreek er een af"), gettext("Bekijk")
    if progress.is_late(measure.state, measure.due_on, today):
        return WorkKind.LATE, gettext("te laat"), gettext("Werk bij") if owner else gettext("Bekijk")
    if owner and progress.is_silent(measure.state, measure.next_report_on, today):
        return WorkKind.LATE, gettext("u zou laten weten hoe het staat"), gettext("Meld het")
    if owner and measure.due_on and measure.due_on <= today + WEEK:
        return WorkKind.WEEK, gettext("u bent eigenaar"), gettext("Werk bij")
    return None


def _proposals(actor: Actor) -> list[WorkItem]:
    """Return proposals of *zelfde thema* that wait for this actor's side (1 statement)."""
    plans = sa.or_(
        Measure.owner_id == actor.person_id, Measure.organisation_id.in_(actor.organisations(*policy.JUDGING))
    )
    here = Action.organisation_id.in_(actor.organisations(*DIRECTING))
    directs = sa.or_(Action.requester_id == actor.person_id, here)
    from_action = sa.and_(MeasureAction.proposed_by == Side.ACTION, plans)
    from_measure = sa.and_(MeasureAction.proposed_by == Side.MEASURE, directs)
    rows = db.session().execute(
        sa.select(MeasureAction, Measure, Action)
        .join(Measure, Measure.id == MeasureAction.measure_id)
        .join(Action, Action.id == MeasureAction.action_id)
        .where(MeasureAction.state == Tie.PROPOSED, sa.or_(from_action, from_measure))
        .order_by(MeasureAction.at)
        .limit(WORK)
    )
    found = []
    for tie, measure, action in rows:
        asked = tie.proposed_by == Side.ACTION and policy.may(actor, measure, Verb.PLAN)
        answers = tie.proposed_by == Side.MEASURE and actions_policy.may_direct(actor, action)
        if asked:
            why, url = gettext("Past dit bij %(number)s?", number=measure.number), f"/maatregelen/{measure.public_id}"
            found.append(WorkItem(WorkKind.ANSWER, action.title, why, url, gettext("Antwoord")))
        elif answers:
            why = gettext("Hoort dit bij maatregel %(number)s?", number=measure.number)
            found.append(
                WorkItem(WorkKind.ANSWER, action.title, why, f"/actiepunten/{action.public_id}", gettext("Antwoord"))
            )
    return found


NEWS = {verb: rules.WORKFLOW[verb].news for verb in rules.WORKFLOW.verbs if rules.WORKFLOW[verb].news}


def _since_release() -> sa.ColumnElement[bool]:
    """Outside the inner ring the history begins at the release, without entries about informing people."""
    informed = MeasureHistory.verb.in_(tuple(rules.INFORMED.values()))
    return sa.and_(MeasureHistory.at >= Measure.released_at, ~informed)


def _news(actor: Actor, since: datetime | None) -> list[WorkItem]:
    if since is None:
        return []
    rows = db.session().execute(
        sa.select(MeasureHistory.at, MeasureHistory.verb, Measure.title, Measure.number, Measure.public_id)
        .join(Measure, Measure.id == MeasureHistory.measure_id)
        .where(
            Measure.changed_at > since,
            MeasureHistory.at > since,
            MeasureHistory.verb.in_(NEWS),
            Measure.id.in_(policy.visible_to(actor).with_only_columns(Measure.id)),
            sa.or_(policy.inner_ring(actor), _since_release()),
        )
        .order_by(MeasureHistory.id.desc())
        .limit(8)
    )
    return [
        WorkItem(
            WorkKind.NEWS,
            row.title,
            f"{row.number} {gettext(NEWS[Verb(row.verb)])}",
            f"/maatregelen/{row.public_id}",
            at=row.at,
        )
        for row in rows
    ]
