"""Changing a registration by its link: session, name, wishes; what somebody else saved is not overwritten."""

import pytest
import sqlalchemy as sa

from schakel import db
from schakel.audit.models import AuditEntry
from schakel.events.agenda import service as agenda
from schakel.events.models import Event
from schakel.registrations.models import Registration
from schakel.registrations.self_service import service as self_service
from tests import forms, html, mailbox, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import holds_link, register, row
from tests.web_client import make_client

CHANGE = "/mijn-aanmelding/wijzigen"


@pytest.fixture
def guest(work, client):
    """An event with two sessions, and a client with the link of its one guest."""
    hall = make_registrations.make_hall(work, 5, sessions=(1, 1))
    make_registrations.sign_up(client, hall, wishes="Vegetarisch.")
    return hall, mailbox.follow(work, client, "Tjitske Voorbeeldsma")


def answers(client, **typed):
    """Return what the form for changing sends, with some fields changed."""
    return {**forms.typed_in(client.get(CHANGE).text), **typed}


def only(session) -> Registration:
    session.expire_all()
    return session.scalars(sa.select(Registration).order_by(Registration.id)).first()


def test_the_form_contains_the_stored_answers(guest):
    hall, visitor = guest
    visible = forms.typed_in(visitor.get(CHANGE).text)
    assert (
        visible["name"] == "Tjitske Voorbeeldsma" and visible["wishes"] == "Vegetarisch." and visible["version"] == "1"
    )
    assert visible[hall.rounds[0]] == str(hall.sessions["A"])
    assert not {"email", "profession", "persons", "nonce"} & set(visible)


def test_name_practice_and_wishes_change_and_the_mail_says_so(guest, work):
    _hall, visitor = guest
    sent = visitor.post(CHANGE, data=answers(visitor, name="Tjitske Anders", organisation="De Nieuwe Terp", wishes=""))
    assert sent.status_code == 303 and sent.location == "/mijn-aanmelding"
    with work() as session:
        changed = only(session)
        assert (changed.name, changed.organisation, changed.wishes) == ("Tjitske Anders", "De Nieuwe Terp", "")
        assert changed.version == 2 and changed.sort_name == "anders  tjitske" and changed.sequence == 1
        mail = mailbox.mails("changed")[0]
        assert mail.to_name == "Tjitske Anders" and mail.calendar["entries"][0]["sequence"] == 1
        first = mailbox.mails("registered")[0].calendar["entries"][0]
        assert mail.calendar["entries"][0]["uid"] == first["uid"]


def test_another_session_is_claimed_and_the_old_one_goes_to_the_first_who_waits(guest, work):
    hall, visitor = guest
    with work():
        waits = register(hall, "Oane", sessions="A")
    sent = visitor.post(CHANGE, data=answers(visitor, **{hall.rounds[0]: str(hall.sessions["B"])}))
    assert sent.status_code == 303
    with work() as session:
        assert make_registrations.in_session(only(session).id) == sorted([hall.pools[None], hall.session_pools["B"]])
        assert make_registrations.in_session(waits) == sorted([hall.pools[None], hall.session_pools["A"]])
        assert make_registrations.used(hall) == {
            hall.pools[None]: (2, 0),
            hall.session_pools["A"]: (1, 0),
            hall.session_pools["B"]: (1, 0),
        }
        assert [mail.to_name for mail in mailbox.mails("changed")] == ["Oane", "Tjitske Voorbeeldsma"]


def test_a_full_session_can_be_waited_for_and_left_again(guest, work):
    hall, visitor = guest
    with work():
        register(hall, "Oane", sessions="B")
    page = visitor.get(CHANGE).text
    assert "Vol. U komt op plaats 1 van de wachtlijst voor deze sessie." in page
    visitor.post(CHANGE, data=answers(visitor, **{hall.rounds[0]: str(hall.sessions["B"])}))
    assert "Wachtlijst" in visitor.get("/mijn-aanmelding").text
    with work():
        assert make_registrations.used(hall)[hall.session_pools["B"]] == (1, 1)
    visitor.post(CHANGE, data=answers(visitor, **{hall.rounds[0]: str(hall.sessions["A"])}))
    with work():
        assert make_registrations.used(hall) == {
            hall.pools[None]: (2, 0),
            hall.session_pools["A"]: (1, 0),
            hall.session_pools["B"]: (1, 0),
        }


def test_a_change_that_changes_nothing_moves_no_place(guest, work):
    hall, visitor = guest
    with work():
        before = make_registrations.used(hall)
    assert visitor.post(CHANGE, data=answers(visitor)).status_code == 303
    with work():
        assert make_registrations.used(hall) == before


def test_the_second_writer_overwrites_nothing_and_sees_both_texts(guest, client, work):
    """Law 12: edits carry a version; the second writer gets both texts."""
    _hall, visitor = guest
    mine = answers(visitor, wishes="Geen noten.", name="Tjitske Mijn")
    visitor.post(CHANGE, data=answers(visitor, wishes="Glutenvrij.", name="Tjitske Eerder"))
    page = visitor.post(CHANGE, data=mine)
    assert page.status_code in (409, 422)
    with work() as session:
        assert only(session).wishes == "Glutenvrij." and only(session).version == 2
        assert len(mailbox.mails("changed")) == 1
    typed = forms.typed_in(page.text)
    assert (typed["wishes"], typed["name"], typed["version"]) == ("Geen noten.", "Tjitske Mijn", "2")
    assert "Glutenvrij." in page.text and "Tjitske Eerder" in page.text
    assert visitor.post(CHANGE, data=typed).status_code == 303
    with work() as session:
        assert only(session).wishes == "Geen noten."


def test_an_invalid_version_overwrites_nothing(guest, work):
    _hall, visitor = guest
    for version in ("", "0", "-1", "abc", "²", "1.0", "9" * 30, "<script>", None):
        sent = {
            name: value
            for name, value in answers(visitor, wishes="Anders.", version=version).items()
            if value is not None
        }
        page = visitor.post(CHANGE, data=sent)
        assert page.status_code in (409, 422), version
        assert forms.typed_in(page.text)["wishes"] == "Anders."
    with work() as session:
        assert only(session).wishes == "Vegetarisch."


BAD = {
    "no name": dict(name=""), "blank name": dict(name="  "), "long": dict(name="x" * 201), "crlf": dict(wishes="a\r\nb"),
    "citizen number": dict(wishes="Voor 123456782."), "zero width": dict(organisation="De\u200bTerp"), "100 kB": dict(wishes="x" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_change_gets_an_error_and_no_input_is_lost(guest, dump, case):
    _hall, visitor = guest
    sent = answers(visitor, **BAD[case])
    before = dump()
    page = visitor.post(CHANGE, data=sent)
    assert page.status_code == 422 and dump() == before
    (field,) = BAD[case]
    assert html.said_at(page.text, field)
    typed = forms.typed_in(page.text)
    for name, value in sent.items():
        assert name == "csrf_token" or typed[name].replace("\n", "") == value.strip().replace("\r\n", ""), name


@pytest.mark.parametrize("chosen", ["²", "999999", "-1", "abc"])
def test_a_malformed_session_is_refused(guest, dump, chosen):
    hall, visitor = guest
    sent = answers(visitor, **{hall.rounds[0]: chosen})
    before = dump()
    page = visitor.post(CHANGE, data=sent)
    assert page.status_code == 422 and "Kies per ronde één sessie." in page.text and dump() == before


def test_a_session_of_another_event_is_refused(guest, work, dump):
    hall, visitor = guest
    other = make_registrations.make_hall(work, 5, sessions=(5,))
    sent = answers(visitor, **{hall.rounds[0]: str(other.sessions["A"])})
    before = dump()
    assert visitor.post(CHANGE, data=sent).status_code == 422 and dump() == before


def test_the_name_of_a_colleague_in_the_same_mailbox_is_refused_at_the_field(guest, client, work):
    hall, visitor = guest
    make_registrations.sign_up(make_client(client.application), hall, name="Oane Fictiefstra")
    page = visitor.post(CHANGE, data=answers(visitor, name="OANE  fictiefstra", wishes="Anders."))
    assert page.status_code == 422 and "al iemand anders aangemeld" in html.said_at(page.text, "name")
    assert forms.typed_in(page.text)["wishes"] == "Anders."
    with work() as session:
        assert only(session).name == "Tjitske Voorbeeldsma" and len(mailbox.mails("changed")) == 0


def test_fields_that_cannot_be_changed_do_not_change(guest, work):
    """Abuse case A12: the address and the number of persons belong to the claimed place."""
    _hall, visitor = guest
    visitor.post(
        CHANGE, data=answers(visitor, email="dief@evil.test", persons="6", state="withdrawn", event_id="1", uid="x")
    )
    with work() as session:
        typed = only(session)
        assert typed.email == "tjitske@praktijk.example.org" and typed.persons == 1 and typed.state == "registered"


def test_withdrawing_first_says_what_will_happen_and_does_it_once(guest, work, dump):
    hall, visitor = guest
    before = dump()
    page = visitor.get("/mijn-aanmelding/afmelden")
    assert "Meldt u zich af?" in page.text and dump() == before
    assert visitor.send("/mijn-aanmelding/afmelden").status_code == 303
    after = dump()
    assert visitor.send("/mijn-aanmelding/afmelden").status_code == 303
    assert dump() == after
    with work():
        assert make_registrations.used(hall)[hall.pools[None]] == (0, 0)
        (mail,) = mailbox.mails("withdrawn")
        entry, first = mail.calendar["entries"][0], mailbox.mails("registered")[0].calendar["entries"][0]
        assert mail.calendar["method"] == "CANCEL" and entry["uid"] == first["uid"] and entry["sequence"] == 1


def test_withdrawing_from_the_waiting_list_sends_no_calendar_entry(work):
    hall = make_registrations.make_hall(work, 1)
    with work():
        register(hall, "A")
        number = register(hall, "B")
        self_service.withdraw(holds_link(number), row(number))
        assert mailbox.mails("withdrawn")[0].calendar is None


def test_after_withdrawing_nothing_can_be_changed(guest, work, dump):
    hall, visitor = guest
    sent = answers(visitor, wishes="Toch wel.", **{hall.rounds[0]: str(hall.sessions["B"])})
    visitor.send("/mijn-aanmelding/afmelden")
    with work() as session:
        sent["version"] = str(only(session).version)
    before = dump()
    assert visitor.post(CHANGE, data=sent).status_code == 422
    assert dump() == before


def test_nothing_changes_after_the_start(guest, work, frozen):
    hall, _visitor = guest
    frozen.move_to(hall.starts_at)
    with work():
        number = db.session().scalar(sa.select(Registration.id))
    actor = holds_link(number)
    with work():
        wanted = self_service.Changes("X", "", (hall.sessions["B"],), "", False)
        with pytest.raises(self_service.errors.Refused):
            self_service.change(actor, row(number), wanted, 1)
        db.rollback()


def test_the_audit_rows_contain_no_names(guest, work):
    _hall, visitor = guest
    visitor.post(CHANGE, data=answers(visitor, name="Tjitske Anders"))
    visitor.send("/mijn-aanmelding/afmelden")
    with work() as session:
        entries = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.object_kind == "registration").order_by(AuditEntry.id)
        ).all()
        assert [entry.action for entry in entries] == [
            "registration.made",
            "registration.changed",
            "registration.withdrawn",
        ]
        assert entries[1].actor.startswith("link:registration:") and not [
            entry for entry in entries if "Tjitske" in repr(vars(entry))
        ]


def test_a_change_takes_a_fixed_number_of_statements(work, client, statements):
    """The same for an event of 3 and of 12 guests."""
    counted = []
    for guests in (3, 12):
        hall = make_registrations.make_hall(work, 99, sessions=(99, 99))
        with work():
            for number in range(guests):
                register(hall, f"Gast {number}", sessions="A")
        visitor = mailbox.follow(work, make_client(client.application), f"Gast {guests - 1}")
        sent = answers(visitor, **{hall.rounds[0]: str(hall.sessions["B"])})
        with statements() as seen:
            assert visitor.post(CHANGE, data=sent).status_code == 303
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 40, counted


def test_the_owner_may_withdraw_a_guest_but_another_hospital_may_not(work):
    hall = make_registrations.make_hall(work, 5)
    with work():
        number = register(hall, "A")
        with pytest.raises(self_service.errors.NotAllowed):
            self_service.withdraw(make.coordinator_of(make.make_organisation("Elders")), row(number))
        self_service.withdraw(make.coordinator_of(hall.organisation), row(number))
        assert make_registrations.states(hall) == {"A": "withdrawn"}


def test_a_session_with_guests_cannot_be_deleted(work):
    hall = make_registrations.make_hall(work, 5, sessions=(5, 5))
    with work():
        register(hall, "A", sessions="A")
        event = db.session().get(Event, hall.id)
        item = next(item for item in event.items if item.sessions)
        with pytest.raises(self_service.errors.Refused):
            agenda.delete_item(make.ANY_ROLE, event, item)
        db.rollback()
