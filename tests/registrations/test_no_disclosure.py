"""Signing up twice changes nothing, and no page discloses who was registered already; only the mail does (A11)."""

import pytest
import sqlalchemy as sa

from schakel.identity.links.models import Link
from schakel.registrations.models import Registration
from tests import html, mailbox
from tests.registrations import make_registrations

SAME = {
    "capitals": ("Tjitske Voorbeeldsma", "TJITSKE VOORBEELDSMA"),
    "blanks": ("Tjitske Voorbeeldsma", "  Tjitske \u00a0  Voorbeeldsma "),
    "full width": ("Tjitske Voorbeeldsma", "Ｔｊｉｔｓｋｅ Voorbeeldsma"),
    "ligature": ("Griffioen", "Gri\ufb03oen"),
    "composed": ("Hûs fan Ée", "Hu\u0302s fan E\u0301e"),
    "sharp s": ("Strauß", "STRAUSS"),
    "soft hyphen": ("Voorbeeldsma", "Voorbeeld\u00adsma"),
    "joiner": ("Voorbeeldsma", "Voorbeeld\u200csma"),
    "invisible times": ("Voorbeeldsma", "Voorbeeld\u2062sma"),
    "roman number": ("Jan IV", "Jan Ⅳ"),
}
OTHERS = {
    "a colleague": ("Tjitske Voorbeeldsma", "Oane Fictiefstra"),
    "an accent": ("Ine", "Iné"),
    "an initial": ("T. Voorbeeldsma", "J. Voorbeeldsma"),
    "a hyphen": ("Anne Marie", "Anne-Marie"),
}
SAME_BOX = {
    "capitals": "PRAKTIJK@Example.ORG", "full width": "praktijk＠example.org", "blanks": " praktijk@example.org ",
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_two_spellings_of_a_name_are_one_person(work, client, case):
    hall = make_registrations.make_hall(work, 5)
    for name in SAME[case]:
        assert make_registrations.sign_up(client, hall, name=name).status_code == 303
    with work():
        assert list(make_registrations.states(hall)) == [SAME[case][0]] and make_registrations.used(hall) == {
            hall.pools[None]: (1, 0)
        }
        assert [mail.kind for mail in mailbox.mails()] == ["registered", "repeated"]


@pytest.mark.parametrize("case", SAME_BOX)
def test_two_spellings_of_an_address_are_one_mailbox(work, client, case):
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall, email="praktijk@example.org")
    answer = make_registrations.sign_up(client, hall, email=SAME_BOX[case])
    assert answer.status_code in (303, 422)
    with work():
        assert len(make_registrations.states(hall)) == 1


@pytest.mark.parametrize("case", OTHERS)
def test_colleagues_may_share_a_mailbox(work, client, case):
    hall = make_registrations.make_hall(work, 5)
    for name in OTHERS[case]:
        make_registrations.sign_up(client, hall, name=name)
    with work():
        assert list(make_registrations.states(hall)) == list(OTHERS[case])
        assert [mail.kind for mail in mailbox.mails()] == ["registered", "registered"]


def test_one_person_may_sign_up_for_two_events(work, client):
    for hall in (make_registrations.make_hall(work, 5), make_registrations.make_hall(work, 5)):
        make_registrations.sign_up(client, hall)
        with work():
            assert list(make_registrations.states(hall).values()) == ["registered"]


SITUATIONS = {
    "room for all": dict(room=5),
    "the last place taken": dict(room=1),
    "per profession": dict(room={"huisarts": 1, "specialist": 4}),
    "a full session": dict(room=9, sessions=(1, 5)),
    "a patient day": dict(room=9, kind="patient_day", form="patient_day"),
    "a party too large for what is left": dict(room=5, kind="patient_day", form="patient_day", persons="3"),
    "no limit": dict(room=None),
}


def full_answer(client, hall, **typed) -> tuple:
    """Return all that a visitor receives when signing up, without the tokens that always differ."""
    sent = make_registrations.sign_up(client, hall, **typed)
    done = client.get(sent.location)
    heads = sorted((name, value) for name, value in done.headers if name not in ("Date", "Set-Cookie"))
    return (
        sent.status_code,
        html.bare(sent.location),
        html.bare(sent.text),
        done.status_code,
        heads,
        html.bare(done.text),
    )


@pytest.mark.parametrize("case", SITUATIONS)
def test_a_repeat_gets_the_same_bytes_as_a_newcomer(work, client, undone, case):
    wishes = dict(SITUATIONS[case])
    persons = {"persons": wishes.pop("persons")} if "persons" in wishes else {}
    hall = make_registrations.make_hall(work, **wishes)
    make_registrations.sign_up(client, hall, **persons)
    with undone():
        newcomer = full_answer(client, hall, name="Nynke Nieuwsma", email="nieuw@example.org", **persons)
    before = places_and_rows(work, hall)
    repeat = full_answer(client, hall, **persons)
    assert repeat == newcomer
    assert places_and_rows(work, hall) == before, "a repeat claimed something"
    with work():
        assert [mail.kind for mail in mailbox.mails()][-1] == "repeated"


def places_and_rows(work, hall):
    with work() as session:
        return (
            make_registrations.used(hall),
            session.scalar(sa.select(sa.func.count(Registration.id))),
            make_registrations.states(hall),
        )


@pytest.mark.parametrize("room", [1, 0])
def test_the_result_page_contains_no_name_address_or_link(work, client, room):
    hall = make_registrations.make_hall(work, room)
    done = client.get(make_registrations.sign_up(client, hall).location).text
    with work() as session:
        (link,) = session.scalars(sa.select(Link))
        token = mailbox.link_in(mailbox.mails()[0]).removeprefix("/l/")
        secrets = [
            "Tjitske",
            "Voorbeeldsma",
            "praktijk.example",
            "De Terp",
            token,
            link.public_id,
            link.token_hash,
            "/l/",
        ]
    assert not [word for word in secrets if word in done]


def test_after_a_repeat_the_link_is_in_the_mail_only(work, client):
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    make_registrations.sign_up(client, hall)
    with work():
        first, again = mailbox.mails()
        assert again.kind == "repeated" and again.to_address == "tjitske@praktijk.example.org"
        assert mailbox.link_in(first) == mailbox.link_in(again) and again.calendar is None


def test_somebody_who_withdrew_may_sign_up_again_at_the_end_of_the_list(work, client):
    hall = make_registrations.make_hall(work, 1)
    make_registrations.sign_up(client, hall, name="A")
    make_registrations.sign_up(client, hall, name="B", email="b@example.org")
    mine = mailbox.follow(work, client, "A")
    assert mine.send("/mijn-aanmelding/afmelden").status_code == 303
    make_registrations.sign_up(client, hall, name="A")
    with work() as session:
        rows = session.execute(sa.select(Registration.name, Registration.state).order_by(Registration.id)).all()
        assert [tuple(row) for row in rows] == [("A", "withdrawn"), ("B", "offered"), ("A", "waiting")]


def test_asking_for_a_lost_link_gives_the_same_response_for_every_address(work, client):
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    answers = []
    for address in ("tjitske@praktijk.example.org", "niemand@praktijk.example.org"):
        sent = client.send("/mijn-aanmelding/link-kwijt", {"email": address})
        answers.append((sent.status_code, sent.location, sent.data, html.bare(client.get(sent.location).text)))
    assert answers[0] == answers[1]


def test_a_lost_link_is_mailed_at_most_three_times_an_hour(work, client, frozen):
    hall = make_registrations.make_hall(work, 5)
    make_registrations.sign_up(client, hall)
    for _ in range(8):
        assert client.send("/mijn-aanmelding/link-kwijt", {"email": "Tjitske@praktijk.example.org"}).status_code == 303
    with work():
        assert len(mailbox.mails("link_again")) == 3
    frozen.shift(3601)
    client.send("/mijn-aanmelding/link-kwijt", {"email": "tjitske@praktijk.example.org"})
    with work():
        assert len(mailbox.mails("link_again")) == 4


def test_a_lost_link_of_a_shared_mailbox_is_mailed_for_each_person(work, client):
    hall = make_registrations.make_hall(work, 5)
    for name in ("A", "B"):
        make_registrations.sign_up(client, hall, name=name)
    client.send("/mijn-aanmelding/link-kwijt", {"email": "tjitske@praktijk.example.org"})
    with work():
        again = mailbox.mails("link_again")
        assert [mail.to_name for mail in again] == ["A", "B"] and len({mailbox.link_in(mail) for mail in again}) == 2
