"""The services on action points. Each adds to the history; cancelling and refusing require a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, errors
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
    owner = owner_of(facts.owner, facts.organisation_id, facts.inner)
    if facts.checker_id == owner.id:
        raise errors.Refused("De eigenaar kan niet het eigen werk toetsen.", field="checker")
    try:
        with db.session().begin_nested():
            action = _new(facts, owner)
    except sa.exc.IntegrityError:
        return errors.found(_made_before(facts.nonce))
    add_history(actor, action, Verb.PROPOSE, "")
    link = links.make(policy.LINK, action.id, dates.now() + LINK_LASTS)
    queue(action, letters.proposed(action, link), owner)
    record(actor, AuditEvent.PROPOSED, action, Verb.PROPOSE, owner=owner.id, tier=facts.tier)
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


def owner_of(wanted: Person | tuple[str, str], organisation_id: int, inner: bool) -> Person:
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
    if verb == Verb.DONE and rules.needs_proof(action.tier) and not action.proof:
        add_evidence(actor, action, text, "", None)  # the text given here is the evidence
    action.state = rules.WORKFLOW.target(action.state, verb) or action.state
    if verb in rules.PLANNING:
        action.next_report_on = next_report_on
    add_history(actor, action, Verb(verb), text)
    action.touch()
    _notify(actor, action, verb, text)
    record(actor, AuditEvent(f"action.{verb}"), action, Verb(verb), state=action.state)
    if verb == Verb.CHECK:  # last: as the checker a deputy would act in their own name
        action.checker_id = actor.person_id or action.checker_id


def _require_move(actor: Actor, action: Action, verb: str, text: str, version: int | None) -> None:
    """Lock the row, then check the policy, the state, the version, and that a reason and evidence are given."""
    db.lock(action)
    errors.require(policy.may(actor, action, verb))
    require_state(action, verb)
    action.require_version(version)
    if rules.WORKFLOW[verb].needs_reason and not text.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom, of hoe het staat.", field="text")
    if verb == Verb.DONE and rules.needs_proof(action.tier) and not (action.proof or text.strip()):
        raise errors.Refused(
            "Voeg onderbouwing toe: vertel hier wat laat zien dat het klaar is, of voeg een link of een bestand toe.",
            field="text",
        )
    if verb == Verb.CHECK and rules.needs_proof(action.tier) and not action.proof:
        raise errors.Refused(
            "De onderbouwing is verwijderd. Stuur het actiepunt terug, met wat er nodig is.", field="text"
        )
    judges = (actor.person_id, policy.deputyship(actor, action, Verb(verb)).on_behalf_id)
    if verb in rules.JUDGING and _have_worked(action, judges):
        raise errors.Refused("U werkte hier zelf aan: laat een ander het toetsen.", field="text")
    if verb in rules.JUDGING and identity.share_mailbox(judges, {action.owner_id}):
        raise errors.Refused("Dit actiepunt staat op uw eigen e-mailadres: laat een ander het toetsen.", field="text")


def _have_worked(action: Action, people: Collection[int | None]) -> bool:
    """Whether one of these people did work of the owner on it, also when somebody else owns it now."""
    work = sa.exists().where(ActionHistory.action_id == action.id, ActionHistory.verb.in_(rules.WORK_OF_OWNER))
    return bool(db.session().scalar(sa.select(work.where(ActionHistory.person_id.in_(people)))))


def require_state(action: Action, verb: str) -> None:
    """Raise Refused when the workflow does not allow a verb in the present state."""
    if not rules.WORKFLOW.allows(action.state, verb):
        state = rules.WORKFLOW.label(action.state).lower()
        raise errors.Refused("Dit kan nu niet: het actiepunt is %(staat)s.", staat=state)


def record(actor: Actor, event: AuditEvent, action: Action, verb: Verb, **detail: Any) -> None:
    """Record an event about an action point, with the person for whom a deputy does the verb."""
    on_behalf_of = policy.deputyship(actor, action, verb).on_behalf_of
    audit.record(actor, event, "action", action.id, on_behalf_of=on_behalf_of, **detail)


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
    if known := next((item for item in action.proof if item.is_same(text, url, sha256)), None):
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
    add_history(actor, action, Verb.EVIDENCE, "")
    action.touch()
    db.session().flush()
    record(actor, AuditEvent.EVIDENCE, action, Verb.EVIDENCE, evidence=made.id)
    return made


def _person(actor: Actor, action: Action) -> int | None:
    return actor.person_id or (action.owner_id if policy.linked_id(actor) == action.id else None)


def add_history(actor: Actor, action: Action, verb: Verb, text: str) -> ActionHistory:
    """Add and return the entry of a verb in the history."""
    entry = ActionHistory(
        action_id=action.id,
        at=dates.now(),
        person_id=_person(actor, action),
        on_behalf_of=policy.deputyship(actor, action, verb).on_behalf_of,
        verb=verb,
        text=text.strip(),
    )
    db.session().add(entry)
    db.session().flush()
    db.session().expire(action, ["history"])
    return entry


def _notify(actor: Actor, action: Action, verb: str, text: str) -> None:
    """Queue the mails of a verb: the requester and the owner are notified of the outcome."""
    link = links.placeholder(policy.LINK, action.id) if verb in letters.WITH_LINK else ""
    notify_others(actor, action, letters.letters_of(verb, action, text, link))


def notify_others(actor: Actor, action: Action, mails: list[tuple[Person, notifications.Letter]]) -> None:
    """Queue one mail to each person who did not do it themselves."""
    done: set[int | None] = {_person(actor, action)}
    for person, letter in mails:
        if person.id not in done:
            queue(action, letter, person)
        done.add(person.id)


def queue(action: Action, letter: notifications.Letter, person: Person) -> None:
    """Queue a letter about an action point to a person, on behalf of its organisation."""
    sender = notifications.Sender(action.organisation.short, "")
    notifications.queue(letter, (person.name, person.email), sender, (policy.LINK, str(action.id)))


def send_links_again(email: str, replace: bool) -> None:
    """Mail the owner with this address the links to open action points (slot `links_again`).

    `replace`: the old links expire.
    """
    for action in queries.open_of_mailbox(email):
        link = links.renew(policy.LINK, action.id) if replace else links.placeholder(policy.LINK, action.id)
        queue(action, letters.link_again(action, link), action.owner)
