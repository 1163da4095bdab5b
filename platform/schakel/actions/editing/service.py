"""The services that change an action point: its date, its owner, its texts, and removing evidence."""

from datetime import date

from schakel import dates, db, deadlines, errors
from schakel.access import Actor
from schakel.actions import letters, policy, rules, service
from schakel.actions.models import Action, Evidence
from schakel.actions.rules import AuditEvent, State, Verb
from schakel.i18n import gettext
from schakel.identity.links import service as links
from schakel.identity.models import Person


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
    service.add_history(actor, action, Verb.DEADLINE, text)
    action.touch()
    if was != due_on:
        link = links.placeholder(policy.LINK, action.id)
        service.notify_others(actor, action, [(action.owner, letters.deadline(action, text, link))])
    service.record(actor, AuditEvent.DEADLINE, action, Verb.DEADLINE, due=due_on.isoformat())


def give_to(
    actor: Actor, action: Action, owner: Person | tuple[str, str], version: int | None = None, reason: str = ""
) -> None:
    """Propose an action point to another owner; once it was accepted, with a reason.

    The former owner is mailed, and the former link leads to a page that says that it is no longer theirs.
    """
    db.lock(action)
    errors.require(policy.may(actor, action, Verb.PROPOSE))
    service.require_state(action, Verb.PROPOSE)
    action.require_version(version)
    if action.state not in rules.UNDECIDED and not reason.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom een ander het overneemt.", field="text")
    person, former = service.owner_of(owner, action.organisation_id, action.inner), action.owner
    if person.id == former.id and action.state not in rules.UNDECIDED:
        raise errors.Refused("Dit is de eigenaar al. Kies een ander.", field="owner")
    action.owner_id, action.state = person.id, State.PROPOSED
    db.session().flush()
    db.session().expire(action, ["owner"])
    entry = service.add_history(actor, action, Verb.PROPOSE, reason)
    action.touch()
    if person.id != former.id:
        links.retire(policy.LINK, action.id, policy.FORMER_LINK, entry.id)
        service.notify_others(actor, action, [(former, letters.given_away(action, former, reason))])
        link = links.make(policy.LINK, action.id, dates.now() + service.LINK_LASTS)
    else:
        link = links.renew(policy.LINK, action.id)
    service.queue(action, letters.proposed(action, link), person)
    service.record(actor, AuditEvent.GIVEN, action, Verb.PROPOSE, owner=person.id)


def correct(actor: Actor, action: Action, title: str, text: str, version: int | None = None) -> None:
    """Change the title and the text; the history has what they were, and the owner is mailed a new title."""
    db.lock(action)
    errors.require(policy.may(actor, action, Verb.CORRECT))
    service.require_state(action, Verb.CORRECT)
    action.require_version(version)
    was = [(action.title, title, gettext("titel")), (action.text, text, gettext("toelichting"))]
    changed = [(name, old) for old, new, name in was if old != new]
    if not changed:
        return
    parts = [gettext("%(what)s was: %(old)s", what=name, old=old or gettext("(leeg)")) for name, old in changed]
    former, action.title, action.text = action.title, title, text
    service.add_history(actor, action, Verb.CORRECT, "\n".join(parts))
    action.touch()
    if former != title:
        link = links.placeholder(policy.LINK, action.id)
        service.notify_others(actor, action, [(action.owner, letters.corrected(action, former, link))])
    service.record(actor, AuditEvent.CORRECT, action, Verb.CORRECT)


def remove_evidence(actor: Actor, action: Action, item: Evidence, reason: str) -> None:
    """Remove evidence that should not be there: its text, link and file are deleted; that it was there stays."""
    db.lock(action)
    errors.require(policy.may(actor, action, Verb.REMOVE))
    db.session().expire(action, ["evidence"])
    service.require_state(action, Verb.REMOVE)
    if item.removed_at is not None:
        return
    if not reason.strip():
        raise errors.Refused("Schrijf er in een zin bij waarom.", field="text")
    file, item.file = item.file, None
    item.text, item.url, item.removed_at = "", "", dates.now()
    db.session().flush()
    if file is not None:
        db.session().delete(file)
    service.add_history(actor, action, Verb.REMOVE, reason)
    action.touch()
    service.record(actor, AuditEvent.REMOVE, action, Verb.REMOVE, evidence=item.id)
