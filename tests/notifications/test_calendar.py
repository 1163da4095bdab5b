"""Calendar files: already accepted, updated with every change, safe from injection, and without secrets."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel import db
from schakel.events.models import Event
from schakel.notifications import ics, mailer, service
from schakel.registrations.models import Registration
from schakel.registrations.self_service import service as self_service
from tests import mailbox
from tests.notifications import icalendar_reader
from tests.registrations import make_registrations
from tests.registrations.make_registrations import holds_link, register, row

BASE, FROM = "https://schakel.example.org", "schakel@schakel.example.org"
AT = datetime(2027, 1, 21, 16, 30, tzinfo=UTC)


def entry(**wishes) -> ics.Entry:
    values = dict(
        uid="abc-1@schakel", sequence=3, stamped_at=AT, starts_at=AT, ends_at=AT + timedelta(hours=4), summary="Avond",
        location="De Harmonie", description="Sessie: A. Eén\nhttps://schakel.example.org/x", url="https://schakel.example.org/x",
        organizer=("MCL", "postbus@mcl.example.org"), attendee=("Tjitske Voorbeeldsma", "t@praktijk.example.org"),
    )  # fmt: skip
    return ics.Entry(**{**values, **wishes})


def event_in(raw: bytes) -> icalendar_reader.Part:
    (found,) = [part for part in icalendar_reader.read(raw).parts if part.name == "VEVENT"]
    return found


def files_of(app, mail) -> list[bytes]:
    with app.app_context():
        return mailer.parts(mail, BASE).calendars


def test_an_invitation_names_the_recipient_as_a_guest_who_accepted():
    raw = ics.calendar("REQUEST", [entry()])
    calendar, event = icalendar_reader.read(raw), event_in(raw)
    assert calendar.get("METHOD") == "REQUEST" and calendar.get("VERSION") == "2.0"
    ((params, guest),) = event.all("ATTENDEE")
    assert guest == "mailto:t@praktijk.example.org"
    assert params["PARTSTAT"] == "ACCEPTED" and params["RSVP"] == "FALSE" and params["CN"] == "Tjitske Voorbeeldsma"
    ((params, owner),) = event.all("ORGANIZER")
    assert owner == "mailto:postbus@mcl.example.org" and params["CN"] == "MCL"
    assert (event.get("UID"), event.get("SEQUENCE"), event.get("STATUS")) == ("abc-1@schakel", "3", "CONFIRMED")
    assert not event.all("METHOD")


def test_times_are_in_amsterdam_time_with_the_rule_of_the_zone():
    event = event_in(ics.calendar("REQUEST", [entry()]))
    assert event.all("DTSTART") == [({"TZID": "Europe/Amsterdam"}, "20270121T173000")]
    assert event.all("DTEND") == [({"TZID": "Europe/Amsterdam"}, "20270121T213000")]
    assert event.all("DTSTAMP") == [({}, "20270121T163000Z")]
    zone = next(
        part for part in icalendar_reader.read(ics.calendar("REQUEST", [entry()])).parts if part.name == "VTIMEZONE"
    )
    assert zone.get("TZID") == "Europe/Amsterdam" and sorted(part.name for part in zone.parts) == [
        "DAYLIGHT",
        "STANDARD",
    ]


@pytest.mark.parametrize(
    "at",
    [
        "2027-01-15T16:30",
        "2027-03-28T00:59",
        "2027-03-28T01:00",
        "2027-07-01T12:00",
        "2027-10-31T00:30",
        "2027-10-31T01:30",
    ],
)
def test_another_reader_sees_the_same_time(at):
    """The library icalendar reads the file with the rule of the zone in it."""
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    raw = ics.calendar("REQUEST", [entry(starts_at=instant, ends_at=instant + timedelta(hours=1))])
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    if at != "2027-10-31T01:30":  # the second of two equal local times: RFC 5545 cannot express it with a TZID
        assert event["DTSTART"].dt.astimezone(UTC) == instant


def test_a_cancellation_has_the_same_identity():
    raw = ics.calendar("CANCEL", [entry(sequence=4, cancelled=True)])
    event = event_in(raw)
    assert icalendar_reader.read(raw).get("METHOD") == "CANCEL" and event.get("STATUS") == "CANCELLED"
    assert event.get("UID") == "abc-1@schakel" and event.all("ORGANIZER") and event.all("ATTENDEE")


def test_the_public_file_names_nobody():
    raw = ics.calendar("PUBLISH", [entry()])
    assert not event_in(raw).all("ATTENDEE") and not event_in(raw).all("ORGANIZER")
    assert b"Voorbeeldsma" not in raw and b"mailto" not in raw


HOSTILE = [
    "x\r\nATTENDEE:mailto:dief@evil.test", "x\nEND:VEVENT\nBEGIN:VEVENT", "x\rORGANIZER:mailto:x@evil.test", "a;b,c:d\\n\\e",
    'quo"te', "\u2028ATTENDEE:mailto:x@evil.test", "\u0085UID:other", "x\x0bBEGIN:VALARM", "é" * 200, "𝄞" * 100, "x" * 300, "\\", "^n^'^^",
    "a\tb", " begin and end ", "{link:0123456789ab:1}", "=cmd", "\x1b[31m", "\x00",
]  # fmt: skip
LIMITS = {"VALARM", "ATTACH", "RRULE", "REQUEST-STATUS"}


def unharmed(raw: bytes) -> None:
    """Fail unless both readers find one event, one guest, one organiser, and only properties of the entry."""
    event = event_in(raw)
    assert not event.parts
    names = [name for name, _, _ in event.lines]
    assert names.count("ATTENDEE") == names.count("ORGANIZER") == names.count("UID") == 1 and not LIMITS & set(names)
    (other,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(other["UID"]) == event.get("UID") == "abc-1@schakel"
    assert str(other["ATTENDEE"]).lower() == "mailto:t@praktijk.example.org"


@pytest.mark.parametrize("place", ["summary", "location", "description", "guest", "owner"])
def test_no_text_can_inject_a_line(place):
    for text in HOSTILE:
        wishes = {
            "guest": {"attendee": (text, "t@praktijk.example.org")},
            "owner": {"organizer": (text, "p@mcl.example.org")},
        }
        try:
            raw = ics.calendar("REQUEST", [entry(**wishes.get(place, {place: text}))])
        except ValueError:
            assert place in ("guest", "owner") and not text.isprintable(), text  # refused, which is also safe
            continue
        unharmed(raw)


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=120),
    st.text(max_size=120),
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=80),
)
def test_a_file_with_any_text_holds_one_event_with_that_text(summary, location, name):
    raw = ics.calendar(
        "REQUEST", [entry(summary=summary, location=location, attendee=(name, "t@praktijk.example.org"))]
    )
    unharmed(raw)


def test_ordinary_characters_read_back_as_typed():
    text = 'Acute zorg; wie belt wie, wanneer? C:\\pad "citaat" – ’t Hûs\u00a0fan ús'
    raw = ics.calendar("REQUEST", [entry(summary=text, location=text)])
    (other,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert event_in(raw).get("SUMMARY") == event_in(raw).get("LOCATION") == text == str(other["SUMMARY"])


def test_an_entry_renders_the_same_bytes_each_time(app, work):
    hall = make_registrations.make_hall(work, 5, sessions=(5,))
    with work():
        register(hall, "A", sessions="A")
    with work():
        mail = mailbox.mails()[0]
        first = files_of(app, mail)
        with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
            assert files_of(app, mail) == first


def test_a_stored_entry_is_loaded_unchanged():
    made = entry()
    assert service.entries_of(service.calendar_of("REQUEST", [made])) == [made]


def test_an_entry_has_one_uid_and_a_rising_sequence_from_sign_up_to_cancellation(app, work):
    """Signed up, changed, moved, withdrawn: one UID, rising SEQUENCE, one organiser, ending in CANCEL."""
    from tests.registrations.moved_events import DAY, edit, later

    hall = make_registrations.make_hall(work, 5, sessions=(5, 5), days=(DAY,))
    with work():
        number = register(hall, "A", sessions="A")
        self_service.change(
            holds_link(number), row(number), self_service.Changes("A", "", (hall.sessions["B"],), "", False), 1
        )
        db.end_transaction(True)
        edit(hall, place_name="Drachten")
        later()
        self_service.withdraw(holds_link(number), row(number))
        found = []
        for mail in mailbox.mails():
            (raw,) = files_of(app, mail)
            event = event_in(raw)
            calendar = icalendar_reader.read(raw)
            found.append(
                (
                    calendar.get("METHOD"),
                    event.get("UID"),
                    int(event.get("SEQUENCE")),
                    event.get("ORGANIZER"),
                    event.get("STATUS"),
                )
            )
        assert [one[0] for one in found] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
        assert [one[2] for one in found] == [0, 1, 2, 3]
        assert len({one[1] for one in found}) == 1 and {one[3] for one in found} == {
            "mailto:postbus@ziekenhuis.example.org"
        }
        assert [one[4] for one in found] == ["CONFIRMED"] * 3 + ["CANCELLED"]
        assert "Sessie: B. Sessie 2" in event_in(files_of(app, mailbox.mails()[1])[0]).get("DESCRIPTION")
        assert event_in(files_of(app, mailbox.mails()[2])[0]).get("LOCATION") == "Drachten"


def test_an_entry_names_no_other_guest_and_has_no_secret_link(app, work):
    hall = make_registrations.make_hall(work, 1, sessions=(5,))
    with work():
        first = register(hall, "Tjitske", sessions="A", wishes="Kanarie-wens")
        register(hall, "Oane", sessions="A")
        self_service.withdraw(holds_link(first), row(first))
        second = db.session().scalar(sa.select(Registration.id).where(Registration.name == "Oane"))
        self_service.accept(holds_link(second), row(second))
        for mail in mailbox.mails():
            other = {"Tjitske": "Oane", "Oane": "Tjitske"}[mail.to_name]
            token = mailbox.link_in(mailbox.mails("registered", "Tjitske")[0]).removeprefix("/l/")
            for raw in files_of(app, mail):
                text = raw.decode().replace("\r\n ", "")
                assert (
                    other.lower() not in text.lower()
                    and token not in text
                    and "/l/" not in text
                    and "{link" not in text
                )
                assert "Kanarie" not in text and len(event_in(raw).all("ATTENDEE")) == 1


def test_each_day_is_one_file_with_one_event(app, work):
    from tests.registrations.moved_events import THREE

    hall = make_registrations.make_hall(work, 5, days=THREE)
    with work():
        register(hall, "A")
        files = files_of(app, mailbox.mails()[0])
        assert len(files) == 3 and len({event_in(raw).get("UID") for raw in files}) == 3
        starts = [event_in(raw).all("DTSTART")[0][1] for raw in files]
        assert starts == [f"{day.on:%Y%m%d}T090000" for day in THREE]


def test_uids_are_random_and_not_a_number_of_the_registration(work):
    hall = make_registrations.make_hall(work, 5)
    with work():
        numbers = [register(hall, name) for name in "AB"]
        stems = [make_registrations.row(number).uid for number in numbers]
        assert len(set(stems)) == 2 and all(
            len(stem) == 24 and str(number) != stem for stem, number in zip(stems, numbers, strict=True)
        )
        assert all(
            mail.calendar["entries"][0]["uid"].startswith(stem)
            for mail, stem in zip(mailbox.mails(), stems, strict=True)
        )


def test_the_public_file_of_an_event_has_its_changes(work, client):
    hall = make_registrations.make_hall(work, 5)
    with work():
        day = db.session().get(Event, hall.id).days[0].id
    pages = client.get(hall.path).text
    links = [part for part in pages.split('"') if part.endswith(".ics")]
    assert links
    raw = client.get(links[0]).data
    event = event_in(raw)
    assert (
        icalendar_reader.read(raw).get("METHOD") == "PUBLISH"
        and str(day) in event.get("UID")
        and not event.all("ATTENDEE")
    )
    assert client.get(links[0]).data == raw
