"""Signing up: one page, no account or JavaScript; places per profession and session; sending twice has one effect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from schakel import dates, db
from schakel.audit.models import AuditEntry
from schakel.events import service as events
from schakel.events.models import Event
from schakel.notifications import mailer
from schakel.registrations.models import Registration, SeatClaim, Submission
from tests import forms, html, mailbox, make
from tests.registrations import make_registrations
from tests.web_client import make_client


def everybody(session):
    return session.scalars(sa.select(Registration).order_by(Registration.id)).all()


def test_signing_up_needs_one_page_without_account_or_javascript(work, client):
    hall = make_registrations.make_hall(work, {"huisarts": 3, "specialist": 3}, sessions=(5, 5))
    page = client.get(f"{hall.path}/aanmelden")
    assert page.status_code == 200
    form = next(node for node in html.tree_of(page.text).iter("main")).find(".//form")
    assert form.get("method") == "post" and not [node for node in form.iter() if node.tag in ("script", "iframe")]
    sent = make_registrations.sign_up(client, hall, wishes="Vegetarisch.", on_list="y")
    assert sent.status_code == 303 and sent.location.startswith(f"{hall.path}/aangemeld/")
    done = client.get(sent.location)
    assert done.status_code == 200 and "<h1>U bent aangemeld</h1>" in done.text
    with work() as session:
        (row,) = everybody(session)
        assert (row.state, row.name, row.profession_code, row.on_list) == (
            "registered",
            "Tjitske Voorbeeldsma",
            "huisarts",
            True,
        )
        assert make_registrations.in_session(row.id) == sorted([hall.pools["huisarts"], hall.session_pools["A"]])
        assert [mail.kind for mail in mailbox.mails()] == ["registered"]
        assert row.consent and row.wishes == "Vegetarisch."


def test_the_log_says_that_somebody_signed_up_and_not_who(work, client):
    hall = make_registrations.make_hall(work, 3)
    make_registrations.sign_up(client, hall)
    with work() as session:
        (entry,) = [one for one in session.scalars(sa.select(AuditEntry)) if "registration.made" in repr(vars(one))]
        assert not [word for word in ("Tjitske", "Voorbeeldsma", "praktijk", "Terp") if word in repr(vars(entry))]


KINDS = {
    "conference": ("professional", {"name", "email", "wishes", "organisation", "profession"}),
    "work_session": ("professional", {"name", "email", "wishes", "organisation", "profession"}),
    "patient_day": ("patient_day", {"name", "email", "wishes", "persons"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_event_has_its_own_fields(work, client, kind):
    form, asked = KINDS[kind]
    room = {"huisarts": 5} if form == "professional" else 5
    hall = make_registrations.make_hall(work, room, kind=kind, form=form)
    page = client.get(f"{hall.path}/aanmelden").text
    names = {node.get("name") for node in html.tree_of(page).iter("input") if node.get("name")}
    assert names - {"csrf_token", "nonce", "on_list"} == asked
    assert ("on_list" in names) == (form == "professional")


@pytest.mark.parametrize("kind", ["professional", "patient_day"])
def test_the_form_has_at_most_five_questions_beside_the_sessions(work, client, kind):
    """Design 4: one page, five fields and the sessions. A box that may stay empty does not count."""
    room = 9 if kind == "patient_day" else {"huisarts": 9, "psychiater": 9}
    hall = make_registrations.make_hall(work, room, sessions=(5, 5), form=kind)
    main = next(html.tree_of(client.get(f"{hall.path}/aanmelden").text).iter("main"))
    form = next(node for node in main.iter("form") if node.get("method") == "post")
    asked: dict[str, set[str]] = {}
    for node in form.iter():
        if node.tag in ("input", "select", "textarea") and node.get("type") != "hidden":
            asked.setdefault(node.get("type") or node.tag, set()).add(node.get("name"))
    boxes = asked.pop("checkbox", set())
    things = set().union(*asked.values())
    assert set(hall.rounds) <= things and 3 <= len(things - set(hall.rounds)) <= 5, things
    assert len(boxes) <= 1


def test_an_mdo_takes_no_registrations(work, client):
    hall = make_registrations.make_hall(work, 5, kind="mdo", form="none")
    page = client.get(f"{hall.path}/aanmelden")
    assert page.status_code == 200 and "<form" not in page.text.split("<main")[1].split("</main>")[0]
    assert client.send(f"{hall.path}/aanmelden", {"name": "A", "email": "a@b.nl"}).status_code == 422
    with work() as session:
        assert not everybody(session)


def test_at_a_patient_day_every_person_takes_a_place(work, client):
    hall = make_registrations.make_hall(work, 5, kind="patient_day", form="patient_day")
    assert "aangemeld" in client.get(make_registrations.sign_up(client, hall, persons="3").location).text
    late = client.get(
        make_registrations.sign_up(client, hall, name="Oane", email="o@example.org", persons="3").location
    )
    assert "U staat op de wachtlijst" in late.text
    small = client.get(
        make_registrations.sign_up(client, hall, name="Wytze", email="w@example.org", persons="6").location
    )
    assert "U staat op de wachtlijst" in small.text
    with work():
        assert make_registrations.used(hall) == {hall.pools[None]: (3, 2)}


def test_mails_of_a_patient_day_name_no_illness_in_subject_or_calendar(work, app):
    hall = make_registrations.make_hall(
        work, 5, kind="patient_day", form="patient_day", title="Leven met Kanariekwaal", over="Kanariekwaal",
        about="Over Kanariekwaal.", lead="Kanariekwaal.", sessions=(5,),
    )  # fmt: skip
    with work() as session:
        number = make_registrations.register(hall, "Tjitske", persons=2, sessions="A")
        event = session.get(Event, hall.id)
        facts = make.make_facts(
            hall.organisation,
            kind="patient_day",
            form="patient_day",
            title="Anders met Kanariekwaal",
            mailbox=event.mailbox,
            place_name="Drachten",
        )
        events.edit(make.ANY_ROLE, event, facts, event.version)
    with work():
        from schakel.registrations import jobs
        from schakel.registrations.self_service import service as self_service

        with_event = make_registrations.soon() + timedelta(minutes=11)
        import time_machine

        with time_machine.travel(with_event, tick=False):
            jobs.follow_events(make_registrations.WORKER)
            self_service.withdraw(make_registrations.holds_link(number), make_registrations.row(number))
        letters = mailbox.mails()
        assert [mail.kind for mail in letters] == ["registered", "moved", "withdrawn"]
        for mail in letters:
            made = mailer.build(mail, "https://schakel.example.org", "schakel@schakel.example.org")
            files = [part.get_content() for part in made.walk() if part.get_content_type() == "text/calendar"]
            texts = [str(made["Subject"]), *(one if isinstance(one, str) else one.decode() for one in files)]
            unfolded = " ".join(text.replace("\r\n ", "") for text in texts).lower()
            assert len(files) == 2 and "bijeenkomst op" in unfolded
            assert "kanarie" not in unfolded, [part for part in unfolded.splitlines() if "kanarie" in part]


def test_places_are_counted_per_profession(work, client):
    hall = make_registrations.make_hall(work, {"huisarts": 1, "specialist": 1})
    texts = [
        client.get(make_registrations.sign_up(client, hall, name=name, profession=code).location).text
        for name, code in (("A", "huisarts"), ("B", "huisarts"), ("C", "specialist"))
    ]
    assert ["U bent aangemeld" in text for text in texts] == [True, False, True]
    with work():
        assert make_registrations.states(hall) == {"A": "registered", "B": "waiting", "C": "registered"}


def test_somebody_with_a_place_at_the_event_waits_for_a_full_session(work, client):
    hall = make_registrations.make_hall(work, 10, sessions=(1, 5))
    make_registrations.sign_up(client, hall, name="A")
    page = client.get(f"{hall.path}/aanmelden").text
    assert "Vol. U komt op plaats 1 van de wachtlijst voor deze sessie." in page
    texts = client.get(make_registrations.sign_up(client, hall, name="B").location).text
    assert "U bent aangemeld" in texts and "A. Sessie 1" in texts and "B. Sessie 2" not in texts
    with work():
        assert make_registrations.states(hall) == {"A": "registered", "B": "registered"}
        assert make_registrations.used(hall)[hall.session_pools["A"]] == (1, 1)


def test_somebody_who_waits_for_the_event_has_no_place_in_a_session(work, client):
    hall = make_registrations.make_hall(work, 1, sessions=(5,))
    make_registrations.sign_up(client, hall, name="A")
    make_registrations.sign_up(client, hall, name="B")
    with work():
        assert make_registrations.used(hall) == {hall.pools[None]: (1, 1), hall.session_pools["A"]: (1, 1)}


def test_an_unlimited_pool_is_never_full(work, client):
    hall = make_registrations.make_hall(work, None, sessions=(None,))
    for number in range(4):
        assert (
            "U bent aangemeld"
            in client.get(make_registrations.sign_up(client, hall, name=f"Gast {number}").location).text
        )


def test_an_event_with_capacity_zero_has_only_a_waiting_list(work, client):
    hall = make_registrations.make_hall(work, 0)
    assert "U staat op de wachtlijst" in client.get(make_registrations.sign_up(client, hall).location).text


def test_a_form_sent_a_hundred_times_gives_one_page_and_has_one_effect(work, client):
    hall = make_registrations.make_hall(work, 5, sessions=(5,))
    form = make_registrations.fill_in(client, hall)
    places = {client.post(f"{hall.path}/aanmelden", data=form).location for _ in range(100)}
    assert len(places) == 1
    assert len({html.bare(client.get(place).text) for place in places}) == 1
    with work() as session:
        assert len(everybody(session)) == 1 and len(mailbox.mails()) == 1
        assert session.scalar(sa.select(sa.func.count(Submission.nonce))) == 1
        assert session.scalar(sa.select(sa.func.count(SeatClaim.id))) == 2


def test_a_form_sent_again_with_another_name_gives_the_first_outcome(work, client):
    hall = make_registrations.make_hall(work, 5)
    form = make_registrations.fill_in(client, hall)
    first = client.post(f"{hall.path}/aanmelden", data=form)
    second = client.post(f"{hall.path}/aanmelden", data={**form, "name": "Iemand Anders"})
    assert first.location == second.location
    with work() as session:
        assert [row.name for row in everybody(session)] == ["Tjitske Voorbeeldsma"]


def test_a_form_that_was_refused_may_be_sent_again(work, client):
    hall = make_registrations.make_hall(work, 5)
    form = make_registrations.fill_in(client, hall)
    assert client.post(f"{hall.path}/aanmelden", data={**form, "email": "geen"}).status_code == 422
    assert client.post(f"{hall.path}/aanmelden", data=form).status_code == 303


def test_a_form_of_one_event_is_not_accepted_for_another(work, client):
    one, other = make_registrations.make_hall(work, 5), make_registrations.make_hall(work, 5)
    form = make_registrations.fill_in(client, one)
    done = client.post(f"{one.path}/aanmelden", data=form).location
    assert client.post(f"{other.path}/aanmelden", data=form).status_code in (404, 409, 422)
    nonce = done.rsplit("/", 1)[1]
    assert client.get(f"{other.path}/aangemeld/{nonce}").status_code == 404
    assert client.get(f"{one.path}/aangemeld/{'x' * 22}").status_code == 404


def test_sixteen_simultaneous_copies_of_a_form_have_one_effect(fresh_database):
    app = fresh_database
    with app.app_context():
        event = make.make_event(room={None: 5}, sessions=(5,))
        hall = make_registrations.hall_of(event)
        db.end_transaction(True)
    first = make_client(app)
    form = make_registrations.fill_in(first, hall)
    with first.session_transaction() as session:
        token = session["csrf_token"]

    def send(_number):
        client = make_client(app)
        client.check_pages = False
        with client.session_transaction() as session:
            session["csrf_token"] = token
        answers = [client.post(f"{hall.path}/aanmelden", data=form) for _ in range(6)]
        return {(answer.status_code, answer.location) for answer in answers}

    with ThreadPoolExecutor(16) as threads:
        texts = set().union(*threads.map(send, range(16)))
    assert len(texts) == 1 and next(iter(texts))[0] == 303
    with app.app_context():
        assert len(everybody(db.session())) == 1 and len(mailbox.mails()) == 1


PUSHED = {
    "state": "withdrawn", "event_id": "1", "id": "77", "consent": "x", "uid": "u", "sequence": "9", "created_at": "2001-01-01",
    "version": "5", "role": "administrator", "used": "0", "organisation_id": "2", "persons": "6", "sort_name": "aaa",
}  # fmt: skip


def test_fields_that_the_form_does_not_have_change_nothing(work, client):
    """Abuse case A12."""
    hall = make_registrations.make_hall(work, 5)
    assert make_registrations.sign_up(client, hall, **PUSHED).status_code == 303
    with work() as session:
        (row,) = everybody(session)
        assert (row.state, row.event_id, row.sequence, row.version, row.persons) == ("registered", hall.id, 0, 1, 1)
        assert row.sort_name == "voorbeeldsma  tjitske" and row.uid != "u" and row.created_at.year > 2001


@pytest.mark.parametrize("state", ["held", "closed", "cancelled"])
def test_only_upcoming_events_accept_registrations(work, client, state):
    hall = make_registrations.make_hall(work, 5, state=state)
    assert client.get(f"{hall.path}/aanmelden").status_code == 200
    page = client.send(f"{hall.path}/aanmelden", {"name": "Tjitske"})
    assert page.status_code == 422 and "gesloten" in page.text


def test_a_draft_is_not_found(work, client):
    hall = make_registrations.make_hall(work, 5, state="draft")
    nowhere = client.get("/bijeenkomsten/bestaat-niet/aanmelden")
    assert (
        html.bare(client.get(f"{hall.path}/aanmelden").text) == html.bare(nowhere.text) and nowhere.status_code == 404
    )


def test_signing_up_closes_at_the_set_time(work, client, frozen):
    hall = make_registrations.make_hall(work, 5, closes_days_before=2)
    closes = dates.midnight(dates.local(hall.starts_at).date() - timedelta(days=2))
    form = make_registrations.fill_in(client, hall)
    frozen.move_to(closes)
    assert client.post(f"{hall.path}/aanmelden", data={**form, "csrf_token": client.token()}).status_code == 422
    frozen.move_to(closes - timedelta(seconds=1))
    assert client.post(f"{hall.path}/aanmelden", data={**form, "csrf_token": client.token()}).status_code == 303


def test_a_form_with_an_expired_token_loses_no_input(work, client):
    hall = make_registrations.make_hall(work, 5)
    form = make_registrations.fill_in(client, hall, wishes="Geen noten.")
    page = client.post(f"{hall.path}/aanmelden", data={**form, "csrf_token": "oud"})
    assert page.status_code == 400
    again = {name: value for name, value in forms.typed_in(page.text).items() if name != "csrf_token"}
    assert again == {name: value for name, value in form.items() if name != "csrf_token"}
    assert client.post(f"{hall.path}/aanmelden", data=forms.typed_in(page.text)).status_code == 303


def test_the_complete_flow_stays_within_its_number_of_statements(work, client, statements):
    """Promise P2: at most 20 statements, 10 of which write, for an event with three pools and two sessions."""
    hall = make_registrations.make_hall(work, {"huisarts": 5, "specialist": 5, "poh": 5}, sessions=(5, 5))
    make_registrations.sign_up(client, hall, name="Iemand voor de kas")
    with statements() as seen:
        answer = make_registrations.sign_up(client, hall)
        client.get(answer.location)
    assert urlsplit(answer.location).path.startswith(hall.path)
    seen.at_most(17)
    writes = [entry for entry in seen if entry.split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert len(writes) <= 10, "\n".join(writes)
