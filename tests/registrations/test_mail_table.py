"""Every kind of mail in every state of a registration: whether it leaves, and what it may say there."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from schakel import dates
from schakel.events.rules import Kind
from schakel.registrations import letters, mail_table, snapshots
from schakel.registrations.mail_table import Part
from schakel.registrations.rules import MailKind, State
from tests import mailbox
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register, row
from tests.registrations.moved_events import DAY, edit, later

# By hand, as people would want it: S a place, W waiting, O an offer. What is not here must not leave.
WANTED = {
    MailKind.REGISTERED: "S", MailKind.WAITING: "W", MailKind.REPEATED: "SWO", MailKind.LINK_AGAIN: "SWO", MailKind.OFFERED: "O", MailKind.LAPSED: "O",
    MailKind.CHANGED: "S", MailKind.WITHDRAWN: "SWO", MailKind.MOVED: "SWO", MailKind.CANCELLED: "SWO", MailKind.DAY_GONE: "S",
}  # fmt: skip
LETTER = {State.REGISTERED: "S", State.WAITING: "W", State.OFFERED: "O", State.WITHDRAWN: "-", State.LAPSED: "-"}
CASES = [(kind, state) for kind in MailKind for state in State]
EVENT = SimpleNamespace(
    kind=Kind.CONFERENCE, title="Avond", days=[], place_name="Zaal", place_detail="", mailbox="", reason="De spreker is ziek.",
    starts_at=dates.now() + timedelta(days=9), organisation=SimpleNamespace(short="Huis"),
)  # fmt: skip
CHANGES = [snapshots.Change("Waar", "Hier", "Daar")]


def letter_of(kind: MailKind, state: State) -> letters.Letter:
    guest = letters.Guest("Tjitske", "t@example.org", "u", 0, "huisarts, De Terp", ["A. Sessie"], [], state)
    makers = {
        MailKind.REGISTERED: lambda: letters.registered(EVENT, guest, "/link"),
        MailKind.WAITING: lambda: letters.waiting(EVENT, guest, "/link"),
        MailKind.REPEATED: lambda: letters.repeated(EVENT, guest, "/link"),
        MailKind.LINK_AGAIN: lambda: letters.link_again(EVENT, guest, "/link"),
        MailKind.OFFERED: lambda: letters.offered(EVENT, guest, dates.now(), "/link"),
        MailKind.LAPSED: lambda: letters.lapsed(EVENT, guest),
        MailKind.CHANGED: lambda: letters.changed(EVENT, guest, "/link"),
        MailKind.WITHDRAWN: lambda: letters.withdrawn(EVENT, guest),
        MailKind.MOVED: lambda: letters.moved(EVENT, guest, "/link", CHANGES, "Wegens ziekte."),
        MailKind.CANCELLED: lambda: letters.cancelled(EVENT, guest),
        MailKind.DAY_GONE: lambda: letters.day_gone(EVENT, guest),
    }
    return makers[kind]()


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_a_mail_leaves_in_the_wanted_states_only(kind, state):
    assert mail_table.leaves(kind, state, is_coming=True) == (LETTER[state] in WANTED[kind])
    if LETTER[state] not in WANTED[kind]:
        with pytest.raises(KeyError):
            letter_of(kind, state)


@pytest.mark.parametrize(("kind", "state"), [case for case in CASES if LETTER[case[1]] in WANTED[case[0]]])
def test_a_mail_says_what_is_true_in_the_state_of_its_reader_and_nothing_else(kind, state):
    letter = letter_of(kind, state)
    allowed = mail_table.parts(kind, state)
    said = [label for label, *_ in letter.facts] + letter.paragraphs
    text = " ".join([*said, letter.scan[0] if letter.scan else ""])
    assert ("U komt als" in said) == (Part.PLACE in allowed)
    assert bool(letter.scan) == (Part.CODE in allowed)
    assert bool(letter.button) == (Part.LINK in allowed)
    assert ("agenda" in text) == (Part.CALENDAR in allowed)
    assert ("Meld u af" in str(letter.links)) == (
        Part.PLACE in allowed and kind not in (MailKind.REPEATED, MailKind.LINK_AGAIN)
    )
    if state != State.REGISTERED:
        assert "U komt als" not in text and "afspraak" not in text
    if kind == MailKind.MOVED:
        assert "Waar was: Hier. Dat wordt: Daar." in text and "Wegens ziekte." in text
        assert ("nog op de wachtlijst" in text) == (state == State.WAITING)


@pytest.mark.parametrize("kind", MailKind)
def test_what_can_still_be_answered_is_not_offered_for_an_event_that_began_or_is_off(kind):
    stays = {
        MailKind.LINK_AGAIN,
        MailKind.REGISTERED,
        MailKind.WAITING,
        MailKind.WITHDRAWN,
        MailKind.CANCELLED,
        MailKind.DAY_GONE,
    }
    leaving = [state for state in State if mail_table.leaves(kind, state, is_coming=False)]
    assert bool(leaving) == (kind in stays)


@pytest.mark.parametrize("what", ["begins", "cancelled", "passes"])
def test_an_offer_that_ends_with_its_event_ends_in_silence(work, client, frozen, what):
    from schakel.events import service as events
    from schakel.events.models import Event
    from schakel.registrations import jobs
    from schakel.registrations.self_service import service as self_service
    from tests import make

    hall = make_registrations.make_hall(work, 1, days=(DAY,))
    with work() as session:
        first, second = register(hall, "A"), register(hall, "B")
        self_service.withdraw(make_registrations.holds_link(first), row(first))
        assert row(second).state == "offered"
        if what == "cancelled":
            events.move(make.ANY_ROLE, session.get(Event, hall.id), "cancel", "De spreker is ziek.")
    frozen.move_to(hall.starts_at + timedelta(minutes=1) if what == "begins" else dates.now() + timedelta(days=3))
    with work():
        jobs.lapse_offers(make_registrations.WORKER)
        assert len(mailbox.mails("lapsed")) == (what == "passes")
        assert row(second).state == "lapsed"


def test_another_title_of_the_event_is_mailed_to_nobody(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, title="Avond over bereikbaarheid.")
        later()
        assert mailbox.mails("moved") == []


def test_the_mail_about_a_move_says_what_it_was_and_what_it_becomes(work):
    hall = make_registrations.make_hall(work, 5, days=(DAY,))
    with work():
        register(hall, "A")
        edit(hall, place_name="Zalencentrum", place_detail="Drachten")
        later()
        (mail,) = mailbox.mails("moved")
        assert "Waar was: De Harmonie, Leeuwarden. Dat wordt: Zalencentrum, Drachten." in mail.content["paragraphs"]


def test_who_signs_up_again_and_again_gets_three_mails_an_hour(work, client, frozen):
    hall = make_registrations.make_hall(work, 5)
    for _ in range(12):
        make_registrations.sign_up(client, hall)
    with work():
        assert len(mailbox.mails("repeated")) == 3
    frozen.shift(timedelta(hours=1, seconds=1))
    make_registrations.sign_up(client, hall)
    with work():
        assert len(mailbox.mails("repeated")) == 4


def test_mails_of_colleagues_on_one_address_are_told_apart_without_a_name(work, client):
    hall = make_registrations.make_hall(work, 5)
    names = ("Tjitske Voorbeeldsma", "Oane Fictiefstra", "Sietse Oefenhof")
    for name in names:
        make_registrations.sign_up(client, hall, name=name, email="praktijk@example.org")
    with work():
        subjects = [mailbox.mails("registered", name)[0].subject for name in names]
    assert len(set(subjects)) == 3 and subjects[1].endswith("(2e aanmelding op dit adres)")
    assert not [name for name in names for subject in subjects if name in subject]


def test_the_page_after_signing_up_a_second_time_says_nothing_that_is_not_so(work, client):
    hall = make_registrations.make_hall(work, 5, sessions=(5, 5))
    first = make_registrations.sign_up(client, hall)
    again = make_registrations.sign_up(client, hall, **{hall.rounds[0]: str(hall.sessions["B"])})
    pages = [client.get(answer.location).text for answer in (first, again)]
    for page in pages:
        assert "vastgelegd" not in page and "met hoe het staat" in page
