"""The verbs on measures. Every one is a moment with who, when and on what ground."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import rules as action_rules
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.audit import service as audit
from schakel.identity.models import Organisation, Person
from schakel.measures import policy, rules
from schakel.measures.models import Measure, MeasureAction, MeasureMoment, MeasureTheme
from schakel.slots import MenuItem


@dataclass(frozen=True)
class Facts:
    """What is decided. `number` is made when left out."""

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


def decide(actor: Actor, facts: Facts) -> Measure:
    """Put a measure on record as decided: it came from a ruling, so it is not proposed (design 3)."""
    errors.require(policy.may_decide(actor))
    if actor.came != policy.SEEDS:
        errors.require(actor.holds(*policy.DECIDERS, organisation_id=facts.organisation_id))
    if facts.cause_kind not in rules.CAUSES:
        raise errors.Refused("Kies waar deze maatregel uit voortkomt.", field="cause_kind")
    if facts.due_on is None and rules.must_have_date(facts.cause_kind):
        raise errors.Refused(
            "Een maatregel uit een oordeel heeft een termijn nodig (Wkkgz, artikel 17).", field="due_on"
        )
    measure = _decided(facts)
    _note(actor, measure, "decide", "")
    audit.record(
        actor,
        "measure.decided",
        "measure",
        measure.id,
        cause=facts.cause_kind,
        under=(measure.organisation_id, *policy.INNER, "department_head"),
    )
    return measure


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
        state="decided",
        is_closed=False,
        strength=facts.strength,
        decided_on=facts.decided_on,
        due_on=facts.due_on,
        first_due_on=facts.due_on,
        due_sort=facts.due_on or rules.FAR,
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
    letter = "T" if facts.kind == "commitment" else "M"
    start = f"{letter}-{facts.decided_on.year}-"
    count = sa.select(sa.func.count(Measure.id)).where(
        Measure.organisation_id == facts.organisation_id, Measure.number.startswith(start)
    )
    return f"{start}{(db.session().scalar(count) or 0) + 1:03d}"


def move(actor: Actor, measure: Measure, verb: str, ground: str = "") -> None:
    """Do one of rules.MOVES; Refused when the state, the ground or what lies under it does not allow it."""
    errors.require(policy.may(actor, measure, verb))
    target = rules.next_state(measure.state, verb)
    if target is None:
        raise errors.Refused("Dit kan nu niet: de maatregel is %(staat)s.", staat=rules.STATES[measure.state].lower())
    if rules.MOVES[verb][2] and not ground.strip():
        raise errors.Refused("Geef de grond voor dit besluit.", field="text")
    if verb == "assign" and measure.owner_id is None:
        raise errors.Refused("Kies eerst een eigenaar.", field="owner")
    if verb == "implement" and (left := _unfinished(measure)):
        raise errors.Refused("Er zijn nog %(n)d actiepunten niet getoetst.", n=left, field="text")
    if verb == "close" and measure.informed_realised_on is None:
        raise errors.Refused("Leg eerst vast dat de betrokkenen zijn geïnformeerd over de uitvoering.", field="text")
    measure.state, measure.is_closed = target, target == "closed"
    _note(actor, measure, verb, ground)
    _touch(measure)
    audit.record(
        actor,
        f"measure.{verb}",
        "measure",
        measure.id,
        state=target,
        under=(measure.organisation_id, *policy.INNER, "department_head"),
    )


def _unfinished(measure: Measure) -> int:
    made = sa.select(sa.func.count()).select_from(MeasureAction).join(Action, Action.id == MeasureAction.action_id)
    open_ones = made.where(
        MeasureAction.measure_id == measure.id,
        MeasureAction.state == "made",
        Action.state.not_in(action_rules.FINAL),
    )
    return db.session().scalar(open_ones) or 0


def assign(actor: Actor, measure: Measure, owner: Person, next_report_on: date | None = None) -> None:
    """Give a measure an owner; before it is released only somebody of the own house (design 3, two rings)."""
    errors.require(policy.may(actor, measure, "assign"))
    if measure.released_at is None and not _of_the_house(measure, owner):
        raise errors.Refused("Deze maatregel is nog niet vrijgegeven: kies iemand uit het eigen huis.", field="owner")
    measure.owner_id, measure.next_report_on = owner.id, next_report_on
    db.session().flush()
    db.session().expire(measure, ["owner"])
    move(actor, measure, "assign")


def _of_the_house(measure: Measure, person: Person) -> bool:
    tree = Organisation.with_all_below({measure.organisation_id}).subquery()
    inside = sa.select(sa.func.count()).select_from(tree).where(tree.c.id == person.organisation_id)
    return bool(db.session().scalar(inside))


def write_working_text(actor: Actor, measure: Measure, text: str, version: int) -> None:
    """Write the neutral text for everybody outside the inner ring; it is not shown until somebody else releases it."""
    errors.require(policy.may(actor, measure, "write"))
    if measure.version != version:
        raise errors.Stale(measure)
    if measure.released_at is not None:
        raise errors.Refused("De werktekst is al vrijgegeven en verandert niet meer.")
    measure.working, measure.working_by = text, actor.person_id
    _note(actor, measure, "write", "")
    _touch(measure)
    audit.record(actor, "measure.working_text", "measure", measure.id)


def release(actor: Actor, measure: Measure) -> None:
    """Let everybody with a role see the working text; by another than its writer."""
    errors.require(policy.may(actor, measure, "release"))
    if not measure.working.strip():
        raise errors.Refused("Er is nog geen werktekst om vrij te geven.")
    if measure.released_at is None:
        measure.released_at = dates.now()
        ties = sa.select(MeasureAction.action_id).where(MeasureAction.measure_id == measure.id)
        db.changed(sa.update(Action).where(Action.id.in_(ties)).values(inner=False))
        _note(actor, measure, "release", "")
        _touch(measure)
        audit.record(actor, "measure.released", "measure", measure.id)


def inform(actor: Actor, measure: Measure, what: str, on: date) -> None:
    """Record *betrokkenen geïnformeerd*: `what` is taken or realised. Never who, how many or which case."""
    errors.require(policy.may(actor, measure, "inform"))
    if on > dates.today():
        raise errors.Refused("Deze dag moet nog komen.", field="on")
    if on < measure.decided_on:
        raise errors.Refused("Dit ligt vóór het besluit.", field="on")
    if what == "realised" and rules.REACHED[measure.state] < rules.REACHED["implemented"]:
        raise errors.Refused("De maatregel is nog niet uitgevoerd.", field="on")
    setattr(measure, "informed_taken_on" if what == "taken" else "informed_realised_on", on)
    _note(actor, measure, f"informed_{what}", "")
    _touch(measure)
    audit.record(actor, f"measure.informed_{what}", "measure", measure.id)


def move_deadline(actor: Actor, measure: Measure, due_on: date, ground: str, version: int) -> None:
    """Move the date, with a ground; the first date stays."""
    errors.require(policy.may(actor, measure, "deadline"))
    if measure.version != version:
        raise errors.Stale(measure)
    if not ground.strip():
        raise errors.Refused("Geef de grond voor de nieuwe datum.", field="text")
    was = dates.nl_date(measure.due_on) if measure.due_on else "geen datum"
    measure.due_on = measure.due_sort = due_on
    measure.first_due_on = measure.first_due_on or due_on
    _note(actor, measure, "deadline", f"Van {was} naar {dates.nl_date(due_on)}: {ground}")
    _touch(measure)
    audit.record(actor, "measure.deadline", "measure", measure.id, due=due_on.isoformat())


def make_action(actor: Actor, measure: Measure, facts: actions.Facts) -> Action:
    """An action point for this measure: proposed to its owner, tied at once."""
    errors.require(policy.may(actor, measure, "plan") or policy.may(actor, measure, "start"))
    action = actions.create(actor, replace(facts, inner=measure.released_at is None))
    put_under(actor, measure, action)
    return action


def put_under(actor: Actor, measure: Measure, action: Action) -> None:
    """Tie an action point that was made for this measure; it ends at checked, the effect is the measure's."""
    errors.require(policy.may(actor, measure, "plan") or policy.may(actor, measure, "start"))
    db.insert_once(
        MeasureAction, measure_id=measure.id, action_id=action.id, state="made", proposed_by="", at=dates.now()
    )
    audit.record(actor, "measure.action", "measure", measure.id, action=action.id)


def _note(actor: Actor, measure: Measure, kind: str, text: str) -> None:
    db.session().add(
        MeasureMoment(measure_id=measure.id, at=dates.now(), person_id=actor.person_id, kind=kind, text=text.strip())
    )


def _touch(measure: Measure) -> None:
    measure.version += 1
    measure.changed_at = dates.now()


def menu(actor: Actor) -> list[MenuItem]:
    """The door to the measures, for every role (slot `menu`)."""
    return [MenuItem("Maatregelen", "/maatregelen", position=40)] if actor.is_known and policy.sees_any(actor) else []
