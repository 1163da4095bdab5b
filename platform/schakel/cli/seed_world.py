"""What the loader of the stories has loaded so far, by code, and who acts in it."""

from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from schakel import dates, db, errors
from schakel.access import Actor
from schakel.events.models import Event
from schakel.identity import actors
from schakel.identity.models import Account, Organisation, Person
from schakel.identity.rules import Role


class World:
    """Rows by the codes that the seed files use, and the actors behind them."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder, self.today = folder, today
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.accounts: dict[int, Account] = {}  # by person id
        self.holders: dict[tuple[int, Role], int] = {}  # (organisation id, role) → person id, the first one named
        self.themes: dict[str, int] = {}
        self.professions: dict[str, str] = {}
        self.events: dict[str, Event] = {}
        self.held: list[Event] = []

    def read(self, name: str) -> dict[str, Any]:
        """One seed file."""
        content: dict[str, Any] = yaml.safe_load((self.folder / f"{name}.yaml").read_text(encoding="utf-8"))
        return content

    def day(self, text: Any) -> date | None:
        """A date of the seeds, absolute or counted from the day of loading."""
        return dates.relative(str(text), self.today) if text not in (None, "") else None

    def actor(self, person_id: int) -> Actor:
        """Somebody with an account, signed in, with the roles that hold on the day of the clock."""
        return actors.actor_of(self.accounts[person_id], "session", dates.today())

    def has_account(self, person_id: int | None) -> bool:
        """Whether this person can sign in."""
        return person_id in self.accounts

    def holder(self, organisation_id: int, role: Role) -> int | None:
        """Who holds a role over an organisation, or over what it lies under; None when nobody does."""
        above: int | None = organisation_id
        while above is not None:
            if (above, role) in self.holders:
                return self.holders[above, role]
            above = errors.found(db.session().get(Organisation, above)).parent_id
        return None

    def staff(self, organisation_id: int, *roles: Role) -> Actor:
        """The actor who holds the first of these roles that anybody holds over the organisation."""
        holders = (self.holder(organisation_id, role) for role in roles)
        return self.actor(next(person for person in holders if person is not None))

    def anybody(self, role: Role) -> Actor:
        """The first person who holds a role anywhere."""
        return self.actor(next(person for (_, held), person in self.holders.items() if held == role))


def noon(day: date) -> Any:
    """Twelve o'clock on a civil day, as a UTC moment."""
    return dates.at(day, time(12))
