"""What the loader of the stories has loaded so far, by code, and the actors."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from schakel import dates, db, errors, spans
from schakel.access import Actor
from schakel.events.models import Event
from schakel.identity import actors
from schakel.identity.models import Account, Organisation, Person
from schakel.identity.rules import Role


class World:
    """Rows by the codes in the seed files, and the actors of the steps."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder, self.today = folder, today
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.accounts: dict[int, Account] = {}  # by person id
        self.holders: dict[tuple[int, Role], int] = {}  # (organisation id, role) → person id, the first one in the file
        self.themes: dict[str, int] = {}
        self.professions: dict[str, str] = {}
        self.events: dict[str, Event] = {}
        self.held: list[Event] = []

    def read(self, name: str) -> dict[str, Any]:
        """Return the content of one seed file."""
        content: dict[str, Any] = yaml.safe_load((self.folder / f"{name}.yaml").read_text(encoding="utf-8"))
        return content

    def day(self, text: Any) -> date | None:
        """Return a date of the seeds, absolute or relative to the day of loading."""
        return planned(str(text), self.today) if text not in (None, "") else None

    def actor(self, person_id: int) -> Actor:
        """Return a signed-in person as actor, with the roles valid on the day of the clock."""
        return actors.actor_of(self.accounts[person_id], "session", dates.today())

    def has_account(self, person_id: int | None) -> bool:
        """Whether this person can sign in."""
        return person_id in self.accounts

    def holder(self, organisation_id: int, role: Role) -> int | None:
        """Return the id of who has a role over an organisation or one above it, or None."""
        above: int | None = organisation_id
        while above is not None:
            if (above, role) in self.holders:
                return self.holders[above, role]
            above = errors.found(db.session().get(Organisation, above)).parent_id
        return None

    def staff(self, organisation_id: int, *roles: Role) -> Actor:
        """Return as actor the first person with one of these roles over the organisation."""
        holders = (self.holder(organisation_id, role) for role in roles)
        return self.actor(next(person for person in holders if person is not None))

    def anybody(self, role: Role) -> Actor:
        """Return as actor the first person with a role anywhere."""
        return self.actor(next(person for (_, held), person in self.holders.items() if held == role))


def planned(text: str, base: date) -> date:
    """Return a date of the seeds; a relative one is not on a holiday, nor in a weekend unless it names that day."""
    day = dates.relative(text, base)
    if text[:1] not in "+-":
        return day
    step = timedelta(days=7 if " " in text else 1) * (-1 if text[0] == "-" else 1)
    while spans.day_off(day) and (" " not in text or day in spans.holidays(day.year)):
        day += step
    return day


def in_office_hours(at: datetime) -> datetime:
    """Return a time on the same day between eight and six, in the same order as before."""
    here = dates.local(at)
    minutes = 8 * 60 + (here.hour * 60 + here.minute) * 10 // 24
    return dates.at(here.date(), time(*divmod(minutes, 60)))


def noon(day: date) -> Any:
    """Return twelve o'clock on a date in Amsterdam, in UTC."""
    return dates.at(day, time(12))
