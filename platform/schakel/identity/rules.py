"""Roles, and how many attempts are allowed."""

from datetime import date, timedelta
from enum import StrEnum

from schakel.i18n import N_
from schakel.names import fold as fold
from schakel.names import sort_name as sort_name


class Role(StrEnum):
    """The roles a person can have over an organisation."""

    PARTICIPANT = "participant"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    COMPLAINTS_OFFICER = "complaints_officer"
    SERVICE_EMPLOYEE = "service_employee"
    SECRETARY = "secretary"
    CHAIR = "chair"
    COMMITTEE_MEMBER = "committee_member"
    MEDICAL_DIRECTOR = "medical_director"
    QUALITY_ADVISER = "quality_adviser"
    BOARD_SECRETARY = "board_secretary"
    DEPARTMENT_HEAD = "department_head"
    ADMINISTRATOR = "administrator"


class AuditEvent(StrEnum):
    """Audit events about people, accounts and roles."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in.failed"
    ROLE_GRANTED = "role.granted"
    ROLE_WITHDRAWN = "role.withdrawn"
    DEPUTY_ARRANGED = "deputy.arranged"
    DEPUTY_ENDED = "deputy.ended"
    PERSON_ADDED = "person.added"
    ACCOUNT_OPENED = "account.opened"
    ACCOUNT_LINK_SENT = "account.way_in"
    PASSWORD_LINK_SENT = "account.password_link"  # noqa: S105  # the name of an event
    PERSON_RENAMED = "person.renamed"
    WEEKLY_MAIL = "account.weekly_mail"
    ACCOUNT_PASSWORD = "account.password"  # noqa: S105  # the name of an event, not a secret


class Try(StrEnum):
    """What is limited to a number of attempts against guessing."""

    SIGN_IN = "sign_in"
    LOST_LINK = "lost_link"
    FORGOTTEN = "forgotten"


class MailKind(StrEnum):
    """The kinds of mail about accounts."""

    ACCOUNT_LINK = "way_in"
    PASSWORD_LINK = "password_link"  # noqa: S105  # the name of a mail, not a secret


class Period(StrEnum):
    """Whether a period is current, future or past."""

    NOW = "now"
    TO_COME = "to_come"
    PAST = "past"


ROLES = {
    Role.PARTICIPANT: N_("Deelnemer"),
    Role.COORDINATOR: N_("Coördinator"),
    Role.FACILITATOR: N_("Facilitator"),
    Role.COMPLAINTS_OFFICER: N_("Klachtenfunctionaris"),
    Role.SERVICE_EMPLOYEE: N_("Servicemedewerker"),
    Role.SECRETARY: N_("Secretaris van de klachtencommissie"),
    Role.CHAIR: N_("Voorzitter van de klachtencommissie"),
    Role.COMMITTEE_MEMBER: N_("Lid van de klachtencommissie"),
    Role.MEDICAL_DIRECTOR: N_("Medisch directeur"),
    Role.QUALITY_ADVISER: N_("Kwaliteitsadviseur"),
    Role.BOARD_SECRETARY: N_("Bestuurssecretaris"),
    Role.DEPARTMENT_HEAD: N_("Hoofd van de afdeling"),
    Role.ADMINISTRATOR: N_("Beheerder"),
}
STAFF = tuple(role for role in Role if role != Role.PARTICIPANT)
MIN_PASSWORD = 12
TRIES = {Try.SIGN_IN: 5, Try.LOST_LINK: 3, Try.FORGOTTEN: 3}
WINDOWS = {Try.SIGN_IN: timedelta(minutes=15), Try.LOST_LINK: timedelta(hours=1), Try.FORGOTTEN: timedelta(hours=1)}


def overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two periods share a day; both ends are inclusive, and None means no limit."""
    first = max(one[0] or date.min, other[0] or date.min)
    return first <= min(one[1] or date.max, other[1] or date.max)


def when(first: date | None, last: date | None, today: date) -> Period:
    """Return whether a period is current, future or past on a day."""
    if last is not None and last < today:
        return Period.PAST
    return Period.TO_COME if first is not None and first > today else Period.NOW


def initials(name: str) -> str:
    """Return the initials: 'Tjitske van der Voorbeeldsma' → 'TV'."""
    words = [word for word in name.split() if word[:1].isupper()]
    return (words[0][:1] + words[-1][:1]) if len(words) > 1 else name[:2].upper()
