"""Load the stories out of `seeds/` through the services, in one transaction, as the actor `system:seeds`."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from schakel import dates, db
from schakel.access import Actor, system
from schakel.cli import seed_followup, seed_registrations
from schakel.events import service as events
from schakel.events.agenda import service as agenda
from schakel.home.models import DemoPerson
from schakel.identity import service as identity
from schakel.identity.models import Organisation, Person, Profession, Sector
from schakel.programmes import service as programmes

ROLES = {
    "deelnemer": "participant",
    "coordinator": "coordinator",
    "facilitator": "facilitator",
    "klachtenfunctionaris": "complaints_officer",
    "servicemedewerker": "service_employee",
    "secretaris": "secretary",
    "voorzitter": "chair",
    "commissielid": "committee_member",
    "medisch_directeur": "medical_director",
    "kwaliteitsadviseur": "quality_adviser",
    "bestuurssecretaris": "board_secretary",
    "afdelingshoofd": "department_head",
    "beheerder": "administrator",
}
A_WEEK = timedelta(days=7)
STORIES = ("coleo-mcl", "knmg-werksessies", "imagine2", "klachtenregeling", "klinische-immunologie")


class Loaded:
    """What has been loaded so far, by code."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder, self.today = folder, today
        self.actor: Actor = system("seeds")
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.themes: dict[str, int] = {}
        self.professions: dict[str, str] = {}
        self.holders: dict[tuple[str, str], int] = {}

    def read(self, name: str) -> dict[str, Any]:
        """One seed file."""
        content: dict[str, Any] = yaml.safe_load((self.folder / f"{name}.yaml").read_text(encoding="utf-8"))
        return content

    def day(self, text: str | None) -> date | None:
        """A date of the seeds, absolute or counted from the day of loading."""
        return dates.relative(str(text), self.today) if text is not None else None


def load(folder: Path) -> str:
    """Load everything into an empty database; says in Dutch what was loaded, or that it was there already."""
    db.writing.set(True)
    if db.session().scalar(sa.select(sa.func.count(Organisation.id))):
        db.finish(False)
        return "De verhalen zijn er al."
    loaded = Loaded(folder, dates.today())
    _lists(loaded)
    _people(loaded)
    count = 0
    for name in STORIES:
        content = loaded.read(name)
        story = content["story"]
        programmes.tell_story(loaded.actor, story["code"], story["title"], story["says"], story["order"])
        for facts in content["events"]:
            _event(loaded, facts)
            count += 1
    people = seed_registrations.load(loaded.actor, loaded.read("registrations"))
    world = seed_followup.World(
        loaded.actor, loaded.today, loaded.people, loaded.organisations, loaded.themes, {}, loaded.holders
    )
    tables, points, decided = seed_followup.load(world, loaded.read("actions"), loaded.read("measures"))
    db.finish(True)
    return (
        f"Geladen: {len(loaded.organisations)} organisaties, {len(loaded.people)} mensen, "
        f"{count} bijeenkomsten, {people} aanmeldingen, {tables} afspraken, {points} actiepunten, "
        f"{decided} maatregelen."
    )


def _lists(loaded: Loaded) -> None:
    content = loaded.read("organisations")
    session = db.session()
    session.add_all(Sector(**row) for row in content["sectors"])
    session.add_all(Profession(position=n, **row) for n, row in enumerate(content["professions"]))
    loaded.professions = {row["code"]: row["name"] for row in content["professions"]}
    session.flush()
    for number, row in enumerate(content["themes"]):
        theme = programmes.add_theme(loaded.actor, row["code"], row["name"], row["says"], number)
        loaded.themes[row["code"]] = theme.id
    for row in content["organisations"]:
        parent = loaded.organisations[row["parent"]] if row.get("parent") else None
        organisation = Organisation(
            code=row["code"],
            name=row["name"],
            short=row.get("short", row["name"])[:60],
            place=row.get("place", ""),
            sector_code=row["sector"],
            parent_id=parent.id if parent else None,
        )
        session.add(organisation)
        session.flush()
        loaded.organisations[row["code"]] = organisation


def _people(loaded: Loaded) -> None:
    content = loaded.read("people")
    for row in content["people"]:
        organisation = loaded.organisations.get(row.get("organisation"))
        person = identity.add_person(
            loaded.actor, row["name"], row["email"], organisation.id if organisation else None, row.get("profession")
        )
        loaded.people[row["code"]] = person
        for role in row.get("roles", []):
            loaded.holders.setdefault((role["organisation"], ROLES[role["role"]]), person.id)
            identity.grant_role(
                loaded.actor,
                person,
                ROLES[role["role"]],
                loaded.organisations[role["organisation"]],
                from_on=loaded.day(role.get("from")),
                until_on=loaded.day(role.get("until")),
            )
        account = identity.open_account(loaded.actor, person, None) if row.get("account") else None
        demo = row.get("demo")
        if demo and account:
            account.visit_at = dates.now() - A_WEEK  # so that the demonstration shows what changed since
            db.session().add(
                DemoPerson(
                    account_id=account.id,
                    group=demo["group"],
                    position=demo["order"],
                    role_name=demo["role_name"],
                    says=demo["says"],
                )
            )
    for row in content.get("deputies", []):
        first, last = loaded.day(row["from"]), loaded.day(row["until"])
        assert first and last
        away, deputy = loaded.people[row["for"]], loaded.people[row["by"]]
        house = loaded.organisations[row["organisation"]] if row.get("organisation") else None
        identity.stand_in(loaded.actor, away, deputy, ROLES[row["role"]], first, last, house)


def _event(loaded: Loaded, row: dict[str, Any]) -> None:
    days = [(loaded.day(day["date"]), _clock(day["from"]), _clock(day["until"])) for day in row["days"]]
    registration = row.get("registration", {"form": "none"})
    place = row.get("place", {})
    facts = events.Facts(
        kind=row["kind"],
        title=row["title"],
        days=tuple(events.Day(on, begins, ends) for on, begins, ends in days if on),
        organisation_id=loaded.organisations[row["organisation"]].id,
        over=row.get("over", ""),
        lead=row.get("lead", ""),
        about=row.get("about", ""),
        chosen=row.get("chosen", ""),
        place_name=place.get("name", ""),
        place_detail=place.get("detail", "") or "",
        mailbox=row.get("mailbox", ""),
        accreditation=row.get("accreditation", "") or "",
        form=registration["form"],
        closes_days_before=-int(registration.get("closes", 0)),
        organiser_ids=tuple(loaded.organisations[code].id for code in row.get("organisers", [])),
        theme_ids=tuple(loaded.themes[code] for code in row.get("themes", [])),
        contact_id=loaded.people[row["contact"]].id if row.get("contact") else None,
    )
    event = events.create(loaded.actor, facts, slug=row["slug"])
    for line in row.get("agenda", []):
        day = days[line["day"] - 1][0]
        assert day
        agenda.put_slot(loaded.actor, event, _slot(line, day))
    room = [
        (item.get("role"), item.get("name") or loaded.professions[item["role"]], item["capacity"])
        for item in row.get("places", [])
    ]
    if room:
        agenda.set_room(loaded.actor, event, room, event.room_version)
    if row.get("steps"):
        agenda.set_steps(loaded.actor, event, [(step["title"], step["text"]) for step in row["steps"]])
    for verb in {"published": ("publish",), "held": ("publish", "hold")}.get(row["state"], ()):
        events.move(loaded.actor, event, verb)


def _slot(line: dict[str, Any], day: date) -> agenda.SlotFacts:
    return agenda.SlotFacts(
        kind=line["kind"],
        day=day,
        begins=_clock(line["from"]),
        ends=_clock(line["until"]),
        title=line["title"],
        text=line.get("text", "") or "",
        place=line.get("place", "") or "",
        sessions=tuple(
            agenda.SessionFacts(
                letter=item["letter"],
                title=item["title"],
                text=item.get("text", "") or "",
                place=item.get("place", "") or "",
                capacity=item.get("capacity"),
            )
            for item in line.get("sessions", [])
        ),
    )


def _clock(text: str) -> time:
    return time.fromisoformat(text)
