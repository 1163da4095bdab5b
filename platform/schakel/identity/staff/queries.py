"""Queries of the administrator's pages: limited to their own organisations, and without what people work on."""

from datetime import date
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from schakel import addresses, dates, db, names
from schakel.access import Actor
from schakel.i18n import N_, gettext
from schakel.identity import policy, rules
from schakel.identity.models import Account, Deputy, Organisation, Person, RoleGrant
from schakel.pages import cursors
from schakel.workflow import Shape

PAGE = 20
MOST = 500  # choices in one select
WHEN = {
    rules.Period.NOW: (Shape.DONE, N_("Geldt")),
    rules.Period.TO_COME: (Shape.WAIT, N_("Komt nog")),
    rules.Period.PAST: (Shape.STOP, N_("Voorbij")),
}


def _people(actor: Actor, word: str) -> sa.Select[Person]:
    query = policy.people_of(actor)
    if not word:
        return query
    found = db.has_words(Person.sort_name, names.words_of(word))
    return query.where(sa.or_(found, Person.folded_email.startswith(addresses.fold_address(word), autoescape=True)))


def listed(actor: Actor, word: str, after: int | None, size: int = PAGE) -> tuple[list[SimpleNamespace], int | None]:
    """Return a page of people by name with their current roles (at most 3 statements), and the id for the next page.

    `after` is ignored when the actor does not see that person: it would disclose where their name sorts.
    """
    query = _people(actor, word).options(joinedload(Person.organisation)).order_by(Person.sort_name, Person.id)
    last = db.session().scalar(policy.people_of(actor).where(Person.id == after)) if after else None
    query = cursors.after(query, (Person.sort_name, Person.id), (last.sort_name, last.id) if last else None)
    total = db.count_of(_people(actor, word).with_only_columns(Person.id))
    found = db.session().execute(query.limit(size + 1).add_columns(total)).all()
    people, more = cursors.split([row[0] for row in found], size, lambda one: (one.sort_name, one.id))
    held: dict[int, list[str]] = {}
    ids = [person.id for person in people]
    for row in grants(actor, RoleGrant.person_id.in_(ids)):
        if row.when == rules.Period.NOW:
            held.setdefault(row.person_id, []).append(f"{row.role}, {row.organisation}")
    rows = [
        SimpleNamespace(
            id=person.public_id,
            name=names.listed_name(person.name),
            email=person.email,
            organisation=person.organisation.name if person.organisation else "–",
            roles=held.get(person.id, []),
            total=found[0][1],
        )
        for person in people
    ]
    return rows, more[1] if more else None


def person(actor: Actor, public_id: str) -> Person | None:
    """Return a person the administrator sees, or None."""
    return db.session().scalar(policy.people_of(actor).where(Person.public_id == public_id))


def has_password(someone: Person) -> bool:
    """Whether a person chose a password already."""
    held = sa.select(Account.id).where(Account.person_id == someone.id, Account.password.is_not(None))
    return db.session().scalar(held) is not None


def grants(actor: Actor, which: sa.ColumnElement[bool]) -> list[SimpleNamespace]:
    """Return roles inside the administrator's organisations, current ones first (1 statement)."""
    query = policy.grants_in(actor).where(which)
    query = query.options(joinedload(RoleGrant.organisation), joinedload(RoleGrant.person))
    today, order = dates.today(), list(WHEN)
    rows = [
        SimpleNamespace(
            id=row.id,
            person_id=row.person_id,
            person=row.person.name,
            role=_role(row.role),
            organisation=row.organisation.name,
            when=rules.when(row.from_on, row.until_on, today),
            is_past=rules.when(row.from_on, row.until_on, today) == rules.Period.PAST,
            days=_days(row.from_on, row.until_on),
        )
        for row in db.session().scalars(query.order_by(RoleGrant.id).limit(MOST))
    ]
    return sorted(rows, key=lambda row: order.index(row.when))


def grant(actor: Actor, number: int) -> RoleGrant | None:
    """Return a role inside the administrator's organisations, or None."""
    return db.session().scalar(policy.grants_in(actor).where(RoleGrant.id == number))


def deputies(actor: Actor) -> list[SimpleNamespace]:
    """Return current and future deputies (1 statement)."""
    today = dates.today()
    query = policy.deputies_in(actor).where(Deputy.until_on >= today)
    query = query.options(joinedload(Deputy.away), joinedload(Deputy.by), joinedload(Deputy.organisation))
    return [
        SimpleNamespace(
            id=row.id,
            away=row.away.name,
            by=row.by.name,
            role=_role(row.role),
            organisation=row.organisation.name if row.organisation else "",
            when=rules.when(row.from_on, row.until_on, today),
            days=_days(row.from_on, row.until_on),
        )
        for row in db.session().scalars(query.order_by(Deputy.from_on, Deputy.id).limit(MOST))
    ]


def deputy(actor: Actor, number: int) -> Deputy | None:
    """Return a *waarneming* inside the administrator's organisations, or None."""
    return db.session().scalar(policy.deputies_in(actor).where(Deputy.id == number))


def deputy_choices(actor: Actor) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the choices of the form: the roles to deputise for, and the people who can do so."""
    staff = RoleGrant.role.in_(rules.STAFF)
    held = [row for row in grants(actor, staff) if row.when != rules.Period.PAST]
    held.sort(key=lambda row: (names.sort_name(row.person), row.role, row.organisation, row.id))
    roles = [(row.id, f"{names.listed_name(row.person)}: {row.role}, {row.organisation}") for row in held]
    people = db.session().scalars(policy.people_of(actor).order_by(Person.sort_name, Person.id).limit(MOST))
    return roles, [(one.id, names.listed_name(one.name)) for one in people]


def organisations(actor: Actor) -> list[tuple[int, str]]:
    """Return the administrator's organisations: the topmost first, then those below, by name."""
    mine = actor.organisations(rules.Role.ADMINISTRATOR)
    rows = db.session().scalars(sa.select(Organisation).where(Organisation.id.in_(mine)).order_by(Organisation.name))
    return [(row.id, row.name) for row in sorted(rows, key=lambda row: row.parent_id in mine)]


def _days(first: date | None, last: date | None) -> str:
    parts = ((N_("vanaf %(day)s"), first), (N_("tot en met %(day)s"), last))
    return " ".join(gettext(words, day=dates.format_date(day)) for words, day in parts if day) or gettext(
        "zonder einddatum"
    )


def _role(code: str) -> str:
    return gettext(rules.ROLES[rules.Role(code)])
