"""The rules about parts of an agenda at the same time and rooms used twice, without a database."""

from datetime import date, time

from schakel import spans
from schakel.events.agenda.rules import Part, clashes


def part(item_id: int, title: str, begins: str, ends: str, room: str = "", is_session: bool = False) -> Part:
    span = spans.span_of(date(2027, 2, 4), time.fromisoformat(begins), time.fromisoformat(ends))
    return Part(item_id, title, span, room, is_session)


def test_parts_at_the_same_time_are_named_once():
    parts = [
        part(1, "Ronde 1", "18:00", "19:00"),
        part(2, "Ronde 2", "18:30", "19:30"),
        part(3, "Slot", "19:30", "20:00"),
    ]
    assert clashes(parts) == ["Ronde 1 en Ronde 2 vallen samen."]


def test_a_room_used_twice_at_once_is_named_however_it_is_written():
    parts = [
        part(1, "Ronde 1", "18:00", "19:00"),
        part(1, "A. Ouderen", "18:00", "19:00", "Zaal 1", True),
        part(1, "B. Jeugd", "18:00", "19:00", "zaal  1", True),
        part(2, "Daarna", "19:00", "20:00", "Zaal 1"),
    ]
    assert clashes(parts) == ["Zaal 1 is tegelijk in gebruik voor A. Ouderen en B. Jeugd."]


def test_a_round_in_the_room_of_its_session_is_no_clash():
    parts = [part(1, "Ronde 1", "18:00", "19:00", "Zaal 1"), part(1, "A. Ouderen", "18:00", "19:00", "Zaal 1", True)]
    assert clashes(parts) == []
