"""The services for registered people. A freed place is passed on in the same transaction."""

from dataclasses import dataclass

import sqlalchemy as sa

from schakel import addresses, dates, db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.events.rules import State as EventState
from schakel.i18n import gettext
from schakel.identity import rules as identity
from schakel.identity.links import service as links
from schakel.notifications import service as notifications
from schakel.registrations import letters, mail_table, mailing, policy, rules, selection
from schakel.registrations.models import Registration
from schakel.registrations.places import service as places
from schakel.registrations.policy import LINK
from schakel.registrations.rules import LIVE, AuditEvent, MailKind, State, Verb


@dataclass(frozen=True)
class Changes:
    """What a person may change: contact fields, sessions, wishes; not the profession, as it decides the pool."""

    name: str
    organisation: str
    sessions: tuple[int, ...]
    wishes: str
    on_list: bool


def _lock(row: Registration) -> Registration:
    """Lock the event's pools, then reload the row under a lock, so that simultaneous requests run in turn."""
    db.session().flush()
    places.lock_room(row.event_id)
    query = sa.select(Registration).where(Registration.id == row.id).with_for_update(key_share=True)
    return errors.found(db.session().scalar(query.execution_options(populate_existing=True)))


def withdraw(actor: Actor, row: Registration) -> None:
    """Withdraw: release and pass on every place, cancel the calendar entry. Does nothing when already withdrawn."""
    errors.require(policy.may(actor, row, Verb.WITHDRAW))
    row = _lock(row)
    if not rules.WORKFLOW.allows(row.state, Verb.WITHDRAW):
        return
    guest = mailing.guest_of(row)
    was = row.state
    _end(row, Verb.WITHDRAW)
    calendar = None
    if was == State.REGISTERED:
        row.sequence += 1
        guest = letters.Guest(**{**guest.__dict__, "sequence": row.sequence})
        entries = letters.entries(row.event, guest, mailing.event_url(row.event), cancel=True)
        calendar = notifications.calendar_of("CANCEL", entries)
    mailing.send(row.event, letters.withdrawn(row.event, guest), guest, row.id, calendar)
    audit.record(actor, AuditEvent.WITHDRAWN, LINK, row.id, event=row.event_id, was=was)


def _end(row: Registration, verb: Verb) -> None:
    """Do the verb: leave every waiting list, release every place in ascending pool id, and notify whoever got one."""
    now = dates.now()
    for wait in sorted(row.waits, key=lambda item: item.pool_id):
        places.leave_waiting_list(wait.id, wait.pool_id)
    claims = sorted(row.claims, key=lambda item: item.pool_id)
    moved = [move for claim in claims for move in places.release(claim, row.event.starts_at, now)]
    row.state = rules.WORKFLOW.target(row.state, verb) or row.state
    row.touch()
    db.session().flush()
    db.session().expire(row, ["claims", "waits"])
    mail_moved(moved)


def lapse(actor: Actor, row: Registration) -> None:
    """End an offer that was not answered: the place goes to the next person."""
    errors.require(policy.may(actor, row, Verb.LAPSE))
    row = _lock(row)
    if not rules.WORKFLOW.allows(row.state, Verb.LAPSE):
        return
    guest = mailing.guest_of(row)
    _end(row, Verb.LAPSE)
    if mail_table.leaves(MailKind.LAPSED, guest.state, mailing.is_coming(row.event)):
        mailing.send(row.event, letters.lapsed(row.event, guest), guest, row.id)
    audit.record(actor, AuditEvent.LAPSED, LINK, row.id, event=row.event_id)


def mail_moved(moved: list[places.Moved]) -> None:
    """Mail everybody who got a freed place: an offer for the event, or a place in a session."""
    for move in moved:
        row = errors.found(db.session().get(Registration, move.registration_id, populate_existing=True))
        if move.offer_until:
            row.state = rules.WORKFLOW.target(row.state, Verb.OFFER) or row.state
            guest = mailing.guest_of(row)
            letter = letters.offered(row.event, guest, move.offer_until, links.placeholder(LINK, row.id))
            mailing.send(row.event, letter, guest, row.id)
        else:
            _mail_changed(row)


def _mail_changed(row: Registration) -> None:
    row.sequence += 1
    db.session().flush()
    guest = mailing.guest_of(row)
    entries = letters.entries(row.event, guest, mailing.event_url(row.event))
    letter = letters.changed(row.event, guest, links.placeholder(LINK, row.id))
    mailing.send(row.event, letter, guest, row.id, notifications.calendar_of("REQUEST", entries))


def accept(actor: Actor, row: Registration) -> None:
    """Accept an offered place. Raises Refused when the offer expired."""
    errors.require(policy.may(actor, row, Verb.ACCEPT))
    row = _lock(row)
    if row.state == State.REGISTERED:
        return
    offers = [wait for wait in row.waits if wait.offer_until and wait.offer_until >= dates.now()]
    going_on = row.event.state == EventState.PUBLISHED and row.event.starts_at > dates.now()
    if not rules.WORKFLOW.allows(row.state, Verb.ACCEPT) or not offers or not going_on:
        raise errors.Refused("Dit aanbod is verlopen. U kunt zich opnieuw aanmelden.")
    for wait in offers:
        places.leave_waiting_list(wait.id, wait.pool_id)
    row.state = rules.WORKFLOW.target(row.state, Verb.ACCEPT) or row.state
    row.touch()
    places.seat_wishes(row.id)
    db.session().flush()
    db.session().expire(row, ["claims", "waits"])
    guest = mailing.guest_of(row)
    entries = letters.entries(row.event, guest, mailing.event_url(row.event))
    letter = letters.registered(row.event, guest, links.placeholder(LINK, row.id))
    mailing.send(row.event, letter, guest, row.id, notifications.calendar_of("REQUEST", entries))
    audit.record(actor, AuditEvent.ACCEPTED, LINK, row.id, event=row.event_id)


def change(actor: Actor, row: Registration, wanted: Changes, version: int) -> None:
    """Change one's own registration; places in new sessions are claimed before the old ones are released."""
    errors.require(policy.may(actor, row, Verb.CHANGE))
    row = _lock(row)
    row.require_version(version)
    event = row.event
    if not rules.WORKFLOW.allows(row.state, Verb.CHANGE):
        raise errors.Refused("U hebt zich afgemeld. U kunt zich opnieuw aanmelden.")
    if not event.is_changeable(dates.now()):
        raise errors.Refused("Wijzigen kan niet meer: de bijeenkomst is al begonnen of gaat niet door.")
    _change_sessions(row, wanted.sessions)
    row.name, row.folded_name = wanted.name, identity.fold(wanted.name)[:200]
    row.organisation, row.wishes, row.on_list = wanted.organisation, wanted.wishes, wanted.on_list
    row.touch()
    try:
        db.session().flush()
    except sa.exc.IntegrityError:
        raise errors.Refused("Met deze naam en dit adres is al iemand anders aangemeld.", field="name") from None
    if row.state == State.REGISTERED:
        _mail_changed(row)
    audit.record(actor, AuditEvent.CHANGED, LINK, row.id, event=row.event_id)


def _change_sessions(row: Registration, wanted: tuple[int, ...]) -> None:
    selection.select_sessions(row.event, wanted)
    session_of = {session.pool.id: session.id for session in selection.sessions_of(row.event)}
    held = {session_of[claim.pool_id]: claim for claim in row.claims if claim.pool_id in session_of}
    waits = {session_of[wait.pool_id]: wait for wait in row.waits if wait.pool_id in session_of}
    new = [
        pool
        for pool, session in session_of.items()
        if session in wanted and session not in held and session not in waits
    ]
    taken = places.claim_all([], new, row.persons) if row.state == State.REGISTERED else places.Taken([], sorted(new))
    places.hold(row.id, taken, row.persons)
    moved = []
    for session, wait in waits.items():
        if session not in wanted:
            places.leave_waiting_list(wait.id, wait.pool_id)
    for session, claim in sorted(held.items(), key=lambda item: item[1].pool_id):
        if session not in wanted:
            moved += places.release(claim, row.event.starts_at, dates.now())
    db.session().flush()
    db.session().expire(row, ["claims", "waits"])
    mail_moved([move for move in moved if move.registration_id != row.id])


def send_links_again(email: str, *, replace: bool) -> None:
    """Mail the links to every live registration of an address; returns nothing about them.

    `replace`: the old links expire, and with them the codes in earlier mails.
    """
    now = dates.now()
    rows = db.session().scalars(
        sa.select(Registration).where(
            Registration.folded_email == addresses.fold_address(email)[:320], Registration.state.in_(LIVE)
        )
    )
    for row in rows.all():
        if row.event.ends_at > now:
            guest = mailing.guest_of(row)
            link = links.renew(LINK, row.id) if replace else links.placeholder(LINK, row.id)
            mailing.send(row.event, letters.link_again(row.event, guest, link), guest, row.id)


def link_name(registration_id: int) -> str:
    """Return what the object of a link is called."""
    row = errors.found(db.session().get(Registration, registration_id))
    return gettext("De aanmelding van %(name)s voor %(title)s", name=row.name, title=row.event.title)
