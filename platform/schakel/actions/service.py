"""The services on action points. Each adds to the history; cancelling and refusing require a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, deadlines, errors
from schakel.access import Actor
from schakel.actions import letters, policy, queries, rules
from schakel.actions.models import Action, ActionHistory, Evidence
from schakel.actions.rules import AuditEvent, State, Tier, Verb
from schakel.audit import service as audit
from schakel.files import service as files
from schakel.history import first_due
from schakel.i18n import N_
from schakel.identity import queries as identity
from schakel.identity import service as people
from schakel.identity.links import service as links
from schakel.identity.models import Organisation, Person
from schakel.notifications import service as notifications

LINK_LASTS = timedelta(days=365)


@dataclass(frozen=True)
class Facts:
    """The data of a new action point. `owner`: a stored person, or (name, e-mail) of a new one."""

    title: str
    organisation_id: int
    owner: Person | tuple[str, str]
    requester_id: int
    text: str = ""
    tier: str = Tier.ACTION
    theme_id: int | None = None
    due_on: date | None = None
    checker_id: int | None = None
    inner: bool = False
    nonce: str | None = None


def create(actor: Actor, facts: Facts) -> Action:
    """Propose an action point to its owner, who gets a mail with a link. The same nonce gives the same action point.

    The calling feature stores the cause in the same transaction, and checks its own policy on that cause.
    """
    errors.require(policy.may_create(actor, facts.organisation_id, facts.requester_id))
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
    _add_history(actor, action, Verb.PROPOSE, "")
    link = links.make(policy.LINK, action.id, dates.now() + LINK_LASTS)
    _queue(action, letters.proposed(action, link), owner)
    _record(actor, AuditEvent.PROPOSED, action, Verb.PROPOSE, owner=owner.id, tier=facts.tier)
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
        state=State.PROPOSED,
        requester_id=facts.requester_id,
        owner_id=owner.id,
        checker_id=facts.checker_id,
        inner=facts.inner,
        **first_due(facts.due_on),
        nonce=facts.nonce,
        version=1,
        created_at=now,
        changed_at=now,
    )
    db.session().add(action)
    db.session().flush()
    return action


def _owner(wanted: Person | tuple[str, str], organisation_id: int, inner: bool) -> Person:
    """Return the owner. Raises Refused when `inner` and the owner is of another organisation (design 3, two rings)."""
    no = N_("Deze maatregel is nog niet vrijgegeven: kies iemand uit het eigen huis.")
    if not isinstance(wanted, Person):
        if inner:
            raise errors.Refused(no, field="owner")
        return people.known_or_new(*wanted, organisation_id)
    tops = [db.session().scalar(Organisation.top_of(number)) for number in (wanted.organisation_id, organisation_id)]
    if inner and tops[0] != tops[1]:
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
    """Do one of the workflow's verbs that lead to a state.

    Refused when the state does not allow it, or a reason or evidence is missing. `version`: the displayed one;
    Stale when somebody changed the row since, also in the same second.
    """
    _require_move(actor, action, verb, text, version)
    if verb == Verb.DONE and rules.needs_proof(action.tier) and not action.evidence:
        add_evidence(actor, action, text, "", None)  # the text given here is the evidence
    action.state = rules.WORKFLOW.target(action.state, verb) or action.state
    if verb in rules.PLANNING:
        action.next_report_on = next_report_on
    _add_history(actor, action, Verb(verb), text)
    action.touch()
    _notify(actor, action, verb, text)
    _record(actor, AuditEvent(f"action.{verb}"), action, Verb(verb), state=action.state)
    if verb == Verb.CHECK:  # last: as the checker a deputy would act in their own name
        action.checker_id = actor.person_id or action.checker_id


def _require_move(actor: Actor, action: Action, verb: str, text: str, version: int | None) -> None:
    """Lock the row, then check the policy, the state, the version, and that a reason and evidence are given."""
    db.lock(action)
    errors.require(policy.may(actor, action, verb))
    _require_state(action, verb)
    action.require_version(version)
    if rules.WORKFLOW[verb].needs_reason and not text.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom, of hoe het staat.", field="text")
    if verb == Verb.DONE and rules.needs_proof(action.tier) and not (action.evidence or text.strip()):
        raise errors.Refused(
            "Voeg onderbouwing toe: vertel hier wat laat zien dat het klaar is, of voeg een link of een bestand toe.",
            field="text",
        )
    judges = (actor.person_id, policy.deputyship(actor, action, Verb(verb)).on_behalf_id)
    if verb in rules.JUDGING and identity.share_mailbox(judges, {action.owner_id}):
        raise errors.Refused("Dit actiepunt staat op uw eigen e-mailadres: laat een ander het toetsen.", field="text")


def _require_state(action: Action, verb: str) -> None:
    if not rules.WORKFLOW.allows(action.state, verb):
        state = rules.WORKFLOW.label(action.state).lower()
        raise errors.Refused("Dit kan nu niet: het actiepunt is %(staat)s.", staat=state)


def _record(actor: Actor, event: AuditEvent, action: Action, verb: Verb, **detail: Any) -> None:
    """Record an event about an action point, with the person for whom a deputy does the verb."""
    on_behalf_of = policy.deputyship(actor, action, verb).on_behalf_of
    audit.record(actor, event, "action", action.id, on_behalf_of=on_behalf_of, **detail)


def move_deadline(actor: Actor, action: Action, due_on: date, reason: str, version: int) -> None:
    """Move the date, with a reason; the first date is stored and the moves are counted."""
    db.lock(action)
    errors.require(policy.may(actor, action, Verb.DEADLINE))
    action.require_version(version)
    if rules.WORKFLOW[Verb.DEADLINE].needs_reason and not reason.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom de datum verschuift.", field="text")
    if not rules.WORKFLOW.allows(action.state, Verb.DEADLINE):
        raise errors.Refused("Dit actiepunt is afgesloten.")
    was = action.move_due(due_on)
    text = deadlines.moved_text(was, due_on, reason)
    _add_history(actor, action, Verb.DEADLINE, text)
    action.touch()
    if was != due_on:
        link = links.placeholder(policy.LINK, action.id)
        _notify_others(actor, action, [(action.owner, letters.deadline(action, text, link))])
    _record(actor, AuditEvent.DEADLINE, action, Verb.DEADLINE, due=due_on.isoformat())


def give_to(actor: Actor, action: Action, owner: Person | tuple[str, str], version: int | None = None) -> None:
    """Give a returned or not yet accepted action point to another owner; the old link stops working."""
    db.lock(action)
    errors.require(policy.may(actor, action, Verb.PROPOSE))
    if not rules.WORKFLOW.allows(action.state, Verb.PROPOSE):
        raise errors.Refused("Dit actiepunt is al aangenomen.")
    action.require_version(version)
    person = _owner(owner, action.organisation_id, action.inner)
    action.owner_id, action.state = person.id, State.PROPOSED
    db.session().flush()
    db.session().expire(action, ["owner"])
    _add_history(actor, action, Verb.PROPOSE, "")
    action.touch()
    _queue(action, letters.proposed(action, links.renew(policy.LINK, action.id)), person)
    _record(actor, AuditEvent.GIVEN, action, Verb.PROPOSE, owner=person.id)


def add_evidence(
    actor: Actor, action: Action, text: str, url: str, upload: tuple[str, bytes] | None, at: datetime | None = None
) -> Evidence:
    """Add *onderbouwing*: a text, a link or a file (name, bytes; checked by content); a duplicate has no effect."""
    db.lock(action)
    errors.require(policy.may(actor, action, Verb.EVIDENCE))
    db.session().expire(action, ["evidence"])  # as it was loaded before the lock it may be out of date
    if not rules.WORKFLOW.allows(action.state, Verb.EVIDENCE):
        raise errors.Refused("Onderbouwing hoort bij werk dat is aangenomen en nog niet gereedgemeld.", field="text")
    if not (text.strip() or url or upload):
        raise errors.Refused("Vul een tekst of een link in, of kies een bestand.", field="text")
    sha256 = files.fingerprint(upload)
    if known := next((item for item in action.evidence if item.is_same(text, url, sha256)), None):
        return known
    file = files.store(*upload) if upload else None
    made = Evidence(
        action_id=action.id,
        at=at or dates.now(),
        person_id=_person(actor, action),
        text=text,
        url=url,
        file_id=file.id if file else None,
    )
    action.evidence.append(made)
    _add_history(actor, action, Verb.EVIDENCE, "")
    action.touch()
    db.session().flush()
    _record(actor, AuditEvent.EVIDENCE, action, Verb.EVIDENCE, evidence=made.id)
    return made


def _person(actor: Actor, action: Action) -> int | None:
    return actor.person_id or (action.owner_id if policy.linked_id(actor) == action.id else None)


def _add_history(actor: Actor, action: Action, verb: Verb, text: str) -> None:
    entry = ActionHistory(
        action_id=action.id,
        at=dates.now(),
        person_id=_person(actor, action),
        on_behalf_of=policy.deputyship(actor, action, verb).on_behalf_of,
        verb=verb,
        text=text.strip(),
    )
    db.session().add(entry)


def _notify(actor: Actor, action: Action, verb: str, text: str) -> None:
    """Queue the mails of a verb: the requester and the owner are notified of the outcome."""
    link = links.placeholder(policy.LINK, action.id) if verb in letters.WITH_LINK else ""
    _notify_others(actor, action, letters.letters_of(verb, action, text, link))


def _notify_others(actor: Actor, action: Action, mails: list[tuple[Person, notifications.Letter]]) -> None:
    """Queue one mail to each person who did not do it themselves."""
    done: set[int | None] = {_person(actor, action)}
    for person, letter in mails:
        if person.id not in done:
            _queue(action, letter, person)
        done.add(person.id)


def _queue(action: Action, letter: notifications.Letter, person: Person) -> None:
    sender = notifications.Sender(action.organisation.short, "")
    notifications.queue(letter, (person.name, person.email), sender, (policy.LINK, str(action.id)))


def send_links_again(email: str, replace: bool) -> None:
    """Mail the owner with this address the links to open action points (slot `links_again`).

    `replace`: the old links expire.
    """
    for action in queries.open_of_mailbox(email):
        link = links.renew(policy.LINK, action.id) if replace else links.placeholder(policy.LINK, action.id)
        _queue(action, letters.link_again(action, link), action.owner)
