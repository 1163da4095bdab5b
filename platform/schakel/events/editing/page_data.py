"""Form data of an event, an agenda item and the capacity, and both texts when two edits conflict."""

from collections.abc import Iterator
from datetime import date, time
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext

from schakel import dates
from schakel.events import service
from schakel.events.agenda import rules
from schakel.events.agenda.rules import Part
from schakel.events.models import AgendaItem, Event

TEXTS = ("title", "over", "lead", "about", "place_name", "place_detail", "accreditation", "mailbox")
ITEM_FIELDS = ("kind", "title", "day", "begins", "ends", "place", "text")


def facts(event: Event) -> dict[str, Any]:
    """Return the form data of an event."""
    data = {name: getattr(event, name) for name in service.TEXTS}
    starts = dates.local(event.starts_at).date()
    closes = dates.local(event.closes_at).date() if event.closes_at else starts
    return data | {
        "organisation_id": event.organisation_id,
        "organisers": [organiser.id for organiser in event.organisers],
        "themes": [theme.id for theme in event.themes],
        "days": [
            {
                "on": dates.local(day.starts_at).date(),
                "begins": dates.local(day.starts_at).time(),
                "ends": dates.local(day.ends_at).time(),
            }
            for day in event.days
        ],
        "closes_days_before": (starts - closes).days,
        "version": str(event.version),
    }


def item(event: Event, item: AgendaItem | None) -> dict[str, Any]:
    """Return the form data of an agenda item; a new one begins at the end of the last one."""
    if item is None:
        last = event.items[-1] if event.items else None
        begins = dates.local(last.ends_at if last else event.starts_at)
        return {"day": begins.date(), "begins": begins.time(), "sessions": []}
    capacities = {pool.session_id: pool.capacity for pool in event.pools}
    return {
        "kind": item.kind,
        "day": dates.local(item.starts_at).date(),
        "begins": dates.local(item.starts_at).time(),
        "ends": dates.local(item.ends_at).time(),
        "title": item.title,
        "text": item.text,
        "place": item.place,
        "version": str(item.version),
        "sessions": [
            {
                "id": str(item.id),
                "letter": item.letter,
                "title": item.title,
                "text": item.text,
                "place": item.place,
                "capacity": capacities.get(item.id),
            }
            for item in item.sessions
        ],
    }


def room(event: Event, professions: list[Any]) -> dict[str, Any]:
    """Return the form data of the capacity per profession; a profession without pool is empty."""
    present = {pool.profession_code: pool.capacity for pool in event.pools if pool.session_id is None}
    return {
        "everybody": present.get(None),
        "rows": [{"code": profession.code, "capacity": present.get(profession.code)} for profession in professions],
        "version": str(event.room_version),
    }


def clashes(event: Event) -> list[str]:
    """Return what to look at in the agenda: items at the same time, rooms used twice at once."""
    parts = []
    for item in event.items:
        span = (item.starts_at, item.ends_at)
        parts.append(Part(item.id, item.title, span, item.place))
        parts += [
            Part(item.id, f"{session.letter}. {session.title}", span, session.place, is_session=True)
            for session in item.sessions
        ]
    return rules.clashes(parts)


def deleting(event: Event, item: AgendaItem) -> list[str]:
    """Return what happens when an agenda item is deleted."""
    when = dates.format_span(item.starts_at, item.ends_at)
    points = [gettext("Het onderdeel van %(when)s gaat uit het programma.", when=when)]
    if item.sessions:
        named = ", ".join(f"{session.letter}. {session.title}" for session in item.sessions)
        points.append(gettext("De sessies gaan mee weg: %(sessions)s.", sessions=named))
    if event.is_published:
        points.append(gettext("De openbare bladzijde van de bijeenkomst verandert meteen."))
    points.append(gettext("Dit is niet terug te draaien."))
    return points


def overfull(event: Event) -> list[str]:
    """Return a sentence for each pool with more people than places."""
    pools = [pool for pool in event.pools if pool.capacity is not None and pool.used > pool.capacity]
    sentence = gettext("Let op: %(name)s heeft %(used)s aanmeldingen en %(capacity)s plaatsen.")
    return [sentence % {"name": pool.name, "used": pool.used, "capacity": pool.capacity} for pool in pools]


def both_texts(form: Any, theirs: dict[str, Any], names: tuple[str, ...]) -> list[SimpleNamespace]:
    """Return the fields of a form in which what somebody else saved differs from what was typed."""
    return [
        SimpleNamespace(label=form[name].label.text, name=name, theirs=_display(form[name], theirs.get(name)))
        for name in names
        if (theirs.get(name) or "") != (form[name].data or "")
    ]


def both_items(form: Any, theirs: dict[str, Any]) -> list[SimpleNamespace]:
    """Return the conflicting fields of an agenda item, with its sessions as one text."""
    found = both_texts(form, theirs, ITEM_FIELDS)
    now, mine = (_sessions(rows) for rows in (theirs["sessions"], form.sessions.data))
    if now != mine:
        label = gettext("Sessies tegelijk")
        found.append(SimpleNamespace(label=label, name="sessions-both", theirs=now, yours=mine))
    return found


def both_rooms(form: Any, theirs: dict[str, Any], names: dict[str, str]) -> list[SimpleNamespace]:
    """Return the conflicting fields of the capacity; each field is labelled with its profession."""
    present = {row["code"]: row["capacity"] for row in theirs["rows"]}
    fields = [(form.everybody, theirs["everybody"])]
    for row in form.rows:
        row.form.capacity.label.text = names.get(row.form.code.data, "")
        fields.append((row.form.capacity, present.get(row.form.code.data)))
    return [
        SimpleNamespace(label=field.label.text, name=field.name, field=field, theirs=_display(field, now))
        for field, now in fields
        if now != field.data
    ]


def _sessions(rows: list[dict[str, Any]]) -> str:
    return "\n".join(", ".join(_parts(row)) for row in rows if row["title"])


def _parts(row: dict[str, Any]) -> Iterator[str]:
    yield f"{row['letter']}. {row['title']}" if row["letter"] else row["title"]
    if row["capacity"] is not None:
        yield gettext("%(n)s plaatsen", n=row["capacity"])
    yield from (row[name] for name in ("place", "text") if row[name])


def _display(field: Any, value: Any) -> str:
    """Format a value for reading, beside the field for typing it."""
    if isinstance(value, date):
        return dates.format_date(value)
    if isinstance(value, time):
        return f"{value:%H.%M}"
    if field.type == "SelectField":
        return str(dict(field.choices).get(value, ""))
    return "" if value is None else str(value)
