"""The services on events: lock, policy, audit last; `sequence` is for calendars, `version` for edits."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from schakel import dates, db, errors, spans
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.events import policy, rules
from schakel.events.models import Event, EventDay, EventOrganiser, EventTheme
from schakel.events.rules import AuditEvent, Kind, SignUp, State, Verb
from schakel.identity.rules import Role

TEXTS = (
    "kind",
    "title",
    "over",
    "lead",
    "about",
    "chosen",
    "place_name",
    "place_detail",
    "mailbox",
    "accreditation",
    "form",
)


@dataclass(frozen=True)
class Day:
    """A contact day in Amsterdam time."""

    on: date
    begins: time
    ends: time

    @property
    def span(self) -> spans.Span:
        """Start and end in UTC; an end before the start is after midnight."""
        return spans.span_of(self.on, self.begins, self.ends)


@dataclass(frozen=True)
class Facts:
    """The data a coordinator enters about an event."""

    kind: str
    title: str
    days: tuple[Day, ...]
    organisation_id: int
    over: str = ""
    lead: str = ""
    about: str = ""
    chosen: str = ""
    place_name: str = ""
    place_detail: str = ""
    mailbox: str = ""
    accreditation: str = ""
    form: str = SignUp.PROFESSIONAL
    closes_days_before: int = 0
    organiser_ids: tuple[int, ...] = ()
    theme_ids: tuple[int, ...] = ()
    contact_id: int | None = None


def create(actor: Actor, facts: Facts, slug: str | None = None) -> Event:
    """Create a draft. Its slug comes from the title and gets a number when it is taken."""
    errors.require(policy.may_make_for(actor, facts.organisation_id))
    _check(facts)
    event = _insert(facts, slug or rules.slug_of(facts.title))
    _fill(event, facts)
    db.session().flush()
    _link(event, facts)
    record(actor, AuditEvent.CREATED, event)
    return event


def edit(actor: Actor, event: Event, facts: Facts, version: int, words: str = "") -> None:
    """Change a draft or published event. Raises Stale when somebody saved since this version was displayed.

    `words`: the coordinator's own, for the mail to guests when a day, an hour or the place changes.
    """
    lock(event)
    errors.require(policy.may(actor, event, Verb.EDIT))
    event.require_version(version)
    if not rules.WORKFLOW.allows(event.state, Verb.EDIT):
        raise errors.Refused("Een bijeenkomst die geweest is of niet doorgaat, verandert niet meer.")
    _check(facts)
    before = {name: getattr(event, name) for name in rules.CALENDAR_FIELDS}
    days = {(day.starts_at, day.ends_at) for day in event.days}
    first, on_behalf_of = event.starts_at, _on_behalf(actor, event)
    _set_organisation(actor, event, facts.organisation_id)
    _fill(event, facts)
    _shift_agenda(event, first)
    if days != {(day.starts_at, day.ends_at) for day in event.days}:
        _require_agenda_inside(event)
    event.require_usable_form("form")
    _link(event, facts)
    moved = [name for name in rules.CALENDAR_FIELDS if before[name] != getattr(event, name)]
    if days != {(day.starts_at, day.ends_at) for day in event.days}:
        moved.append("days")
    if moved and event.state == State.PUBLISHED:
        event.sequence += 1
    if set(moved) - {"title"}:
        event.move_words = words
    event.touch()
    audit.record(actor, AuditEvent.EDITED, "event", event.id, on_behalf_of=on_behalf_of, moved=moved)


def concerns_guests(event: Event, facts: Facts) -> bool:
    """Whether saving these facts sends a mail to guests: another day, hour or place of a published event."""
    days = {(day.starts_at, day.ends_at) for day in event.days} != {day.span for day in facts.days}
    place = (event.place_name, event.place_detail) != (facts.place_name, facts.place_detail)
    return event.state == State.PUBLISHED and (days or place)


def move(actor: Actor, event: Event, verb: str, reason: str = "") -> None:
    """Publish, cancel, hold or close; refused when the state, the time or missing data forbids it.

    `reason` is for cancelling and closing: it is displayed on the page, and in the mail about cancelling.
    """
    lock(event)
    errors.require(policy.may(actor, event, verb))
    reason = " ".join(reason.split()) if verb in rules.ENDING else ""
    _require_move(event, verb, reason)
    event.state, event.reason = rules.WORKFLOW.target(event.state, verb) or event.state, reason
    if verb == Verb.CANCEL:
        event.sequence += 1
    event.touch()
    record(actor, AuditEvent(f"event.{verb}"), event, state=event.state)


def _require_move(event: Event, verb: str, reason: str) -> None:
    if not rules.WORKFLOW.allows(event.state, verb):
        state = rules.WORKFLOW.label(event.state).lower()
        raise errors.Refused("Dit kan niet meer: de bijeenkomst is %(staat)s.", staat=state)
    if not rules.may_move(event.state, verb, event.starts_at, dates.now()):
        begins = dates.format_datetime(event.starts_at)
        raise errors.Refused(
            "Deze bijeenkomst moet nog beginnen. Dat zij geweest is, kan vanaf %(begin)s.", begin=begins
        )
    if rules.WORKFLOW[verb].needs_reason and not reason:
        raise errors.Refused("Schrijf waarom de bijeenkomst niet doorgaat.", field="reason")
    if verb == Verb.PUBLISH:
        lacks = rules.missing_to_publish(
            event.title,
            event.lead,
            event.place_name,
            len(event.items) + len(event.steps),
            len(event.profession_pools),
            event.form,
            event.places_per_profession,
        )
        if lacks:
            raise errors.Refused("Publiceren kan nog niet. Er ontbreekt: %(wat)s.", wat=", ".join(lacks))


def record(actor: Actor, what: AuditEvent, event: Event, **detail: Any) -> None:
    """Record an event about an event, with the person a deputy acts for."""
    audit.record(actor, what, "event", event.id, on_behalf_of=_on_behalf(actor, event), **detail)


def _on_behalf(actor: Actor, event: Event) -> str | None:
    return actor.deputyship(event.organisation_id, Role.COORDINATOR).on_behalf_of


def lock(event: Event) -> None:
    """Reload an event under a row lock: of two simultaneous services, the second sees the first one's changes."""
    db.session().flush()
    errors.found(db.session().scalar(Event.under_lock(event.id)))


def _check(facts: Facts) -> None:
    if facts.kind not in set(Kind):
        raise errors.Refused("Kies een soort bijeenkomst.", field="kind")
    if not facts.days:
        raise errors.Refused("Geef ten minste één dag op.", field="days")
    if any(spans.refusal(day.span) for day in facts.days):
        raise errors.Refused("Begin en einde zijn gelijk. Vul een later einde in.", field="days")


def _set_organisation(actor: Actor, event: Event, organisation_id: int) -> None:
    """Give the event to another organisation, for an actor who may create events there."""
    if organisation_id != event.organisation_id:
        errors.require(policy.may_make_for(actor, organisation_id))
        event.organisation_id = organisation_id
        db.session().flush()
        db.session().expire(event, ["organisation"])


def _fill(event: Event, facts: Facts) -> None:
    for name in TEXTS:
        setattr(event, name, getattr(facts, name))
    spans = sorted(day.span for day in facts.days)
    event.starts_at, event.ends_at = spans[0][0], spans[-1][1]
    event.closes_at = rules.closes_at(event.starts_at, facts.closes_days_before)
    event.contact_id = facts.contact_id
    _set_days(event, spans)
    event.changed_at = dates.now()


def _set_days(event: Event, spans: list[tuple[datetime, datetime]]) -> None:
    """Replace the days. Calendar entries use the ids of days, so unchanged and moved days do not get a new id."""
    staying = {(day.starts_at, day.ends_at) for day in event.days} & set(spans)
    moved = [day for day in event.days if (day.starts_at, day.ends_at) not in staying]
    fresh = [span for span in spans if span not in staying]
    for day, (begins, ends) in zip(moved, fresh, strict=False):
        day.starts_at, day.ends_at = begins, ends
    for day in moved[len(fresh) :]:
        event.days.remove(day)
    event.days += [EventDay(starts_at=begins, ends_at=ends) for begins, ends in fresh[len(moved) :]]


def _link(event: Event, facts: Facts) -> None:
    for table, name, ids in (
        (EventOrganiser, "organisation_id", facts.organiser_ids or (facts.organisation_id,)),
        (EventTheme, "theme_id", facts.theme_ids),
    ):
        db.session().execute(sa.delete(table).where(table.event_id == event.id))
        rows: list[dict[str, Any]] = [{"event_id": event.id, name: value} for value in dict.fromkeys(ids)]
        if table is EventOrganiser:
            rows = [row | {"position": position} for position, row in enumerate(rows)]
        if rows:
            db.session().execute(sa.insert(table), rows)
    db.session().expire(event, ["organisers", "themes"])


def _shift_agenda(event: Event, first: datetime) -> None:
    by = dates.local(event.starts_at).replace(tzinfo=None) - dates.local(first).replace(tzinfo=None)
    if not by:
        return
    for item in event.items:
        item.touch()
        for name in ("starts_at", "ends_at"):
            wall = dates.local(getattr(item, name)).replace(tzinfo=None) + by
            setattr(item, name, dates.at(wall.date(), wall.time()))


def _require_agenda_inside(event: Event) -> None:
    """Refuse days that leave a part of the agenda outside, and name the parts."""
    days = [(day.starts_at, day.ends_at) for day in event.days]
    parts = [item for item in event.items if spans.outside((item.starts_at, item.ends_at), days)]
    if parts:
        named = "; ".join(f"{item.title} ({dates.format_span(item.starts_at, item.ends_at)})" for item in parts)
        raise errors.Refused(
            "Dit deel van het programma valt dan buiten de tijden: %(delen)s.", field="days", delen=named
        )


def _insert(facts: Facts, wanted: str) -> Event:
    """Insert a draft under a free slug; when a simultaneous request takes it, try the next one."""
    spans = sorted(day.span for day in facts.days)
    values = {"kind": facts.kind, "title": facts.title, "organisation_id": facts.organisation_id}
    values |= {"starts_at": spans[0][0], "ends_at": spans[-1][1], "changed_at": dates.now()}
    number = None
    while number is None:
        number = db.insert_new(Event, slug=_free_slug(wanted), **values)
    return errors.found(db.session().get(Event, number))


def _free_slug(wanted: str) -> str:
    taken = rules.ADDRESS_TAKEN | set(db.session().scalars(sa.select(Event.slug).where(Event.slug.like(f"{wanted}%"))))
    if wanted not in taken:
        return wanted
    return next(name for number in range(2, 10_000) if (name := f"{wanted}-{number}") not in taken)
