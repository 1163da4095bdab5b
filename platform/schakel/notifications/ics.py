"""Calendar files (RFC 5545/5546): published for everybody, or sent to one person."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from schakel import dates
from schakel.addresses import mail_address

PRODUCT = "-//Schakel//Schakel//NL"
# One constant instead of sixty computed dates: the rule of the European Union since 1996.
VTIMEZONE = """BEGIN:VTIMEZONE\r
TZID:Europe/Amsterdam\r
BEGIN:DAYLIGHT\r
TZNAME:CEST\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
DTSTART:19960331T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
TZNAME:CET\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""
TIMEZONE = Timezone.from_ical(VTIMEZONE)  # parsed once: 0.4 ms, in every mail with an appointment


@dataclass(frozen=True)
class Entry:
    """One calendar entry, complete and stored: rendering it twice gives the same bytes."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str
    cancelled: bool = False
    organizer: tuple[str, str] | None = None  # name, address: the From of the mail
    attendee: tuple[str, str] | None = None  # name, address: the recipient, who accepted by signing up


def calendar(method: str, entries: list[Entry]) -> bytes:
    """Return a calendar file. PUBLISH has no organiser or attendee; REQUEST and CANCEL have both."""
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("method", method)
    made.add_component(TIMEZONE)
    for entry in entries:
        made.add_component(_event(entry, method))
    return bytes(made.to_ical())


def _event(entry: Entry, method: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at)
    event.add("last-modified", entry.stamped_at)
    event.add("dtstart", dates.local(entry.starts_at))
    event.add("dtend", dates.local(entry.ends_at))
    event.add("summary", _plain(entry.summary))
    event.add("location", _plain(entry.location))
    event.add("description", _plain(entry.description))
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.cancelled or method == "CANCEL" else "CONFIRMED")
    if method != "PUBLISH" and entry.organizer and entry.attendee:
        event.add("organizer", _address(*entry.organizer))
        guest = _address(*entry.attendee)
        guest.params["PARTSTAT"] = vText("ACCEPTED")
        guest.params["RSVP"] = vText("FALSE")
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", guest)
    return event


def _plain(text: str) -> str:
    """Remove control characters, which no calendar file may contain; line ends stay, and are escaped."""
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign == "\n" or (sign >= " " and sign != "\x7f"))


def _address(name: str, mailbox: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{mail_address(mailbox)}")
    made.params["CN"] = vText(_plain(name).replace('"', "'").replace("\n", " "))
    return made
