"""Bad input: a sentence at the field, everything typed still there, no trace in the database."""

import re

import pytest
import sqlalchemy as sa

from schakel.registrations import rules
from schakel.registrations.models import Registration
from tests.registrations import seats
from tests.registrations.seats import BSN

HUGE = "x" * 100_000
SIGHT = "Hier staan tekens in die niet te zien zijn."
BURGER = "burgerservicenummer"
HIDDEN = {
    "line": "Tjitske\nBcc: x@evil.test", "return": "Tjitske\rX: y", "crlf": "Tjitske\r\nBcc: x@evil.test", "nul": "Tji\x00tske",
    "zero width": "Tji\u200btske", "right to left": "Tjitske\u202eamsdleeb", "bom": "Tji\ufefftske", "escape": "Tji\x1btske",
}  # fmt: skip

CASES: dict[str, tuple[str, str, str]] = {}
for _field, _missing in (("name", "Vul uw naam in."), ("email", "Vul uw e-mailadres in."), ("organisation", "Vul uw praktijk")):
    CASES[f"{_field} missing"] = (_field, "", _missing)
    CASES[f"{_field} blank"] = (_field, "   ", _missing)
for _field, _size in (("name", 200), ("organisation", 200), ("wishes", 500)):
    CASES[f"{_field} too long"] = (_field, "x" * (_size + 1), f"hoogstens {_size} tekens")
    CASES[f"{_field} of 100 kB"] = (_field, HUGE, f"hoogstens {_size} tekens")
    for _name, _value in HIDDEN.items():
        CASES[f"{_field} with {_name}"] = (_field, _value, SIGHT)
    for _value in BSN:
        CASES[f"{_field} with {_value}"] = (_field, f"Over patiënt {_value}, graag.", BURGER)
for _name, _value in {
    "no address": "tjitske", "no domain": "tjitske@", "two": "a@b.nl, c@d.nl", "script": "<script>alert(1)</script>@b.nl",
    "formula": "=cmd|' /C calc'!A0", "display name": "Tjitske <t@b.nl>", "crlf": "t@b.nl\r\nBcc: x@evil.test",
    "zero width": "t\u200bt@b.nl", "long": "a" * 320 + "@b.nl", "huge": HUGE + "@b.nl", "space": "t t@b.nl", "quote": '"@b.nl',
}.items():  # fmt: skip
    CASES[f"email {_name}"] = ("email", _value, "")
ROUND = {"missing": "", "word": "abc", "negative": "-5", "unknown": "999999", "script": "<script>", "huge": HUGE, "superscript": "²"}
PERSONS = {
    "missing": "", "word": "drie", "half": "1.5", "none": "0", "negative": "-1", "seven": "7", "superscript": "²",
    "beyond": "9" * 40, "script": "<script>", "formula": "=1+1", "huge": "9" * 5000,
}  # fmt: skip
PROFESSION = {"missing": "", "unknown": "tovenaar", "script": "<script>", "nul": "huis\x00arts", "huge": HUGE}


def refused(client, hall, dump, field: str, value: str, saying: str, kept: bool = True) -> str:
    """Send one bad field and hold the answer against every promise."""
    form = seats.fill_in(client, hall, wishes="Geen noten.", name="Grytsje <b>de</b> Boer")
    sent = {**form, field: value}
    before = dump()
    page = client.post(f"{hall.path}/aanmelden", data=sent)
    assert page.status_code == 422, page.status_code
    assert dump() == before, "it left a trace"
    told = seats.said_at(page.text, field)
    assert told and saying in told, told or "no sentence at the field"
    assert page.text.count('class="errors"') == 1
    again = seats.typed_in(page.text)
    expected = {name: text.strip() for name, text in sent.items() if name != "csrf_token"}
    if not kept:
        expected.pop(field)
    for name, text in expected.items():
        assert seen(again.get(name, "")) == seen(text), f"{name} was lost"
    return told


def seen(text: str) -> str:
    """As an input of one line hands it back: HTML has no NUL and no line ends in an attribute value of a browser."""
    return re.sub(r"[\r\n\x00\ufffd]", "", text)


@pytest.mark.parametrize("case", CASES)
def test_a_bad_answer_gets_a_sentence_and_loses_nothing(work, client, dump, case):
    client.check_pages = not case.endswith(("nul", "escape"))  # no HTML can hand back a control character validly
    hall = seats.make_hall(work, {"huisarts": 5}, sessions=(5,))
    refused(client, hall, dump, *CASES[case])


@pytest.mark.parametrize("case", ROUND)
def test_a_session_that_cannot_be_chosen_is_refused(work, client, dump, case):
    hall = seats.make_hall(work, {"huisarts": 5}, sessions=(5,))
    form = seats.fill_in(client, hall)
    before = dump()
    page = client.post(f"{hall.path}/aanmelden", data={**form, hall.rounds[0]: ROUND[case]})
    assert page.status_code == 422 and dump() == before
    assert "Kies per ronde één sessie." in page.text or "Kies een sessie." in seats.said_at(page.text, hall.rounds[0])
    again = seats.typed_in(page.text)
    assert [again[name] for name in ("name", "email", "organisation", "profession")] == [
        form[name] for name in ("name", "email", "organisation", "profession")
    ]


@pytest.mark.parametrize("case", PROFESSION)
def test_a_profession_without_room_is_refused(work, client, dump, case):
    hall = seats.make_hall(work, {"huisarts": 5}, sessions=(5,))
    told = refused(client, hall, dump, "profession", PROFESSION[case], "", kept=False)
    assert told == "Kies het beroep of de rol waarin u komt."


@pytest.mark.parametrize("case", PROFESSION)
def test_a_profession_that_does_not_exist_is_refused_also_where_there_is_room_for_everybody(work, client, dump, case):
    hall = seats.make_hall(work, {None: 5, "huisarts": 5})
    before = dump()
    page = seats.sign_up(client, hall, profession=PROFESSION[case])
    assert page.status_code == 422 and dump() == before
    assert seats.said_at(page.text, "profession")


@pytest.mark.parametrize("case", PERSONS)
def test_a_party_of_an_impossible_size_is_refused(work, client, dump, case):
    hall = seats.make_hall(work, 50, kind="patient_day", form="patient_day")
    refused(client, hall, dump, "persons", PERSONS[case], "")


@pytest.mark.parametrize("field", ["name", "email", "organisation", "wishes", "profession"])
def test_a_field_that_comes_twice_is_refused(work, client, dump, field):
    hall = seats.make_hall(work, {"huisarts": 5}, sessions=(5,))
    form = seats.fill_in(client, hall, wishes="Geen noten.")
    before = dump()
    page = client.post(f"{hall.path}/aanmelden", data={**form, field: [form[field], "een andere waarde"]})
    assert page.status_code == 422 and dump() == before
    assert "twee keer" in seats.said_at(page.text, field)
    assert {**seats.typed_in(page.text), "csrf_token": ""} == {**form, "csrf_token": ""}


@pytest.mark.parametrize("nonce", ["", "kort", "x" * 23, "<script>xxxxxxxxxxxxxx", "é" * 21 + "=", HUGE])
def test_a_form_without_its_nonce_is_refused_and_loses_nothing(work, client, dump, nonce):
    hall = seats.make_hall(work, {"huisarts": 5})
    form = seats.fill_in(client, hall)
    before = dump()
    page = client.post(f"{hall.path}/aanmelden", data={**form, "nonce": nonce})
    assert page.status_code == 422 and dump() == before
    assert "Dit formulier is niet volledig binnengekomen." in page.text
    assert seats.typed_in(page.text)["name"] == form["name"]


def test_two_sessions_of_one_round_are_refused(work, client, dump):
    hall = seats.make_hall(work, 5, sessions=(5, 5))
    form = seats.fill_in(client, hall)
    before = dump()
    both = [str(number) for number in hall.sessions.values()]
    page = client.post(f"{hall.path}/aanmelden", data={**form, hall.rounds[0]: both})
    assert page.status_code == 422 and dump() == before and "twee keer" in seats.said_at(page.text, hall.rounds[0])


HARMLESS = {
    "script": "<script>alert(1)</script>", "tag in an attribute": "'\"><svg/onload=alert(1)>", "formula": "=HYPERLINK(\"http://x\")",
    "placeholder": "{{ 7*7 }} %(name)s {name} {event.__init__}", "link": "[klik](http://evil.test)", "percent": "100%s %d",
    "markdown": "**vet** <http://evil.test>", "frisian": "Sjoukje fan ’t Hûs-d’Ailly",
}  # fmt: skip


@pytest.mark.parametrize("case", HARMLESS)
def test_a_name_is_a_name_whatever_it_holds_and_shown_as_it_was_typed(work, client, client_of, case):
    """Rows 8 and 19 of the attack table: kept literally, escaped wherever it is shown, never expanded."""
    text = HARMLESS[case]
    with work():
        organisation = make_organisation()
        person = make_staff(organisation)
    hall = seats.make_hall(work, 5, organisation=organisation)
    assert seats.sign_up(client, hall, name=text, organisation=text, wishes=text).status_code == 303
    with work() as session:
        row = session.scalars(sa.select(Registration)).one()
        assert row.name == row.organisation == row.wishes == text
    visitor = seats.follow(work, client, text)
    for page in (visitor.get("/mijn-aanmelding"), client_of(person).get(f"{hall.path}/aanmeldingen")):
        shown = " ".join(" ".join("".join(node.itertext()).split()) for node in seats.tree_of(page.text).iter("main"))
        assert page.status_code == 200 and shown.count(text) >= 2
        assert "<svg" not in text or "<svg/onload" not in page.text


def make_organisation():
    from tests import make

    return make.make_organisation()


def make_staff(organisation):
    from tests import make

    return make.make_staff("coordinator", organisation)


NUMBERS = {
    "111222333": True, "123456782": True, "1112.22.333": True, "111-222-333": True, "bsn:123456782.": True,
    "123456782!": True, "x123456782y": True, "(123456782)": True, "123 456 782": True, "1112 22 333": True, "111222333 graag": True,
    "123456789": False, "000000000": False, "0612345678": False, "06-12345678": False, "+31612345678": False, "12345678200": False,
    "tafel 12 om 17.30": False, "": False, "1 2 3": False, "2026-11-21": False, "21 november 2026, 9.30": False,
}  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_a_citizen_service_number_is_known_by_its_eleven_test(text):
    assert rules.holds_citizen_number(text) is NUMBERS[text]
