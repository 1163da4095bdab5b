"""The verbs on action points. Every one leaves a moment; ends and refusals leave a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import letters, policy, rules
from schakel.actions.models import Action, ActionMoment, Evidence
from schakel.audit import service as audit
from schakel.files import service as files
from schakel.identity import rules as identity
from schakel.identity.links import service as links
from schakel.identity.models import Person
from schakel.notifications import service as notifications
from schakel.slots import MenuItem

KEEP_LINK = timedelta(days=365)


@dataclass(frozen=True)
class Facts:
    """What is filled in about a new action point. `owner`: a person on record, or (name, e-mail) of somebody new."""

    title: str
    organisation_id: int
    owner: Person | tuple[str, str]
    requester_id: int
    text: str = ""
    tier: str = "action"
    theme_id: int | None = None
    due_on: date | None = None
    checker_id: int | None = None
    inner: bool = False


def create(actor: Actor, facts: Facts) -> Action:
    """Propose an action point to its owner, who gets a mail with a link. The cause is tied by the calling feature."""
    errors.require(policy.may_coordinate(actor, facts.organisation_id))
    owner = facts.owner if isinstance(facts.owner, Person) else outside_owner(*facts.owner)
    if facts.checker_id == owner.id:
        raise errors.Refused("De eigenaar kan niet het eigen werk toetsen.", field="checker")
    now = dates.now()
    action = Action(
        organisation_id=facts.organisation_id,
        theme_id=facts.theme_id,
        tier=facts.tier,
        title=facts.title,
        text=facts.text,
        state="proposed",
        requester_id=facts.requester_id,
        owner_id=owner.id,
        checker_id=facts.checker_id,
        inner=facts.inner,
        due_on=facts.due_on,
        first_due_on=facts.due_on,
        due_moves=0,
        due_sort=facts.due_on or rules.FAR,
        version=1,
        created_at=now,
        changed_at=now,
    )
    db.session().add(action)
    db.session().flush()
    _note(actor, action, "propose", "")
    mark = links.make(policy.LINK, action.id, now + KEEP_LINK)
    if actor.came != "system:seeds":
        tell_owner(action, letters.proposed(action, mark))
    audit.record(actor, "action.proposed", "action", action.id, owner=owner.id, tier=facts.tier)
    return action


def outside_owner(name: str, email: str) -> Person:
    """The person with this name and address, put on record when new; no account is made."""
    folded = identity.fold(email)
    for person in db.session().query(Person).filter_by(folded_email=folded):
        if identity.fold(person.name) == identity.fold(name):
            return person
    person = Person(name=name, email=email, folded_email=folded)
    db.session().add(person)
    db.session().flush()
    return person


def move(actor: Actor, action: Action, verb: str, text: str = "", next_report_on: date | None = None) -> None:
    """Do one of rules.MOVES; Refused when the state does not allow it, a reason or the evidence is missing."""
    errors.require(policy.may(actor, action, verb))
    target = rules.next_state(action.state, verb)
    if target is None:
        raise errors.Refused("Dit kan nu niet: het actiepunt is %(staat)s.", staat=rules.STATES[action.state].lower())
    if rules.MOVES[verb][2] and not text.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom, of hoe het staat.", field="text")
    if verb == "done" and not action.evidence:
        raise errors.Refused("Voeg eerst onderbouwing toe: een tekst, een link of een bestand.", field="text")
    action.state = target
    if verb in ("report", "hold", "accept", "resume"):
        action.next_report_on = next_report_on
    if verb == "check":
        action.checker_id = actor.person_id or action.checker_id
    _note(actor, action, verb, text)
    _touch(action)
    _tell(action, verb, text)
    audit.record(
        actor, f"action.{verb}", "action", action.id, state=target, under=(action.organisation_id, *policy.DIRECTING)
    )


def move_deadline(actor: Actor, action: Action, due_on: date, reason: str, version: int) -> None:
    """Move the date, with a reason; the first date stays on record and the moves are counted."""
    errors.require(policy.may_direct(actor, action))
    if action.version != version:
        raise errors.Stale(action)
    if not reason.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom de datum verschuift.", field="text")
    if action.state in rules.FINAL:
        raise errors.Refused("Dit actiepunt is afgesloten.")
    was = action.due_on
    action.due_on, action.due_sort = due_on, due_on
    action.first_due_on = action.first_due_on or due_on
    action.due_moves += was is not None and was != due_on
    said = f"Van {dates.nl_date(was)} naar {dates.nl_date(due_on)}: " if was else f"{dates.nl_date(due_on)}: "
    _note(actor, action, "deadline", said + reason)
    _touch(action)
    audit.record(
        actor,
        "action.deadline",
        "action",
        action.id,
        due=due_on.isoformat(),
        under=(action.organisation_id, *policy.DIRECTING),
    )


def give_to(actor: Actor, action: Action, owner: Person | tuple[str, str]) -> None:
    """Give a returned or not yet accepted action point to another owner; the old link dies."""
    errors.require(policy.may_direct(actor, action))
    if action.state not in ("returned", "proposed"):
        raise errors.Refused("Dit actiepunt is al aangenomen.")
    person = owner if isinstance(owner, Person) else outside_owner(*owner)
    action.owner_id, action.state = person.id, "proposed"
    db.session().flush()
    db.session().expire(action, ["owner"])
    _note(actor, action, "propose", "")
    _touch(action)
    tell_owner(action, letters.proposed(action, links.renew(policy.LINK, action.id)))
    audit.record(actor, "action.given", "action", action.id, owner=person.id)


def add_evidence(
    actor: Actor, action: Action, text: str, url: str, upload: tuple[str, bytes] | None, at: datetime | None = None
) -> Evidence:
    """Add *onderbouwing*: a text, a link or a file (name, bytes) that is judged by its content."""
    errors.require(policy.may(actor, action, "done"))
    if action.state in rules.FINAL:
        raise errors.Refused("Dit actiepunt is afgesloten.")
    if not (text.strip() or url or upload):
        raise errors.Refused("Vul een tekst of een link in, of kies een bestand.", field="text")
    file = files.keep(*upload) if upload else None
    made = Evidence(
        action_id=action.id,
        at=at or dates.now(),
        person_id=_person(actor, action),
        text=text,
        url=url,
        file_id=file.id if file else None,
    )
    action.evidence.append(made)
    _note(actor, action, "evidence", "")
    _touch(action)
    db.session().flush()
    audit.record(actor, "action.evidence", "action", action.id, evidence=made.id)
    return made


def _person(actor: Actor, action: Action) -> int | None:
    return actor.person_id or (action.owner_id if policy.came_for(actor) == action.id else None)


def _note(actor: Actor, action: Action, kind: str, text: str) -> None:
    moment = ActionMoment(
        action_id=action.id, at=dates.now(), person_id=_person(actor, action), kind=kind, text=text.strip()
    )
    db.session().add(moment)


def _touch(action: Action) -> None:
    action.version += 1
    action.changed_at = dates.now()


def _tell(action: Action, verb: str, text: str) -> None:
    """Mails that a verb brings: to the owner when sent back, to the requester when returned or done."""
    mark = links.mark(policy.LINK, action.id) if verb == "send_back" else ""
    if verb == "send_back":
        tell_owner(action, letters.sent_back(action, text, mark))
    elif verb in ("return", "done") and action.requester_id != action.owner_id:
        letter = letters.returned(action, text) if verb == "return" else letters.reported_done(action)
        _queue(action, letter, action.requester)


def tell_owner(action: Action, letter: notifications.Letter) -> None:
    """A mail to the owner."""
    _queue(action, letter, action.owner)


def _queue(action: Action, letter: notifications.Letter, person: Person) -> None:
    sender = notifications.Sender(action.organisation.short, "")
    notifications.queue(letter, (person.name, person.email), sender, (policy.LINK, str(action.id)))


def menu(actor: Actor) -> list[MenuItem]:
    """The door to the action points (slot `menu`)."""
    return [MenuItem("Actiepunten", "/actiepunten", position=30)] if actor.is_known else []
