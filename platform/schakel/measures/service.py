"""The verbs on measures. Every one is a moment with who, when and on what ground."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import rules as action_rules
from schakel.actions.models import Action
from schakel.audit import service as audit
from schakel.identity.models import Organisation, Person, RoleGrant
from schakel.measures import policy, rules
from schakel.measures.models import UNDER, Measure, MeasureAction, MeasureMoment, MeasureTheme


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
    nonce: str | None = None


def decide(actor: Actor, facts: Facts) -> Measure:
    """Put a measure on record as decided: it came from a ruling, so it is not proposed (design 3).

    Out of a ruling its owner is the medical director until it is given to somebody. The same nonce gives the same one.
    """
    errors.require(policy.may_decide(actor))
    if actor.came != policy.SEEDS:
        errors.require(actor.holds(*policy.DECIDERS, organisation_id=facts.organisation_id))
    _check(facts)
    db.lock(errors.found(db.session().get(Organisation, facts.organisation_id)))  # one number at a time
    known = db.session().scalar(sa.select(Measure).where(Measure.nonce == facts.nonce)) if facts.nonce else None
    if known:
        return known
    measure = _decided(facts)
    if facts.cause_kind == "committee" and (director := _holder(facts.organisation_id, "medical_director")):
        measure.owner_id, measure.owner_decides = director, policy.signs(facts.kind) == "medical_director"
    _note(actor, measure, "decide", "")
    record(actor, "decided", measure, cause=facts.cause_kind)
    return measure


def _check(facts: Facts) -> None:
    if facts.cause_kind not in rules.CAUSES:
        raise errors.Refused("Kies waar deze maatregel uit voortkomt.", field="cause_kind")
    if facts.due_on is None and rules.must_have_date(facts.cause_kind):
        raise errors.Refused(
            "Een maatregel uit een oordeel heeft een termijn nodig (Wkkgz, artikel 17).", field="due_on"
        )
    if wrong := rules.wrong_dates(facts.decided_on, facts.due_on, facts.cause_year, dates.today()):
        raise errors.Refused(wrong[1], field=wrong[0])
    if facts.department_id is not None and not _in_house(facts.department_id, facts.organisation_id):
        raise errors.Refused("Deze afdeling hoort niet bij deze organisatie.", field="department")


def _in_house(organisation_id: int | None, house: int) -> bool:
    tree = Organisation.with_all_below({house}).subquery()
    inside = sa.select(sa.func.count()).select_from(tree).where(tree.c.id == organisation_id)
    return bool(db.session().scalar(inside))


def _holder(house: int, role: str) -> int | None:
    """Who holds a role over the house today; the longest on record when there are more."""
    held = RoleGrant.valid_on(sa.true(), dates.today()).where(
        RoleGrant.role == role, RoleGrant.organisation_id == house
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
        state="decided",
        is_closed=False,
        strength=facts.strength,
        decided_on=facts.decided_on,
        due_on=facts.due_on,
        first_due_on=facts.due_on,
        due_sort=facts.due_on or rules.FAR,
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
    letter = "T" if facts.kind == "commitment" else "M"
    start = f"{letter}-{facts.decided_on.year}-"
    count = sa.select(sa.func.count(Measure.id)).where(
        Measure.organisation_id == facts.organisation_id, Measure.number.startswith(start)
    )
    return f"{start}{(db.session().scalar(count) or 0) + 1:03d}"


def move(actor: Actor, measure: Measure, verb: str, ground: str = "", version: int | None = None) -> None:
    """Do one of rules.MOVES; Refused when the state, the ground or what lies under it does not allow it.

    `version`: what the actor was shown; Stale when somebody did something since, also in the same second.
    """
    _may_step(actor, measure, verb, version)
    if rules.MOVES[verb][2] and not ground.strip():
        raise errors.Refused("Geef de grond voor dit besluit.", field="text")
    _ripe(measure, verb)
    _step(actor, measure, verb, ground)


def _may_step(actor: Actor, measure: Measure, verb: str, version: int | None) -> None:
    """Under the lock of the row: who may, whether the state allows it, and whether it is as the actor was shown."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, verb))
    if rules.next_state(measure.state, verb) is None:
        raise errors.Refused("Dit kan nu niet: de maatregel is %(staat)s.", staat=rules.STATES[measure.state].lower())
    _same_version(measure, version)


def _step(actor: Actor, measure: Measure, verb: str, ground: str = "") -> None:
    target = rules.MOVES[verb][1]
    measure.state, measure.is_closed = target, target == "closed"
    measure.effect = rules.EFFECTS.get(verb, "" if verb == "decide_anew" else measure.effect)
    if verb == "implement":
        measure.implemented_by = actor.person_id
    _note(actor, measure, verb, ground)
    _touch(measure)
    record(actor, verb, measure, state=target)


def _ripe(measure: Measure, verb: str) -> None:
    """What must be so before a step."""
    if verb == "implement" and (left := _unfinished(measure)):
        raise errors.Refused("Er zijn nog %(n)d actiepunten niet getoetst.", n=left, field="text")
    if verb == "close" and not (measure.informed_taken_on and measure.informed_realised_on):
        raise errors.Refused(
            "Leg eerst vast dat de betrokkenen zijn geïnformeerd, over het besluit en over de uitvoering.", field="text"
        )


def _same_version(measure: Measure, version: int | None) -> None:
    if version is not None and measure.version != version:
        raise errors.Stale(measure)


def _unfinished(measure: Measure) -> int:
    made = sa.select(sa.func.count()).select_from(MeasureAction).join(Action, Action.id == MeasureAction.action_id)
    open_ones = made.where(
        MeasureAction.measure_id == measure.id,
        MeasureAction.state.in_(UNDER),
        Action.state.not_in(action_rules.FINAL),
    )
    return db.session().scalar(open_ones) or 0


def assign(
    actor: Actor, measure: Measure, owner: Person, next_report_on: date | None = None, version: int | None = None
) -> None:
    """Give a measure an owner; before it is released only somebody of the own house (design 3, two rings)."""
    _may_step(actor, measure, "assign", version)
    inside = _in_house(owner.organisation_id, measure.organisation_id)
    if measure.released_at is None and not inside:
        raise errors.Refused("Deze maatregel is nog niet vrijgegeven: kies iemand uit het eigen huis.", field="owner")
    held = RoleGrant.valid_on(RoleGrant.person_id == owner.id, dates.today())
    held = held.where(RoleGrant.role == policy.signs(measure.kind))
    measure.owner_id, measure.next_report_on = owner.id, next_report_on
    measure.owner_inside = inside
    measure.owner_decides = db.session().scalar(held.with_only_columns(RoleGrant.id).limit(1)) is not None
    db.session().flush()
    db.session().expire(measure, ["owner"])
    _step(actor, measure, "assign")


def write_working_text(actor: Actor, measure: Measure, text: str, version: int, title: str = "") -> None:
    """Write the neutral text for everybody outside the inner ring, and the title that goes with it.

    Neither is shown until somebody else releases them.
    """
    db.lock(measure)
    errors.require(policy.may(actor, measure, "write"))
    _same_version(measure, version)
    if measure.released_at is not None:
        raise errors.Refused("De werktekst is al vrijgegeven en verandert niet meer.")
    measure.working, measure.working_by, measure.title = text, actor.person_id, title or measure.title
    _note(actor, measure, "write", "")
    _touch(measure)
    record(actor, "working_text", measure)


def release(actor: Actor, measure: Measure, version: int | None = None) -> None:
    """Let everybody with a role see the working text that was read; by another than its writer."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, "release"))
    _same_version(measure, version)
    if not measure.working.strip():
        raise errors.Refused("Er is nog geen werktekst om vrij te geven.")
    if measure.released_at is None:
        measure.released_at = dates.now()
        ties = sa.select(MeasureAction.action_id).where(MeasureAction.measure_id == measure.id)
        db.changed(sa.update(Action).where(Action.id.in_(ties)).values(inner=False))
        _note(actor, measure, "release", "")
        _touch(measure)
        record(actor, "released", measure)


def inform(actor: Actor, measure: Measure, what: str, on: date) -> None:
    """Record *betrokkenen geïnformeerd*: `what` is taken or realised. Never who, how many or which case."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, "inform"))
    if measure.is_closed:
        raise errors.Refused("Deze maatregel is gesloten.", field="on")
    if on > dates.today():
        raise errors.Refused("Deze dag moet nog komen.", field="on")
    if on < measure.decided_on:
        raise errors.Refused("Dit ligt vóór het besluit.", field="on")
    if what == "realised" and rules.REACHED[measure.state] < rules.REACHED["implemented"]:
        raise errors.Refused("De maatregel is nog niet uitgevoerd.", field="on")
    if getattr(measure, moment := f"informed_{what}_on") == on:
        return  # sent twice
    setattr(measure, moment, on)
    _note(actor, measure, f"informed_{what}", "")
    _touch(measure)
    record(actor, f"informed_{what}", measure)


def move_deadline(actor: Actor, measure: Measure, due_on: date, ground: str, version: int) -> None:
    """Move the date, with a ground; the first date stays."""
    db.lock(measure)
    errors.require(policy.may(actor, measure, "deadline"))
    _same_version(measure, version)
    if measure.state not in rules.OPEN_TO_ACTIONS:
        raise errors.Refused("De maatregel is al uitgevoerd gemeld: de datum verschuift niet meer.", field="due_on")
    if not ground.strip():
        raise errors.Refused("Geef de grond voor de nieuwe datum.", field="text")
    if due_on < measure.decided_on:
        raise errors.Refused("Deze dag ligt vóór het besluit.", field="due_on")
    was = dates.nl_date(measure.due_on) if measure.due_on else "geen datum"
    measure.due_on = measure.due_sort = due_on
    measure.first_due_on = measure.first_due_on or due_on
    _note(actor, measure, "deadline", f"Van {was} naar {dates.nl_date(due_on)}: {ground}")
    _touch(measure)
    record(actor, "deadline", measure, due=due_on.isoformat())


def record(actor: Actor, what: str, measure: Measure, **detail: Any) -> None:
    """Put a step on record, with for whom a deputy acts."""
    under = (measure.organisation_id, *policy.INNER, "complaints_officer", "department_head")
    audit.record(actor, f"measure.{what}", "measure", measure.id, under=under, **detail)


def _note(actor: Actor, measure: Measure, kind: str, text: str) -> None:
    house = measure.organisation_id
    db.session().add(
        MeasureMoment(
            measure_id=measure.id,
            at=dates.now(),
            person_id=actor.person_id,
            on_behalf_of=actor.on_behalf(house, *policy.INNER, "complaints_officer", "department_head"),
            kind=kind,
            text=text.strip(),
        )
    )


def _touch(measure: Measure) -> None:
    measure.version += 1
    measure.changed_at = dates.now()
