"""Deleting a part of the agenda after a page that says what happens; what the buttons of the form of a part do."""

from html import unescape

import pytest

from schakel import dates
from tests import make
from tests.events.stored_event import event_of

pytestmark = pytest.mark.prepared(by=make.one_tenant)
PUBLISHED = "published-kanariea"


def slot(hospital, **more: object) -> dict:
    day = dates.today(hospital.events["published"].starts_at).isoformat()
    return {
        "kind": "round",
        "day": day,
        "begins": "20:00",
        "ends": "20:30",
        "title": "Ronde",
        "sessions-0-title": "Ouderen",
        **more,
    }


def test_a_published_part_is_deleted_after_a_page_that_says_what_happens(editor, hospital, work, dump):
    path = f"/bijeenkomsten/{PUBLISHED}/programma"
    assert editor.send(f"{path}/nieuw", slot(hospital)).status_code == 303
    item = next(one for one in event_of(work, PUBLISHED).items if one.title == "Ronde")
    assert f'href="{path}/{item.id}/weg"' in editor.get(path).text
    before = dump()
    text = unescape(editor.get(f"{path}/{item.id}/weg").text)
    assert "A. Ouderen" in text and "niet terug te draaien" in text and "openbare bladzijde" in text
    assert dump() == before
    done = editor.send(f"{path}/{item.id}/weg")
    assert done.status_code == 303 and "Het onderdeel is weggehaald." in editor.get(done.location).text
    assert item.id not in [one.id for one in event_of(work, PUBLISHED).items]


@pytest.mark.parametrize(("button", "ends_with"), [("", "/programma"), ("volgende", "/programma/nieuw")])
def test_after_a_part_comes_the_page_of_the_button(editor, hospital, button, ends_with):
    done = editor.send(f"/bijeenkomsten/{PUBLISHED}/programma/nieuw", slot(hospital, daarna=button))
    assert done.status_code == 303 and done.location.endswith(ends_with)


def test_the_button_for_more_sessions_opens_the_part_with_empty_rows(editor, hospital):
    done = editor.send(f"/bijeenkomsten/{PUBLISHED}/programma/nieuw", slot(hospital, daarna="sessies"))
    page = editor.get(done.location)
    assert done.status_code == 303 and 'name="sessions-3-title"' in page.text and "Ouderen" in page.text


def test_a_new_event_belongs_to_the_house_of_its_coordinator_and_not_to_a_department(editor, hospital, work):
    with work() as session:
        make.make_organisation("AAA afdeling", parent=session.merge(hospital.organisation))
    text = editor.get("/bijeenkomsten/nieuw").text
    assert f'<option selected value="{hospital.organisation.id}">' in text
    assert text.count("nodig om te publiceren") == 2
