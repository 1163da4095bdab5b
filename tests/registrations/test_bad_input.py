"""Bad input: an error at the field, everything typed still in the form, no trace in the database."""

import re

import pytest
import sqlalchemy as sa

from schakel import citizen_numbers
from schakel.registrations.models import Registration
from tests import forms, html, mailbox, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import BSN

HUGE = "x" * 100_000
SIGHT = "Hier staan tekens in die niet te zien zijn."
BURGER = "burgerservicenummer"
HIDDEN = {
    "line": "Tjitske\nBcc: x@evil.test", "return": "Tjitske\rX: y", "crlf": "Tjitske\r\nBcc: x@evil.test", "nul": "Tji\x00tske",
    "zero width": "Tji\u200btske", "right to left": "Tjitske\u202eamsdleeb", "bom": "Tji\ufefftske", "escape": "Tji\x1btske",
}  # fmt: skip


def short_text(missing: str, size: int) -> dict[str, tuple[str, str]]:
    """Return what every field of one line refuses: a value and a part of the error."""
    cases = {"missing": ("", missing), "blank": ("   ", missing)} if missing else {}
    cases |= {"too long": ("x" * (size + 1), f"hoogstens {size} tekens"), "100 kB": (HUGE, f"hoogstens {size} tekens")}
    cases |= {name: (value, SIGHT) for name, value in HIDDEN.items()}
    return cases | {number: (f"Over patiënt {number}, graag.", BURGER) for number in BSN}


CASES = {
    "name": short_text("Vul uw naam in.", 200),
    "organisation": short_text("Vul uw praktijk of afdeling in.", 200),
    "wishes": short_text("", 500),
    "email": {"missing": ("", "Vul uw e-mailadres in."), "blank": ("   ", "Vul uw e-mailadres in.")} | {
        name: (value, "") for name, value in {
            "no address": "tjitske", "no domain": "tjitske@", "two": "a@b.nl, c@d.nl", "space": "t t@b.nl", "quote": '"@b.nl',
            "script": "<script>alert(1)</script>@b.nl", "formula": "=cmd|' /C calc'!A0", "display name": "Tjitske <t@b.nl>",
            "crlf": "t@b.nl\r\nBcc: x@evil.test", "zero width": "t\u200bt@b.nl", "long": "a" * 320 + "@b.nl", "huge": HUGE + "@b.nl",
            "nul": "t\x00@b.nl",
        }.items()
    },
}  # fmt: skip
ROUND = {
    "missing": "",
    "word": "abc",
    "negative": "-5",
    "unknown": "999999",
    "script": "<script>",
    "huge": HUGE,
    "superscript": "²",
}
PERSONS = {
    "missing": "", "word": "drie", "half": "1.5", "none": "0", "negative": "-1", "seven": "7", "superscript": "²",
    "beyond": "9" * 40, "beyond a float": "9" * 309, "script": "<script>", "formula": "=1+1", "huge": "9" * 5000,
}  # fmt: skip
PROFESSION = {"missing": "", "unknown": "tovenaar", "script": "<script>", "nul": "huis\x00arts", "huge": HUGE}


def wrong_with(page, sent: dict, field: str, saying: str, committing: bool = True) -> list[str]:
    """Return what is wrong with the response to one bad field."""
    if page.status_code != 422:
        return [f"answered {page.status_code}"]
    sentence = html.said_at(page.text, field)
    faults = [] if sentence and saying in sentence else [f"says {sentence!r}"]
    if page.text.count('class="errors"') != 1:
        faults.append("no summary")
    again = forms.typed_in(page.text)
    expected = {
        name: text.strip() for name, text in sent.items() if name != "csrf_token" and (committing or name != field)
    }
    return faults + [f"{name} was lost" for name, text in expected.items() if seen(again.get(name, "")) != seen(text)]


def hold_all(client, hall, dump, field: str, cases: dict, *, committing: bool = True) -> None:
    """Send each bad answer in one field; each must get its error, lose no input and leave no trace."""
    form = make_registrations.fill_in(client, hall, wishes="Geen noten.", name="Grytsje <b>de</b> Boer")
    before, faults = dump(), {}
    for case, (value, saying) in cases.items():
        client.check_pages = case not in ("nul", "escape")  # no valid HTML contains a control character
        sent = {**form, field: value}
        wrong = wrong_with(client.post(f"{hall.path}/aanmelden", data=sent), sent, field, saying, committing)
        if dump() != before:
            wrong.append("left a trace")
            before = dump()
        if wrong:
            faults[case] = wrong
    assert not faults, faults


def seen(text: str) -> str:
    """Return a value as an input of one line displays it: without characters that HTML cannot contain."""
    return re.sub(r"[\x00-\x1f\ufffd]", "", text)


@pytest.mark.parametrize("field", CASES)
def test_a_bad_answer_gets_an_error_and_no_input_is_lost(work, client, dump, field):
    hall = make_registrations.make_hall(work, {"huisarts": 5}, sessions=(5,))
    hold_all(client, hall, dump, field, CASES[field])


def test_a_session_that_cannot_be_chosen_is_refused_and_no_input_is_lost(work, client, dump):
    hall = make_registrations.make_hall(work, {"huisarts": 5}, sessions=(5,))
    form = make_registrations.fill_in(client, hall)
    before, faults = dump(), {}
    for case, value in ROUND.items():
        page = client.post(f"{hall.path}/aanmelden", data={**form, hall.rounds[0]: value})
        sentence = page.status_code == 422 and (
            "Kies per ronde één sessie." in page.text or html.said_at(page.text, hall.rounds[0])
        )
        again = forms.typed_in(page.text) if sentence else {}
        if not sentence or any(again[name] != form[name] for name in ("name", "email", "organisation", "profession")):
            faults[case] = page.status_code
    assert not faults and dump() == before, faults


@pytest.mark.parametrize("room", [{"huisarts": 5}, {None: 5, "huisarts": 5}])
def test_a_profession_without_a_pool_is_refused_also_where_there_is_a_pool_for_everybody(work, client, dump, room):
    hall = make_registrations.make_hall(work, room)
    sentence = "Kies het beroep of de rol waarin u komt."
    hold_all(
        client,
        hall,
        dump,
        "profession",
        {case: (value, sentence) for case, value in PROFESSION.items()},
        committing=False,
    )


def test_an_impossible_number_of_people_is_refused(work, client, dump):
    hall = make_registrations.make_hall(work, 50, kind="patient_day", form="patient_day")
    hold_all(client, hall, dump, "persons", {case: (value, "") for case, value in PERSONS.items()})


@pytest.mark.parametrize("field", ["name", "email", "organisation", "wishes", "profession"])
def test_a_field_sent_twice_is_refused(work, client, dump, field):
    hall = make_registrations.make_hall(work, {"huisarts": 5}, sessions=(5,))
    form = make_registrations.fill_in(client, hall, wishes="Geen noten.")
    before = dump()
    page = client.post(f"{hall.path}/aanmelden", data={**form, field: [form[field], "een andere waarde"]})
    assert page.status_code == 422 and dump() == before
    assert "twee keer" in html.said_at(page.text, field)
    assert {**forms.typed_in(page.text), "csrf_token": ""} == {**form, "csrf_token": ""}


def test_a_form_without_its_nonce_is_refused_and_no_input_is_lost(work, client, dump):
    hall = make_registrations.make_hall(work, {"huisarts": 5})
    form = make_registrations.fill_in(client, hall)
    before = dump()
    for nonce in ("", "kort", "x" * 23, "<script>xxxxxxxxxxxxxx", "é" * 21 + "=", HUGE):
        page = client.post(f"{hall.path}/aanmelden", data={**form, "nonce": nonce})
        assert page.status_code == 422 and dump() == before
        assert "Dit formulier is niet volledig binnengekomen." in page.text
        assert forms.typed_in(page.text)["name"] == form["name"]


def test_two_sessions_of_one_round_are_refused(work, client, dump):
    hall = make_registrations.make_hall(work, 5, sessions=(5, 5))
    form = make_registrations.fill_in(client, hall)
    before = dump()
    both = [str(number) for number in hall.sessions.values()]
    page = client.post(f"{hall.path}/aanmelden", data={**form, hall.rounds[0]: both})
    assert page.status_code == 422 and dump() == before and "twee keer" in html.said_at(page.text, hall.rounds[0])


HARMLESS = {
    "script": "<script>alert(1)</script>", "tag in an attribute": "'\"><svg/onload=alert(1)>", "formula": "=HYPERLINK(\"http://x\")",
    "placeholder": "{{ 7*7 }} %(name)s {name} {event.__init__}", "link": "[klik](http://evil.test)", "percent": "100%s %d",
    "markdown": "**vet** <http://evil.test>", "frisian": "Sjoukje fan ’t Hûs-d’Ailly",
}  # fmt: skip


def test_any_text_is_accepted_as_a_name_and_displayed_as_typed(work, client, client_of):
    """Rows 8 and 19 of the attack table: stored literally, escaped wherever it is displayed, never expanded."""
    with work():
        organisation = make.make_organisation()
        person = make.make_staff("coordinator", organisation)
    hall = make_registrations.make_hall(work, 50, organisation=organisation)
    for text in HARMLESS.values():
        assert make_registrations.sign_up(client, hall, name=text, organisation=text, wishes=text).status_code == 303
    with work() as session:
        rows = session.scalars(sa.select(Registration).order_by(Registration.id)).all()
        assert [row.name for row in rows] == [row.wishes for row in rows] == list(HARMLESS.values())
    staff = client_of(person).get(f"{hall.path}/aanmeldingen")
    for text in HARMLESS.values():
        for page in (mailbox.follow(work, client, text).get("/mijn-aanmelding"), staff):
            main = next(html.tree_of(page.text).iter("main"))
            assert page.status_code == 200 and " ".join(" ".join(main.itertext()).split()).count(text) >= 2
            assert not list(main.iter("script")) and "onload" not in {
                name for node in main.iter() for name in node.attrib
            }


NUMBERS = {
    "111222333": True, "123456782": True, "1112.22.333": True, "111-222-333": True, "bsn:123456782.": True,
    "123456782!": True, "x123456782y": True, "(123456782)": True, "123 456 782": True, "1112 22 333": True, "111222333 graag": True,
    "123456789": False, "000000000": False, "0612345678": False, "06-12345678": False, "+31612345678": False, "12345678200": False,
    "tafel 12 om 17.30": False, "": False, "1 2 3": False, "2026-11-21": False, "21 november 2026, 9.30": False,
    "+31 6 12345678": False, "06 12 34 56 78": False, "tafel 4, 111222333": True, "4 123456782": True, "058-2123456": False,
}  # fmt: skip


def test_a_citizen_service_number_is_detected_by_its_eleven_test():
    assert {text: citizen_numbers.holds_citizen_number(text) for text in NUMBERS} == NUMBERS
