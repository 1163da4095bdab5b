"""The services on measures. Each adds to the history: who, when and for which reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, deadlines, errors
from schakel.access import Actor
from schakel.actions.models import Action
from schakel.audit import service as audit
from schakel.history import first_due
from schakel.identity import queries as people
from schakel.identity.models import Organisation, Person, RoleGrant
from schakel.identity.rules import Role
from schakel.measures import policy, progress, queries, rules
from schakel.measures.models import Measure, MeasureAction, MeasureHistory, MeasureTheme
from schakel.measures.rules import AuditEvent, CauseKind, Informed, Kind, State, Verb


@dataclass(frozen=True)
class Facts:
    """The data of a decision."""

    kind: str
    organisation_id: int
    cause_kind: str
    cause_year: int
    title: str
    official: str
    decided_on: date
    due_on: date | None
    department_id: int | None = None
    theme_ids: tuple[int, ...] = ()
    strength: str = ""
    nonce: str | None = None


def decide(actor: Actor, facts: Facts) -> Measure:
    """Store a measure as decided: it follows from a ruling, so it is not proposed (design 3).

    After a ruling its owner is the medical director until it is assigned. The same nonce gives the same measure.
    """
    errors.require(policy.may_decide_for(actor, facts.organisation_id))
    _check(facts)
    db.lock(errors.found(db.session().get(Organisation, facts.organisation_id)))  # one number at a time
    known = db.session().scalar(sa.select(Measure).where(Measure.nonce == facts.nonce)) if facts.nonce else None
    if known:
        return known
    measure = _decided(facts)
    director = _holder(facts.organisation_id, Role.MEDICAL_DIRECTOR)
    if director and facts.cause_kind == CauseKind.COMMITTEE:
        measure.owner_id, measure.owner_decides = director, policy.signing_role(facts.kind) == Role.MEDICAL_DIRECTOR
    _add_history(actor, measure, Verb.DECIDE, "")
    record(actor, AuditEvent.DECIDED, measure, Verb.DECIDE, cause=facts.cause_kind)
    return measure


def _check(facts: Facts) -> None:
    if facts.cause_kind not in set(CauseKind):
        raise errors.Refused("Kies waar deze maatregel uit voortkomt.", field="cause_kind")
    if facts.due_on is None and progress.must_have_date(facts.cause_kind):
        raise errors.Refused(
            "Een maatregel uit een oordeel heeft een termijn nodig (Wkkgz, artikel 17).", field="due_on"
        )
    if wrong := progress.wrong_dates(facts.decided_on, facts.due_on, facts.cause_year, dates.today()):
        raise errors.Refused(wrong[1], field=wrong[0])
    if facts.department_id is not None and not _is_inside(facts.department_id, facts.organisation_id):
        raise errors.Refused("Deze afdeling hoort niet bij deze organisatie.", field="department")


def _is_inside(organisation_id: int | None, top_id: int) -> bool:
    tree = Organisation.with_all_below({top_id}).subquery()
    inside = sa.select(sa.func.count()).select_from(tree).where(tree.c.id == organisation_id)
    return bool(db.session().scalar(inside))


def _holder(organisation_id: int, role: Role) -> int | None:
    """Return the id of the person with this role over the organisation today; of several, the first one granted."""
    held = RoleGrant.valid_on(sa.true(), dates.today()).where(
        RoleGrant.role == role, RoleGrant.organisation_id == organisation_id
    )
    return db.session().scalar(held.with_only_columns(RoleGrant.person_id).order_by(RoleGrant.id).limit(1))


def _decided(facts: Facts) -> Measure:
    now = dates.now()
    measure = Measure(
        kind=facts.kind,
        number=_number(facts),
        organisation_id=facts.organisation_id,
        department_id=facts.department_id,
        cause_kind=facts.cause_kind,
        cause_year=facts.cause_year,
        title=facts.title,
        official=facts.official,
        state=State.DECIDED,
        is_closed=False,
        strength=facts.strength,
        decided_on=facts.decided_on,
        **first_due(facts.due_on),
        nonce=facts.nonce,
        version=1,
        created_at=now,
        changed_at=now,
    )
    db.session().add(measure)
    db.session().flush()
    if facts.theme_ids:
        rows = [{"measure_id": measure.id, "theme_id": theme} for theme in dict.fromkeys(facts.theme_ids)]
        db.session().execute(sa.insert(MeasureTheme), rows)
    return measure


def _number(facts: Facts) -> str:
    letter = "T" if facts.kind == Kind.COMMITMENT else "M"
    start = f"{letter}-{facts.decided_on.year}-"
    count = sa.select(sa.func.count(Measure.id)).where(
        Measure.organisation_id == facts.organisation_id, Measure.number.startswith(start)
    )
    return f"{start}{(db.session().scalar(count) or 0) + 1:03d}"


def move(actor: Actor, measure: Measure, verb: str, reason: str = "", version: int | None = None) -> None:
    """Do one of the workflow's verbs that lead to a state.

    Refused when the state, the reason or the work under it does not allow it. `version`: the one that was displayed to
    the actor; Stale when somebody changed the row since, also in the same second.
    """
    _require_step(actor, measure, verb, version)
    if rules.WORKFLOW[verb].needs_reason and not reason.strip():
        raise errors.Refused("Geef de grond voor dit besluit.", field="text")
    _require_ready(measure, verb)
    _step(actor, measure, verb, reason)


def _require_step(actor: Actor, measure: Measure, verb: str, version: int | None) -> None:
    """Lock the row, then check the policy, the state and the version."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, verb))
    if not rules.WORKFLOW.allows(measure.state, verb):
        state = rules.WORKFLOW.label(measure.state).lower()
        raise errors.Refused("Dit kan nu niet: de maatregel is %(staat)s.", staat=state)
    measure.require_version(version)
    _require_another_mailbox(actor, measure, verb)


def _require_another_mailbox(actor: Actor, measure: Measure, verb: str) -> None:
    """Refuse a judge, or a deputy of a judge, whose mailbox is that of an author under another name."""
    judges = (actor.person_id, policy.deputyship(actor, measure, Verb(verb)).on_behalf_id)
    if people.share_mailbox(judges, policy.authors(measure, verb)):
        raise errors.Refused("Dit is gedaan vanuit uw eigen e-mailadres: laat een ander het beoordelen.", field="text")


def _step(actor: Actor, measure: Measure, verb: str, reason: str = "") -> None:
    target = rules.WORKFLOW.target(measure.state, verb) or measure.state
    measure.state, measure.is_closed = target, target == State.CLOSED
    measure.effect = rules.EFFECTS.get(Verb(verb), "" if verb == Verb.DECIDE_ANEW else measure.effect)
    if verb == Verb.IMPLEMENT:
        measure.implemented_by = actor.person_id
        measure.implemented_for = policy.deputyship(actor, measure, Verb.IMPLEMENT).on_behalf_id
    _add_history(actor, measure, Verb(verb), reason)
    measure.touch()
    record(actor, AuditEvent(f"measure.{verb}"), measure, Verb(verb), state=target)


def _require_ready(measure: Measure, verb: str) -> None:
    """Raise Refused when the verb requires checked work or informed people, and that is not so."""
    checked, of = queries.done_of(measure) if verb == Verb.IMPLEMENT else (0, 0)
    if checked < of:
        raise errors.Refused("Er zijn nog %(n)d actiepunten niet getoetst.", n=of - checked, field="text")
    if verb == Verb.CLOSE and not (measure.informed_taken_on and measure.informed_realised_on):
        raise errors.Refused(
            "Leg eerst vast dat de betrokkenen zijn geïnformeerd, over het besluit en over de uitvoering.", field="text"
        )


def assign(
    actor: Actor, measure: Measure, owner: Person, next_report_on: date | None = None, version: int | None = None
) -> None:
    """Assign a measure to an owner; before the release only to somebody of its organisation (design 3, two rings)."""
    _require_step(actor, measure, Verb.ASSIGN, version)
    inside = _is_inside(owner.organisation_id, measure.organisation_id)
    if measure.released_at is None and not inside:
        raise errors.Refused("Deze maatregel is nog niet vrijgegeven: kies iemand uit het eigen huis.", field="owner")
    held = RoleGrant.valid_on(RoleGrant.person_id == owner.id, dates.today())
    held = held.where(RoleGrant.role == policy.signing_role(measure.kind))
    measure.owner_id, measure.next_report_on = owner.id, next_report_on
    measure.owner_inside = inside
    measure.owner_decides = db.session().scalar(held.with_only_columns(RoleGrant.id).limit(1)) is not None
    db.session().flush()
    db.session().expire(measure, ["owner"])
    _step(actor, measure, Verb.ASSIGN)


def write_working_text(actor: Actor, measure: Measure, text: str, version: int, title: str = "") -> None:
    """Write the neutral text for everybody outside the inner ring, and the title that goes with it.

    Readers outside the inner ring see neither until somebody else releases them.
    """
    db.lock(measure)
    errors.require(policy.may(actor, measure, Verb.WRITE))
    measure.require_version(version)
    if measure.released_at is not None:
        raise errors.Refused("De werktekst is al vrijgegeven en verandert niet meer.")
    measure.working, measure.title = text, title or measure.title
    measure.working_by = actor.person_id
    measure.working_for = policy.deputyship(actor, measure, Verb.WRITE).on_behalf_id
    _add_history(actor, measure, Verb.WRITE, "")
    measure.touch()
    record(actor, AuditEvent.WORKING_TEXT, measure, Verb.WRITE)


def release(actor: Actor, measure: Measure, version: int | None = None) -> None:
    """Let everybody with a role see the working text that was read; by somebody other than its writer."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, Verb.RELEASE))
    measure.require_version(version)
    _require_another_mailbox(actor, measure, Verb.RELEASE)
    if not measure.working.strip():
        raise errors.Refused("Er is nog geen werktekst om vrij te geven.")
    if measure.released_at is None:
        measure.released_at = dates.now()
        ties = sa.select(MeasureAction.action_id).where(MeasureAction.measure_id == measure.id)
        db.rows_affected(sa.update(Action).where(Action.id.in_(ties)).values(inner=False))
        _add_history(actor, measure, Verb.RELEASE, "")
        measure.touch()
        record(actor, AuditEvent.RELEASED, measure, Verb.RELEASE)


def inform(actor: Actor, measure: Measure, what: str, on: date) -> None:
    """Record *betrokkenen geïnformeerd*; `what` is a key of rules.INFORMED. Never who, how many or which case."""
    db.lock(measure)
    verb = rules.INFORMED[Informed(what)]
    errors.require(policy.may(actor, measure, verb))
    if measure.is_closed:
        raise errors.Refused("Deze maatregel is gesloten.", field="on")
    if on > dates.today():
        raise errors.Refused("Deze dag moet nog komen.", field="on")
    if on < measure.decided_on:
        raise errors.Refused("Dit ligt vóór het besluit.", field="on")
    if not rules.WORKFLOW.allows(measure.state, verb):
        raise errors.Refused("De maatregel is nog niet uitgevoerd.", field="on")
    if getattr(measure, column := f"{verb}_on") == on:
        return  # the form was sent twice
    setattr(measure, column, on)
    _add_history(actor, measure, verb, "")
    measure.touch()
    record(actor, AuditEvent(f"measure.{verb}"), measure, verb)


def move_deadline(actor: Actor, measure: Measure, due_on: date, reason: str, version: int) -> None:
    """Move the date, with a reason; the first date stays stored."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, Verb.DEADLINE))
    measure.require_version(version)
    if not rules.WORKFLOW.allows(measure.state, Verb.DEADLINE):
        raise errors.Refused("De maatregel is al uitgevoerd gemeld: de datum verschuift niet meer.", field="due_on")
    if rules.WORKFLOW[Verb.DEADLINE].needs_reason and not reason.strip():
        raise errors.Refused("Geef de grond voor de nieuwe datum.", field="text")
    if due_on < measure.decided_on:
        raise errors.Refused("Deze dag ligt vóór het besluit.", field="due_on")
    was = measure.move_due(due_on)
    _add_history(actor, measure, Verb.DEADLINE, deadlines.moved_text(was, due_on, reason))
    measure.touch()
    record(actor, AuditEvent.DEADLINE, measure, Verb.DEADLINE, due=due_on.isoformat())


def record(actor: Actor, event: AuditEvent, measure: Measure, verb: Verb = Verb.PLAN, **detail: Any) -> None:
    """Record an event about a measure, with the person a deputy acts for in the roles of the verb."""
    on_behalf_of = policy.deputyship(actor, measure, verb).on_behalf_of
    audit.record(actor, event, "measure", measure.id, on_behalf_of=on_behalf_of, **detail)


def _add_history(actor: Actor, measure: Measure, verb: Verb, text: str) -> None:
    entry = MeasureHistory(
        measure_id=measure.id,
        at=dates.now(),
        person_id=actor.person_id,
        on_behalf_of=policy.deputyship(actor, measure, verb).on_behalf_of,
        verb=verb,
        text=text.strip(),
    )
    db.session().add(entry)
