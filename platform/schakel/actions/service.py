"""The verbs on action points. Every one leaves a moment; ends and refusals leave a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.actions import letters, policy, rules
from schakel.actions.models import Action, ActionMoment, Evidence
from schakel.audit import service as audit
from schakel.files import service as files
from schakel.identity import service as people
from schakel.identity.links import service as links
from schakel.identity.models import Organisation, Person
from schakel.notifications import service as notifications

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
    nonce: str | None = None


def create(actor: Actor, facts: Facts) -> Action:
    """Propose an action point to its owner, who gets a mail with a link. The same nonce gives the same action point.

    The calling feature ties the cause, and asks first whether the actor may: the cause decides who makes action points.
    """
    if facts.nonce and (known := _made_before(facts.nonce)):
        return known
    owner = _owner(facts.owner, facts.organisation_id, facts.inner)
    if facts.checker_id == owner.id:
        raise errors.Refused("De eigenaar kan niet het eigen werk toetsen.", field="checker")
    try:
        with db.session().begin_nested():
            action = _new(facts, owner)
    except sa.exc.IntegrityError:
        return errors.found(_made_before(facts.nonce))
    _note(actor, action, "propose", "")
    mark = links.make(policy.LINK, action.id, dates.now() + KEEP_LINK)
    if actor.came != "system:seeds":
        tell_owner(action, letters.proposed(action, mark))
    audit.record(actor, "action.proposed", "action", action.id, owner=owner.id, tier=facts.tier, under=_under(action))
    return action


def _made_before(nonce: str | None) -> Action | None:
    return db.session().scalar(sa.select(Action).where(Action.nonce == nonce)) if nonce else None


def _new(facts: Facts, owner: Person) -> Action:
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
        nonce=facts.nonce,
        version=1,
        created_at=now,
        changed_at=now,
    )
    db.session().add(action)
    db.session().flush()
    return action


def _owner(wanted: Person | tuple[str, str], organisation_id: int, inner: bool) -> Person:
    """Who will own it; under a measure that is not released only somebody of the own house (two rings)."""
    no = "Deze maatregel is nog niet vrijgegeven: kies iemand uit het eigen huis."
    if not isinstance(wanted, Person):
        if inner:
            raise errors.Refused(no, field="owner")
        return people.known_or_new(*wanted, organisation_id)
    houses = [
        db.session().scalar(Organisation.house_of(number)) for number in (wanted.organisation_id, organisation_id)
    ]
    if inner and houses[0] != houses[1]:
        raise errors.Refused(no, field="owner")
    return wanted


def move(
    actor: Actor,
    action: Action,
    verb: str,
    text: str = "",
    next_report_on: date | None = None,
    version: int | None = None,
) -> None:
    """Do one of rules.MOVES; Refused when the state does not allow it, a reason or the evidence is missing.

    `version`: what the actor was shown; Stale when somebody did something since, also in the same second.
    """
    target = _may_move(actor, action, verb, text, version)
    if verb == "done" and rules.needs_proof(action.tier) and not action.evidence:
        add_evidence(actor, action, text, "", None)  # what is told here is what proves it
    action.state = target
    if verb in ("report", "hold", "accept", "resume"):
        action.next_report_on = next_report_on
    if verb == "check":
        action.checker_id = actor.person_id or action.checker_id
    _note(actor, action, verb, text)
    _touch(action)
    _tell(actor, action, verb, text)
    audit.record(actor, f"action.{verb}", "action", action.id, state=target, under=_under(action))


def _may_move(actor: Actor, action: Action, verb: str, text: str, version: int | None) -> str:
    """The state a verb leads to, under the lock of the row; raises what forbids it."""
    db.lock(action)
    errors.require(policy.may(actor, action, verb))
    target = rules.next_state(action.state, verb)
    if target is None:
        raise errors.Refused("Dit kan nu niet: het actiepunt is %(staat)s.", staat=rules.STATES[action.state].lower())
    if version is not None and action.version != version:
        raise errors.Stale(action)
    if rules.MOVES[verb][2] and not text.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom, of hoe het staat.", field="text")
    if verb == "done" and rules.needs_proof(action.tier) and not (action.evidence or text.strip()):
        raise errors.Refused(
            "Voeg onderbouwing toe: vertel hier wat laat zien dat het klaar is, of voeg een link of een bestand toe.",
            field="text",
        )
    if verb in ("check", "send_back") and _same_mailbox(actor, action.owner):
        raise errors.Refused("Dit actiepunt staat op uw eigen e-mailadres: laat een ander het toetsen.", field="text")
    return target


def _same_mailbox(actor: Actor, owner: Person) -> bool:
    """Whether the owner reads the actor's own mailbox under another name."""
    judge = db.session().get(Person, actor.person_id) if actor.person_id else None
    return judge is not None and judge.folded_email == owner.folded_email


def _under(action: Action) -> tuple[int | str, ...]:
    """Where, and in which roles, somebody acts on it: with this audit names for whom a deputy acts."""
    return (action.organisation_id, *policy.DIRECTING)


def move_deadline(actor: Actor, action: Action, due_on: date, reason: str, version: int) -> None:
    """Move the date, with a reason; the first date stays on record and the moves are counted."""
    db.lock(action)
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
    if was != due_on:
        mark = links.mark(policy.LINK, action.id)
        _tell_others(actor, action, [(action.owner, letters.deadline(action, said + reason, mark))])
    audit.record(actor, "action.deadline", "action", action.id, due=due_on.isoformat(), under=_under(action))


def give_to(actor: Actor, action: Action, owner: Person | tuple[str, str], version: int | None = None) -> None:
    """Give a returned or not yet accepted action point to another owner; the old link dies."""
    db.lock(action)
    errors.require(policy.may_direct(actor, action))
    if action.state not in ("returned", "proposed"):
        raise errors.Refused("Dit actiepunt is al aangenomen.")
    if version is not None and action.version != version:
        raise errors.Stale(action)
    person = _owner(owner, action.organisation_id, action.inner)
    action.owner_id, action.state = person.id, "proposed"
    db.session().flush()
    db.session().expire(action, ["owner"])
    _note(actor, action, "propose", "")
    _touch(action)
    tell_owner(action, letters.proposed(action, links.renew(policy.LINK, action.id)))
    audit.record(actor, "action.given", "action", action.id, owner=person.id, under=_under(action))


def add_evidence(
    actor: Actor, action: Action, text: str, url: str, upload: tuple[str, bytes] | None, at: datetime | None = None
) -> Evidence:
    """Add *onderbouwing*: a text, a link or a file (name, bytes), judged by its content; twice the same is one."""
    db.lock(action)
    errors.require(policy.may(actor, action, "done"))
    if action.state not in rules.PROVING:
        raise errors.Refused("Onderbouwing hoort bij werk dat is aangenomen en nog niet gereedgemeld.", field="text")
    if not (text.strip() or url or upload):
        raise errors.Refused("Vul een tekst of een link in, of kies een bestand.", field="text")
    sha256 = files.fingerprint(upload)
    if known := next((item for item in action.evidence if item.says(text, url, sha256)), None):
        return known
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
    audit.record(actor, "action.evidence", "action", action.id, evidence=made.id, under=_under(action))
    return made


def _person(actor: Actor, action: Action) -> int | None:
    return actor.person_id or (action.owner_id if policy.came_for(actor) == action.id else None)


def _note(actor: Actor, action: Action, kind: str, text: str) -> None:
    moment = ActionMoment(
        action_id=action.id,
        at=dates.now(),
        person_id=_person(actor, action),
        on_behalf_of=actor.on_behalf(action.organisation_id, *policy.DIRECTING),
        kind=kind,
        text=text.strip(),
    )
    db.session().add(moment)


def _touch(action: Action) -> None:
    action.version += 1
    action.changed_at = dates.now()


def _tell(actor: Actor, action: Action, verb: str, text: str) -> None:
    """Mails that a verb brings. Whoever asked hears how it ends, and so does whoever did it."""
    mark = links.mark(policy.LINK, action.id) if verb in letters.WITH_LINK else ""
    _tell_others(actor, action, letters.brought_by(verb, action, text, mark))


def _tell_others(actor: Actor, action: Action, told: list[tuple[Person, notifications.Letter]]) -> None:
    """One mail each to who did not do it themselves. The stories are loaded without mail."""
    done: set[int | None] = {_person(actor, action)}
    for person, letter in told:
        if person.id not in done and actor.came != "system:seeds":
            _queue(action, letter, person)
        done.add(person.id)


def tell_owner(action: Action, letter: notifications.Letter) -> None:
    """A mail to the owner."""
    _queue(action, letter, action.owner)


def _queue(action: Action, letter: notifications.Letter, person: Person) -> None:
    sender = notifications.Sender(action.organisation.short, "")
    notifications.queue(letter, (person.name, person.email), sender, (policy.LINK, str(action.id)))
