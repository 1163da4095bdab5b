"""Makers of rows for tests: plain functions with defaults, through the services where there is one.

Call them with a context pushed (`in_app`, or `with work():`, which commits).
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import count

from flask_security import hash_password

from schakel import dates, db
from schakel.access import Actor, Grant
from schakel.events import service as events
from schakel.events.agenda import service as agenda
from schakel.events.models import Event
from schakel.home.models import DemoPerson
from schakel.identity import actors
from schakel.identity import rules as identity_rules
from schakel.identity import service as identity
from schakel.identity.models import Account, Deputy, Organisation, Person, Profession, RoleGrant, Sector
from schakel.identity.roles import service as roles
from schakel.programmes import service as programmes
from schakel.programmes.models import Theme


class AnyRole(Actor):
    """An actor with every role everywhere, for making rows that a test is not about."""

    def holds(self, *_roles: str, organisation_id: int | None = None) -> bool:
        return True


ANY_ROLE = AnyRole(auth_method="session")
ROLES = tuple(identity_rules.ROLES)
VERBS = {
    "draft": (),
    "published": ("publish",),
    "held": ("publish", "hold"),
    "closed": ("publish", "hold", "close"),
    "cancelled": ("publish", "cancel"),
}
PUBLISHABLE = {"lead": "Waarom we samenkomen.", "place_name": "De Harmonie, Leeuwarden"}
_numbers = count(1)


def make_sector(code: str = "ziekenhuis", line: str = "second") -> Sector:
    """Return a sector, made at the first call."""
    return db.session().get(Sector, code) or _added(Sector(code=code, name=code.capitalize(), line=line))


def make_profession(code: str = "huisarts", line: str = "first") -> Profession:
    """Return a profession, made at the first call."""
    found = db.session().get(Profession, code)
    return found or _added(Profession(code=code, name=code.capitalize(), line=line, position=next(_numbers)))


def make_theme(code: str | None = None, name: str = "Bereikbaarheid") -> Theme:
    """Make a theme of the shared list."""
    return programmes.add_theme(
        ANY_ROLE, code or f"thema-{next(_numbers)}", name, "Elkaar kunnen bereiken.", next(_numbers)
    )


def make_organisation(
    name: str = "Ziekenhuis", code: str | None = None, parent: Organisation | None = None
) -> Organisation:
    """Make an organisation, or a department under one."""
    sector = make_sector()
    code = code or f"organisatie-{next(_numbers)}"
    under = parent.id if parent else None
    return _added(Organisation(code=code, name=name, short=name[:60], sector_code=sector.code, parent_id=under))


def make_person(
    name: str = "Tjitske Voorbeeldsma", email: str | None = None, organisation: Organisation | None = None
) -> Person:
    """Make a person without an account."""
    email = email or f"persoon-{next(_numbers)}@example.org"
    return identity.add_person(ANY_ROLE, name, email, organisation.id if organisation else None, None)


def make_account(person: Person | None = None, password: str | None = None) -> Account:
    """Make an account; hashing a password is slow, so only on request."""
    return identity.open_account(ANY_ROLE, person or make_person(), hash_password(password) if password else None)


def make_grant(
    person: Person, role: str = "coordinator", organisation: Organisation | None = None, **days: date | None
) -> RoleGrant:
    """Grant a role over an organisation, with `from_on` and `until_on` if given."""
    return roles.grant_role(ANY_ROLE, person, role, organisation or make_organisation(), **days)


def make_staff(role: str, organisation: Organisation, name: str | None = None) -> Person:
    """Make a person with an account and a role."""
    person = make_person(name or f"{role} van {organisation.short}", organisation=organisation)
    make_account(person)
    make_grant(person, role, organisation)
    return person


def make_deputy(
    away: Person, deputy: Person, role: str = "coordinator", from_on: date | None = None, until_on: date | None = None
) -> Deputy:
    """Let somebody deputise for somebody else; by default only today."""
    themselves = Actor(person_id=away.id, auth_method="session")
    return roles.appoint_deputy(themselves, away, deputy, role, from_on or dates.today(), until_on or dates.today())


def make_demo_person(account: Account, group: str = "Samen om tafel") -> DemoPerson:
    """Make a choice on the demo page."""
    number = next(_numbers)
    return _added(DemoPerson(account_id=account.id, group=group, position=number, role_name="Rol", says="doet iets"))


def actor_of(person: Person, auth_method: str = "session") -> Actor:
    """Return this person as actor, with the roles valid today."""
    account = db.session().query(Account).filter_by(person_id=person.id).one()
    return actors.actor_of(account, auth_method, dates.today())


def coordinator_of(organisation: Organisation) -> Actor:
    """Return an actor without rows who coordinates one organisation."""
    return Actor(1, 1, "Coördinator", (Grant("coordinator", frozenset({organisation.id})),), "session")


def make_facts(organisation: Organisation, **wishes: object) -> events.Facts:
    """Return the data of an event a month from now, with all that publishing requires."""
    day = events.Day(dates.today() + timedelta(days=30), time(17, 30), time(21, 30))
    values = {"kind": "conference", "title": "Avond over bereikbaarheid", "days": (day,), **PUBLISHABLE}
    return events.Facts(organisation_id=organisation.id, **{**values, **wishes})


def make_item(event: Event, kind: str = "plenary", **wishes: object) -> agenda.AgendaItem:
    """Make an agenda item at the start of the event."""
    begins = dates.local(event.starts_at)
    values = {
        "kind": kind,
        "day": begins.date(),
        "begins": begins.time(),
        "ends": (begins + timedelta(minutes=30)).time(),
        "title": "Welkom",
    }
    return agenda.put_item(ANY_ROLE, event, agenda.ItemFacts(**{**values, **wishes}))


def make_round(event: Event, capacities: tuple[int | None, ...] = (10, 10), title: str = "Sessie") -> agenda.AgendaItem:
    """Make a round of parallel sessions with a capacity for each."""
    sessions = tuple(
        agenda.SessionFacts("ABCDEFGHIJKL"[number], f"{title} {number + 1}", capacity=room)
        for number, room in enumerate(capacities)
    )
    return make_item(event, "round", title=f"Ronde: {title}", sessions=sessions)


def make_event(
    organisation: Organisation | None = None, state: str = "published", room: dict[str | None, int | None] | None = None,
    sessions: tuple[int | None, ...] = (), slug: str | None = None, **wishes: object,
) -> Event:  # fmt: skip
    """Make an event in any state with a plenary, capacity per profession, and a round; `sessions`: their capacities."""
    if state in ("held", "closed") and "days" not in wishes:
        wishes["days"] = (events.Day(dates.today() - timedelta(days=30), time(17, 30), time(21, 30)),)
    event = events.create(ANY_ROLE, make_facts(organisation or make_organisation(), **wishes), slug=slug)
    make_item(event)
    if sessions:
        make_round(event, sessions)
    places = {None: 100} if room is None else room
    for code in filter(None, places):
        make_profession(code)
    named = [(code, code.capitalize() if code else "Aanwezigen", capacity) for code, capacity in places.items()]
    agenda.set_room(ANY_ROLE, event, named, event.room_version)
    for verb in VERBS[state]:
        events.move(ANY_ROLE, event, verb, "Te weinig aanmeldingen." if verb == "cancel" else "")
    db.session().flush()
    return event


@dataclass
class Tenant:
    """An organisation with somebody in every role and an event in three states; each text holds `canary`."""

    canary: str
    organisation: Organisation
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)


def make_tenant(canary: str) -> Tenant:
    """Make an organisation with all thirteen roles and its own draft, published and held event."""
    tenant = Tenant(canary, make_organisation(f"Huis {canary}", code=f"huis-{canary.lower()}"))
    for role in ROLES:
        tenant.people[role] = make_person(f"{role.capitalize()} {canary}", organisation=tenant.organisation)
        tenant.accounts[role] = make_account(tenant.people[role])
        make_grant(tenant.people[role], role, tenant.organisation)
    for state in ("draft", "published", "held"):
        label = f"{state} {canary}"
        texts = {name: f"{name} {label}" for name in ("title", "over", "lead", "about", "chosen", "place_name")}
        texts |= {"place_detail": f"detail {label}", "accreditation": f"accreditatie {label}"}
        contact = tenant.people["coordinator"].id
        event = make_event(tenant.organisation, state, slug=f"{state}-{canary.lower()}", contact_id=contact, **texts)
        tenant.events[state] = event
        tenant.items[state] = event.items[0].id
    return tenant


def one_tenant() -> Tenant:
    """Make the first of them alone."""
    return make_tenant("KANARIEA")


def two_tenants() -> tuple[Tenant, Tenant]:
    """Make two organisations that may not see each other's drafts."""
    return one_tenant(), make_tenant("KANARIEB")


def _added(row: object) -> object:
    db.session().add(row)
    db.session().flush()
    return row
