"""The coordinator's pages: what is stored, what is refused at its field, and two people who edit at once."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates
from schakel.events.models import Event
from schakel.identity.models import RoleGrant
from tests import make
from tests.events.stored_event import event_of
from tests.forms import typed_in

ON = (dates.today() + timedelta(days=60)).isoformat()
TYPED = "Alles wat ik al had getypt."


def tenant() -> make.Tenant:
    made = make.one_tenant()
    made.theme = make.make_theme().id
    return made


pytestmark = pytest.mark.prepared(by=tenant)


def typed(hospital, **more: object) -> dict:
    day = {"days-0-on": ON, "days-0-begins": "17:30", "days-0-ends": "21:30"}
    facts = {
        "kind": "conference",
        "title": "Avond",
        "organisation_id": hospital.organisation.id,
        "form": "professional",
        "about": TYPED,
    }
    return {
        **facts,
        "lead": "Omdat.",
        "place_name": "Sneek",
        "mailbox": "post@example.org",
        "closes_days_before": 3,
        **day,
        **more,
    }


def slot(hospital, **more: object) -> dict:
    day = dates.local(hospital.events["draft"].starts_at).date().isoformat()
    return {"kind": "plenary", "day": day, "begins": "18:00", "ends": "19:00", "title": "Welkom", "text": TYPED, **more}


def test_an_event_goes_to_another_organisation_of_its_coordinator(editor, hospital, work):
    with work() as session:
        other = make.make_organisation("Ander")
        stranger = make.make_organisation("Vreemd")
        coordinator = session.merge(hospital.accounts["coordinator"]).person
        session.add(RoleGrant(person_id=coordinator.id, role="coordinator", organisation_id=other.id))
    event = hospital.events["draft"]
    page = editor.get(f"/bijeenkomsten/{event.slug}/wijzigen")
    values = typed_in(page.text)
    refused = editor.send(f"/bijeenkomsten/{event.slug}/wijzigen", {**values, "organisation_id": stranger.id})
    assert refused.status_code == 422
    editor.send(f"/bijeenkomsten/{event.slug}/wijzigen", {**values, "organisation_id": other.id})
    assert event_of(work, event.slug).organisation_id == other.id


def test_making_an_event_redirects_to_its_agenda(editor, hospital, work):
    done = editor.send("/bijeenkomsten/nieuw", typed(hospital, themes=[hospital.theme]))
    assert (done.status_code, done.location) == (303, "/bijeenkomsten/avond/programma")
    event = event_of(work, "avond")
    assert (event.title, event.state, event.about, event.mailbox) == ("Avond", "draft", TYPED, "post@example.org")
    assert dates.format_time(event.starts_at) == "17.30" and dates.local(event.closes_at).date().isoformat() < ON
    assert editor.get(done.location).status_code == 200


def test_an_event_reaches_its_last_state_by_its_buttons(editor, hospital, work):
    for word, state in (("publiceren", "published"), ("geweest", "held"), ("afsluiten", "closed")):
        if word == "geweest":
            with work() as session:
                session.execute(sa.update(Event).values(starts_at=dates.now()))
        assert editor.get(f"/bijeenkomsten/draft-kanariea/{word}").status_code == 200
        assert editor.send(f"/bijeenkomsten/draft-kanariea/{word}").status_code == 303
        assert event_of(work, "draft-kanariea").state == state


def test_publishing_too_early_says_what_is_missing(editor, hospital):
    editor.send("/bijeenkomsten/nieuw", typed(hospital, lead=""))
    page = editor.send("/bijeenkomsten/avond/publiceren")
    assert page.status_code == 422 and "een inleiding, een programma, plaatsen" in page.text


def test_a_round_with_sessions_is_added_changed_and_deleted(editor, hospital, work):
    sessions = {
        "sessions-0-letter": "A",
        "sessions-0-title": "Ouderen",
        "sessions-0-capacity": "12",
        "sessions-1-title": "Wachttijd",
    }
    path = "/bijeenkomsten/draft-kanariea/programma"
    assert editor.send(f"{path}/nieuw", slot(hospital, kind="round", title="Ronde", **sessions)).status_code == 303
    made = next(one for one in event_of(work, "draft-kanariea").items if one.title == "Ronde")
    with work() as session:
        found = [(item.letter, item.title) for item in session.merge(made).sessions]
    assert found == [("A", "Ouderen"), ("B", "Wachttijd")]
    assert "Ouderen" in editor.get(f"{path}/{made.id}").text
    assert editor.send(f"{path}/{made.id}", slot(hospital, title="Toch met allen", version=1)).status_code == 303
    assert editor.send(f"{path}/{made.id}/weg").status_code == 303
    assert made.id not in [one.id for one in event_of(work, "draft-kanariea").items]


def test_capacity_is_set_per_profession(editor, hospital, work):
    with work():
        make.make_profession("huisarts")
    version = event_of(work, "draft-kanariea").room_version
    rows = {"everybody": "", "rows-0-code": "huisarts", "rows-0-capacity": "25", "version": version}
    assert editor.send("/bijeenkomsten/draft-kanariea/plaatsen", rows).status_code == 303
    assert [(pool.profession_code, pool.capacity) for pool in event_of(work, "draft-kanariea").pools] == [
        ("huisarts", 25)
    ]


ZERO_WIDTH, TWICE = "Av\u200bond", ["Avond", "Avond"]
WRONG_EVENT = [
    ("title", "", "Geef de bijeenkomst een titel."), ("title", "a" * 201, "hoogstens 200 tekens"), ("title", TWICE, "twee keer"),
    ("title", "Avond\r\nBcc: x@evil.test", "tekens in die niet te zien zijn"), ("title", ZERO_WIDTH, "tekens in die niet te zien zijn"),
    ("title", "Avond\u202egnp.exe", "tekens in die niet te zien zijn"), ("title", "Av\x00ond", "tekens in die niet te zien zijn"),
    ("over", "a" * 201, "hoogstens 200 tekens"), ("lead", "a" * 1001, "hoogstens 1000 tekens"), ("lead", "Om\u200bdat", "niet te zien"),
    ("place_detail", "a" * 301, "hoogstens 300 tekens"), ("accreditation", "a\nb", "niet te zien"), ("place_name", "a" * 201, "hoogstens 200"),
    ("mailbox", "geen adres", "geen volledig e-mailadres"), ("mailbox", "a@example.org\r\nBcc: x@evil.test", ""),
    ("mailbox", "a@" + "b" * 320 + ".nl", ""), ("kind", "party", ""), ("kind", "", ""), ("form", "onzin", ""),
    ("organisation_id", "999999", ""), ("organisation_id", "x", ""), ("themes", ["999999"], ""), ("organisers", ["x"], ""),
    ("closes_days_before", "-1", "0 tot en met 365"), ("closes_days_before", "366", "0 tot en met 365"), ("closes_days_before", "drie", ""),
    ("days-0-on", "", ""), ("days-0-on", "31-02-2027", ""), ("days-0-on", "9999-12-31", "te ver weg"), ("days-0-on", "0001-01-01", "te ver weg"),
    ("days-0-begins", "", "alle drie"), ("days-0-begins", "25:00", ""), ("days-0-ends", "onzin", ""),
]  # fmt: skip


def check_refused(page, name: str, value: object, said: str) -> None:
    """Fail unless the page is a 422 with the error at its field and in the summary, and everything typed."""
    assert page.status_code == 422
    assert "<title>Fout: " in page.text and 'role="alert"' in page.text
    text = html.unescape(page.text)
    assert said in text and TYPED in text
    assert re.search(rf'id="{re.escape(name)}[^"]*-error"|class="error"', text), "no error at the field"
    if isinstance(value, str) and value.isprintable() and name not in ("kind", "form", "organisation_id"):
        assert html.escape(value, quote=False) in page.text or value in text, "the typed input is lost"


@pytest.mark.parametrize(("name", "value", "said"), WRONG_EVENT, ids=lambda value: str(value)[:20])
def test_an_error_in_an_event_is_at_its_field_and_no_input_is_lost(editor, hospital, dump, name, value, said):
    before = dump()
    check_refused(editor.send("/bijeenkomsten/nieuw", typed(hospital, **{name: value})), name, value, said)
    assert dump() == before


@pytest.mark.parametrize("name", ["title", "kind", "form", "organisation_id", "days-0-on"])
def test_an_event_without_a_required_field_is_refused(editor, hospital, dump, name):
    before = dump()
    data = typed(hospital)
    del data[name]
    check_refused(editor.send("/bijeenkomsten/nieuw", data), name, "", "")
    assert dump() == before


WRONG_SLOT = [
    ("title", "", "Geef het onderdeel een titel."), ("title", "a" * 201, "hoogstens 200"), ("title", ZERO_WIDTH, "niet te zien"),
    ("title", ["A", "B"], "twee keer"), ("place", "a\r\nb", "niet te zien"), ("kind", "onzin", ""), ("day", "", "Kies de dag."),
    ("day", "morgen", ""), ("begins", "", "Vul de begintijd in."), ("begins", "03:00", "buiten de tijden"), ("ends", "", "Vul de eindtijd in."),
    ("ends", "23:59", "buiten de tijden"), ("sessions-0-title", "a" * 201, "hoogstens 200"), ("sessions-0-title", ZERO_WIDTH, "niet te zien"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "said"), WRONG_SLOT, ids=lambda value: str(value)[:20])
def test_an_error_in_the_agenda_is_at_its_field_and_no_input_is_lost(editor, hospital, dump, name, value, said):
    before = dump()
    page = editor.send("/bijeenkomsten/draft-kanariea/programma/nieuw", slot(hospital, **{name: value}))
    check_refused(page, name, value, said)
    assert dump() == before


@pytest.mark.parametrize("value", ["-1", "100001", "veel", "1.5", "٣x"])
def test_an_impossible_number_of_places_is_refused(editor, hospital, dump, work, value):
    with work():
        make.make_profession("huisarts")
    before = dump()
    for data in ({"everybody": value}, {"rows-0-code": "huisarts", "rows-0-capacity": value}):
        page = editor.send("/bijeenkomsten/draft-kanariea/plaatsen", data)
        assert page.status_code == 422 and 'class="error"' in page.text and value in page.text
    assert dump() == before


def test_a_script_may_be_typed_and_is_displayed_as_text(editor, hospital):
    nasty = '"><script>alert(1)</script>'
    assert editor.send("/bijeenkomsten/nieuw", typed(hospital, title=nasty)).status_code == 303
    page = editor.send("/bijeenkomsten/nieuw", typed(hospital, over=nasty, title=""))
    assert page.status_code == 422 and "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text


def test_a_field_that_is_not_on_the_form_changes_nothing(editor, hospital, work):
    extra = {
        "state": "published",
        "version": 99,
        "sequence": 7,
        "slug": "gekaapt",
        "contact_id": 1,
        "id": 1,
        "chosen": "x",
    }
    assert editor.send("/bijeenkomsten/nieuw", typed(hospital, **extra)).status_code == 303
    event = event_of(work, "avond")
    assert (event.state, event.version, event.sequence, event.chosen) == ("draft", 1, 0, "")


def test_an_edit_does_not_change_what_the_form_does_not_have(editor, hospital, work):
    before = event_of(work, "draft-kanariea")
    assert (
        editor.send("/bijeenkomsten/draft-kanariea/wijzigen", typed(hospital, version=before.version)).status_code
        == 303
    )
    after = event_of(work, "draft-kanariea")
    assert (after.title, after.chosen, after.contact_id) == ("Avond", before.chosen, before.contact_id)


def test_an_organisation_of_another_coordinator_cannot_become_the_owner(editor, hospital, work, dump):
    with work():
        other = make.make_organisation("Ander").id
    before = dump()
    version = event_of(work, "draft-kanariea").version
    page = editor.send(
        "/bijeenkomsten/draft-kanariea/wijzigen", typed(hospital, organisation_id=other, version=version)
    )
    assert page.status_code in (403, 422) and dump() == before


def test_the_second_writer_sees_both_texts_and_no_input_is_lost(editor, hospital, work):
    path = "/bijeenkomsten/draft-kanariea/wijzigen"
    mine = typed_in(editor.get(path).text)
    theirs = {**mine, "lead": "De tekst van de ander.", "place_name": "Sneek"}
    assert editor.send(path, {key: value for key, value in theirs.items() if key != "csrf_token"}).status_code == 303
    late = {**mine, "lead": '<b>Mijn tekst</b> & "meer"', "accreditation": "3 punten", "closes_days_before": "9"}
    page = editor.send(path, {key: value for key, value in late.items() if key != "csrf_token"})
    text = html.unescape(page.text)
    assert page.status_code == 409 and "Iemand anders was u voor" in text
    assert "De tekst van de ander." in text and late["lead"] in text and "<b>Mijn" not in page.text
    again = typed_in(page.text)
    assert (again["lead"], again["accreditation"], again["closes_days_before"]) == (late["lead"], "3 punten", "9")
    assert again["version"] == str(event_of(work, "draft-kanariea").version)
    assert editor.post(path, data=again).status_code == 303
    event = event_of(work, "draft-kanariea")
    assert (event.lead, event.accreditation) == (late["lead"], "3 punten") and len(event.days) == 1


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "99999999999999999999", None])
def test_an_edit_without_a_valid_version_is_a_conflict_and_changes_nothing(editor, hospital, dump, version):
    before = dump()
    data = typed(hospital, version=version) if version is not None else typed(hospital)
    page = editor.send("/bijeenkomsten/draft-kanariea/wijzigen", data)
    assert page.status_code in (409, 422) and dump() == before


def test_an_agenda_item_of_another_event_cannot_be_reached_by_the_address_of_ones_own(editor, hospital, work, dump):
    with work():
        other = make.make_event(make.make_organisation("Ander"), "draft").items[0].id
    before = dump()
    for path in (f"programma/{other}", f"programma/{other}/weg"):
        assert editor.send(f"/bijeenkomsten/draft-kanariea/{path}", slot(hospital)).status_code == 404
    assert dump() == before
