"""The services on the agenda, sessions, capacity and steps of an event."""

from dataclasses import dataclass, field
from datetime import date, time

from schakel import dates, db, errors, spans
from schakel.access import Actor
from schakel.events import policy, rules
from schakel.events.models import AgendaItem, CapacityPool, Event, EventSession, EventStep
from schakel.events.rules import AuditEvent, ItemKind
from schakel.events.service import Day, lock, record


@dataclass(frozen=True)
class SessionFacts:
    """The data of a parallel session of a round; `capacity` None is unlimited."""

    letter: str
    title: str
    text: str = ""
    place: str = ""
    capacity: int | None = None
    id: int | None = None


@dataclass(frozen=True)
class ItemFacts:
    """The data of an agenda item."""

    kind: str
    day: date
    begins: time
    ends: time
    title: str
    text: str = ""
    place: str = ""
    sessions: tuple[SessionFacts, ...] = field(default=())


def _may_change(actor: Actor, event: Event) -> None:
    lock(event)
    errors.require(policy.may_edit(actor, event))
    if event.state not in rules.EDITABLE:
        raise errors.Refused("Een bijeenkomst die geweest is of niet doorgaat, verandert niet meer.")


def put_item(
    actor: Actor, event: Event, facts: ItemFacts, item: AgendaItem | None = None, version: int = 0
) -> AgendaItem:
    """Add or change an agenda item with its parallel sessions and the capacity of each.

    Raises Stale when somebody saved the item since `version` of it was displayed.
    """
    _may_change(actor, event)
    if item is not None:
        errors.found(item if item in event.items else None).require_version(version)
    if facts.kind not in set(ItemKind):
        raise errors.Refused("Kies wat voor onderdeel dit is.", field="kind")
    begins, ends = span = Day(facts.day, facts.begins, facts.ends).span
    if refusal := spans.outside(span, [(day.starts_at, day.ends_at) for day in event.days]):
        raise errors.Refused(refusal, field="begins")
    if item is None:
        item = AgendaItem(event_id=event.id, version=0)
        event.items.append(item)
    before = _guests_must_know(item)
    item.touch()
    item.kind, item.starts_at, item.ends_at = facts.kind, begins, ends
    item.title, item.text, item.place = facts.title, facts.text, facts.place
    db.session().flush()
    _put_sessions(event, item, facts.sessions if facts.kind == ItemKind.ROUND else ())
    if before and before != _guests_must_know(item) and event.state == rules.State.PUBLISHED:
        event.sequence += 1  # who chose one of its sessions gets a mail
        event.changed_at, event.move_words = dates.now(), ""
    event.touch()
    record(actor, AuditEvent.AGENDA, event, item=item.id)
    return item


def _guests_must_know(item: AgendaItem) -> list[tuple[object, ...]]:
    """Return what guests of the sessions of an item must know: hours, titles and rooms; empty without sessions."""
    found = sorted((one.id, one.letter, one.title, one.place) for one in item.sessions if one.id)
    return [(item.starts_at, item.ends_at), *found] if found else []


def delete_item(actor: Actor, event: Event, item: AgendaItem) -> None:
    """Delete an agenda item; refused while somebody has or waits for a place in one of its sessions."""
    _may_change(actor, event)
    _put_sessions(event, item, ())
    event.items.remove(item)
    event.touch()
    record(actor, AuditEvent.AGENDA, event, dropped=item.id)


def _put_sessions(event: Event, item: AgendaItem, wanted: tuple[SessionFacts, ...]) -> None:
    pools = {pool.session_id: pool for pool in event.pools if pool.session_id}
    staying = {facts.id for facts in wanted if facts.id}
    for gone in [session for session in item.sessions if session.id not in staying]:
        pool = pools.get(gone.id)
        if pool and (pool.used or pool.waiting):
            raise errors.Refused("Sessie %(naam)s heeft al aanmeldingen en kan niet weg.", naam=gone.letter)
        if pool:
            event.pools.remove(pool)
            db.session().flush()
        item.sessions.remove(gone)
    present = {session.id: session for session in item.sessions}
    for facts in wanted:
        session = present.get(facts.id) if facts.id else None
        if session is None:
            session = EventSession(item_id=item.id)
            item.sessions.append(session)
        session.letter, session.title, session.text, session.place = facts.letter, facts.title, facts.text, facts.place
        db.session().flush()
        pool = pools.get(session.id) or CapacityPool(event_id=event.id, session_id=session.id, used=0, waiting=0)
        pool.name, pool.capacity = f"{facts.letter}. {facts.title}"[:120], facts.capacity
        if pool not in event.pools:
            event.pools.append(pool)
    db.session().flush()


def set_room(actor: Actor, event: Event, room: list[tuple[str | None, str, int | None]], version: int) -> None:
    """Set the capacity per profession: (profession code or None for everybody, name, capacity or None for unlimited).

    A profession that is left out is deleted; refused while somebody has or waits for a place in it. Raises Stale when
    somebody set the capacity since `version` of it was displayed.
    """
    _may_change(actor, event)
    if event.room_version != version:
        raise errors.Stale(event)
    pools = {pool.profession_code: pool for pool in event.pools if pool.session_id is None}
    for code, pool in pools.items():
        if code in {item[0] for item in room}:
            continue
        if pool.used or pool.waiting:
            raise errors.Refused("Voor %(naam)s zijn er al aanmeldingen.", naam=pool.name, field="room")
        event.pools.remove(pool)
    for code, name, capacity in room:
        pool = pools.get(code) or CapacityPool(event_id=event.id, profession_code=code, used=0, waiting=0)
        pool.name, pool.capacity = name[:120], capacity
        if pool not in event.pools:
            event.pools.append(pool)
    event.require_usable_form("everybody")
    event.room_version += 1
    event.touch()
    db.session().flush()
    record(actor, AuditEvent.ROOM, event, pools=len(room))


def set_steps(actor: Actor, event: Event, steps: list[tuple[str, str]]) -> None:
    """Set the steps to put a case forward (MDO): title and text of each, in order."""
    _may_change(actor, event)
    event.steps = [EventStep(position=n, title=title, text=text) for n, (title, text) in enumerate(steps, 1)]
    event.touch()
    record(actor, AuditEvent.STEPS, event, steps=len(steps))
