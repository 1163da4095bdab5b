"""The pages of action points: bad input, stale forms, forms sent twice, unknown ids, files, and displayed texts."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from schakel import dates, db
from schakel.actions import rules, service
from schakel.actions.models import Action, ActionHistory, Evidence
from schakel.agreements import service as agreements
from schakel.files.models import File
from tests import bad_input, forms, html, mailbox, make, make_followup
from tests.bad_input import Ask, choice, day, short_text, story
from tests.uploads import PDF, SVG

SOON = (dates.today() + timedelta(days=20)).isoformat()
PAST = "al geweest."
WHY = "Schrijf er in een zin bij waarom"
OUTSIDE = {"owner": "", "owner_name": "Wytske van Buiten", "owner_email": "wytske@praktijk.example.org"}
NEW = {"title": "Bel terug binnen een dag", "text": "Ook op vrijdag.", "due_on": SOON, **OUTSIDE}
NEW_BAD = {
    "title": short_text("Schrijf op wat er moet gebeuren."),
    "text": story(),
    "owner": choice(),
    "owner_name": short_text("Kies een eigenaar, of vul naam en e-mail in van iemand van buiten.")
    | {"missing": ("", "")},
    "owner_email": bad_input.address(),
    "tier": choice(),
    "theme": choice(),
    "due_on": day(past=PAST),
}
NEW_BAD["owner_name"] = {
    case: found for case, found in NEW_BAD["owner_name"].items() if case not in ("missing", "blank")
}
OWNER_BAD = {name: NEW_BAD[name] for name in ("owner", "owner_name", "owner_email")}
VERBS = {
    "aannemen": ("proposed", "owner"), "teruggeven": ("proposed", "owner"), "voortgang": ("accepted", "owner"),
    "opschorten": ("accepted", "owner"), "hervatten": ("on_hold", "owner"), "gereedmelden": ("accepted", "owner"),
    "toetsen": ("reported_done", "coordinator"), "terugsturen": ("reported_done", "coordinator"),
    "vervallen": ("proposed", "coordinator"),
}  # fmt: skip
SILENT = ("aannemen", "hervatten", "gereedmelden")
REPORTING = ("aannemen", "voortgang", "opschorten", "hervatten")
FORMS = ["event", "agreement", "measure", *VERBS, "onderbouwing", "datum", "eigenaar"]
VERSIONED = [*VERBS, "datum", "eigenaar"]


class World:
    """A hospital with an event, an agreement, a measure, and an action point in each state; and another hospital."""

    def __init__(self) -> None:
        self.hospital = make_followup.make_hospital()
        self.people = {**self.hospital.people, "owner": self.hospital.people["facilitator"]}
        make.make_theme("bereikbaarheid")
        self.event = make.make_event(self.hospital.organisation, sessions=(10, 10))
        self.agreement = agreements.add_to_event(
            self.hospital.actor("coordinator"), self.event, "Wie verwijst, belt.", "2024", None
        )
        self.measure = make_followup.release(self.hospital, make_followup.make_measure(self.hospital))
        self.actions = {state: self.in_state(state) for state in ("proposed", "accepted", "on_hold", "reported_done")}
        self.foreign = make_followup.make_action(make_followup.make_hospital("Ander"))

    def in_state(self, state: str) -> Action:
        """Return an action point of the facilitator in a state."""
        action = make_followup.make_action(self.hospital, self.people["owner"], title=f"Punt {state}")
        if state == "reported_done":
            return make_followup.done(self.hospital, action)
        for verb in {"accepted": ("accept",), "on_hold": ("accept", "hold")}.get(state, ()):
            service.move(make_followup.by_link(action), action, verb, "Na de zomer." if verb == "hold" else "")
        return action

    def ask(self, name: str) -> Ask:
        """Return one of the forms, correctly filled in, with the answers it must refuse."""
        if name in ("event", "agreement", "measure"):
            return self._new(name)
        if name in VERBS:
            state, who = VERBS[name]
            bad = {"text": story("" if name in SILENT else WHY)}
            filled = {"text": "We zijn er bijna."}
            if name in REPORTING:
                bad["next_report_on"], filled["next_report_on"] = day(past=PAST), SOON
            return Ask(who, self.path(state, name), filled, bad)
        return {
            "onderbouwing": Ask("owner", self.path("accepted", name), {"text": "Zie de foto.", "url": "https://x.example.org/a"}, {
                "text": story(), "url": short_text(size=500) | {f"no address {bad[:9]}": (bad, "Vul een volledig adres in") for bad in (
                    "javascript:alert(1)", "x.example.org", "ftp://x.example.org", "=1+1", "<script>", "file:///etc/passwd")}}),
            "datum": Ask("coordinator", self.path("accepted", name), {"due_on": SOON, "text": "Na de zomer."}, {
                "due_on": day("Kies een datum.", PAST), "text": short_text("Schrijf er in een zin bij waarom.", 200)}),
            "eigenaar": Ask("coordinator", self.path("proposed", name), OUTSIDE, OWNER_BAD),
        }[name]  # fmt: skip

    def _new(self, name: str) -> Ask:
        event, filled, bad = f"/bijeenkomsten/{self.event.slug}", dict(NEW), dict(NEW_BAD)
        if name == "measure":
            return Ask("quality_adviser", f"/maatregelen/{self.measure.public_id}/actiepunten/nieuw", filled, bad)
        filled["tier"] = "agreement"
        if name == "agreement":
            path = f"/samenwerkingsafspraken/{self.agreement.public_id}/actiepunt"
            return Ask("coordinator", path, filled, bad)
        filled |= {"session": str(self.event.items[1].sessions[1].id), "measure": self.measure.public_id}
        bad |= {"session": choice(), "measure": choice()}
        return Ask("coordinator", f"{event}/actiepunten/nieuw", filled, bad)

    def path(self, state: str, word: str) -> str:
        """Return the address of a form of the action point in this state."""
        return f"/actiepunten/{self.actions[state].public_id}/{word}"


pytestmark = pytest.mark.prepared(by=World)


@pytest.fixture
def world(prepared):
    return prepared


@pytest.fixture
def opened(world, client_of, work):
    """`opened(name)` returns a form and the client of somebody who may fill it in."""

    def open_one(name):
        with work() as session:
            session.add_all([world.event, world.agreement, world.measure, *world.actions.values()])
            ask = world.ask(name)
        return ask, client_of(world.people[ask.who])

    return open_one


@pytest.mark.parametrize("name", FORMS)
def test_a_bad_answer_gets_an_error_at_its_field_and_no_input_is_lost(opened, dump, name):
    ask, client = opened(name)
    assert not (found := bad_input.faults_of(ask, client, dump)), "\n".join(found)


@pytest.mark.parametrize("name", FORMS)
def test_a_field_sent_twice_is_refused(opened, dump, name):
    ask, client = opened(name)
    assert not (found := bad_input.twice_faults(ask, client, dump)), "\n".join(found)


@pytest.mark.parametrize("name", FORMS)
def test_a_good_answer_is_accepted(opened, name):
    ask, client = opened(name)
    if name == "gereedmelden":
        proof = ask.path.replace("gereedmelden", "onderbouwing")
        assert client.send(proof, {"text": "Ligt er."}).status_code == 303
    assert client.post(ask.path, data=ask.sent(client)).status_code == 303


@pytest.mark.parametrize("name", ["event", "agreement", "measure", "eigenaar"])
def test_a_form_without_owner_gets_an_error_at_the_owner(opened, dump, name):
    ask, client = opened(name)
    sent, before = {**ask.sent(client), "owner_name": "Wytske", "owner_email": ""}, dump()
    page = client.post(ask.path, data=sent)
    assert page.status_code == 422 and "Kies een eigenaar" in html.said_at(page.text, "owner")
    assert not list(bad_input.lost(sent, forms.typed_in(page.text))) and dump() == before


def test_done_without_evidence_is_refused_with_what_is_missing(opened, dump):
    ask, client = opened("gereedmelden")
    sent, before = ask.sent(client) | {"text": ""}, dump()
    page = client.post(ask.path, data=sent)
    assert page.status_code == 422 and "Voeg onderbouwing toe" in html.said_at(page.text, "text")
    assert not list(bad_input.lost(sent, forms.typed_in(page.text))) and dump() == before


def test_the_text_given_when_reporting_done_is_the_evidence(opened):
    ask, client = opened("gereedmelden")
    sent = ask.sent(client) | {"text": "De kaart hangt op elke kamer."}
    page = client.get(client.post(ask.path, data=sent).location).text
    assert "Gereedgemeld" in page and "De kaart hangt op elke kamer." in page.partition("onderbouwing")[2]


@pytest.mark.parametrize("name", VERSIONED)
def test_a_stale_form_displays_the_current_state_and_the_typed_text(opened, world, work, dump, name):
    ask, client = opened(name)
    sent = ask.sent(client)
    with work() as session:
        action = session.scalar(sa.select(Action).where(Action.public_id == ask.path.split("/")[2]))
        action.version, action.due_on = action.version + 1, dates.today() + timedelta(days=44)
        now = f"klaar op {dates.format_date(action.due_on)}"
        state = rules.WORKFLOW.label(action.state).lower()
    before = dump()
    page = client.post(ask.path, data=sent)
    assert page.status_code == 409 and bad_input.FIRST in page.text and now in page.text and state in page.text
    again = forms.typed_in(page.text)
    assert not list(bad_input.lost(sent, again, "version")) and again["version"] != sent["version"]
    assert dump() == before


@pytest.mark.parametrize("name", VERSIONED)
def test_a_step_sent_twice_is_done_once(opened, work, dump, name):
    ask, client = opened(name)
    if name == "gereedmelden":
        client.send(ask.path.replace("gereedmelden", "onderbouwing"), {"text": "Ligt er."})
    sent = ask.sent(client)
    assert client.post(ask.path, data=sent).status_code == 303
    after = dump()
    assert client.post(ask.path, data=sent).status_code in (409, 422) and dump() == after


@pytest.mark.parametrize("name", ["event", "agreement", "measure"])
def test_a_new_action_point_sent_twice_is_made_once(opened, work, dump, name):
    ask, client = opened(name)
    sent = ask.sent(client)
    first = client.post(ask.path, data=sent)
    with work() as session:
        made = session.scalar(sa.select(sa.func.count(Action.id)))
        mails = len(mailbox.mails())
    second = client.post(ask.path, data=sent)
    assert first.status_code == second.status_code == 303 and first.location == second.location
    with work() as session:
        assert session.scalar(sa.select(sa.func.count(Action.id))) == made and len(mailbox.mails()) == mails


def test_evidence_sent_twice_is_stored_once(opened, work, world):
    ask, client = opened("onderbouwing")
    for text in ("Zie de foto.", "Zie de foto.", "En de brief."):
        sent = {**ask.sent(client), "text": text, "file": (io.BytesIO(PDF), "brief.pdf")}
        assert client.post(ask.path, data=sent).status_code == 303
    with work() as session:
        assert session.scalars(sa.select(Evidence.text).order_by(Evidence.id)).all()[1:] == ["Zie de foto.", "En de brief."]  # fmt: skip
        assert session.scalar(sa.select(sa.func.count(File.id))) == 2


def test_an_unknown_and_a_foreign_action_point_give_the_same_page(opened, world, client_of, work):
    with work() as session:
        session.add(world.foreign)
        foreign = world.foreign.public_id
    for word in ("", *(f"/{word}" for word in VERBS), "/onderbouwing", "/onderbouwing/1", "/datum", "/eigenaar"):
        for role in ("coordinator", "owner", "medical_director"):
            client = client_of(world.people[role])
            visible = [client.get(f"/actiepunten/{number}{word}") for number in (foreign, "0123456789ab", "'-- <x>")]
            assert {page.status_code for page in visible} == {404}
            assert len({html.bare(page.text) for page in visible}) == 1
            if word and word != "/onderbouwing/1":
                sent = [client.send(f"/actiepunten/{number}{word}") for number in (foreign, "0123456789ab")]
                assert {page.status_code for page in sent} == {404} and len(
                    {html.bare(page.text) for page in sent}
                ) == 1


def test_a_file_is_stored_and_downloaded_unchanged_and_never_displayed_as_a_page(opened, work):
    ask, client = opened("onderbouwing")
    sent = {**ask.sent(client), "text": "", "url": "", "file": (io.BytesIO(PDF), "../werk instructie.pdf")}
    assert client.post(ask.path, data=sent).status_code == 303
    page = client.get(ask.path.removesuffix("/onderbouwing"))
    address = next(
        node.get("href") for node in html.tree_of(page.text).iter("a") if "/onderbouwing/" in (node.get("href") or "")
    )
    file = client.get(address)
    assert file.data == PDF and file.mimetype == "application/pdf" and "no-store" in file.headers["Cache-Control"]
    assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''werk%20instructie.pdf"
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(f"{address}9").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "saying"),
    [
        ("plaatje.svg", SVG, ""), ("plaatje.png", SVG, ""), ("werk.pdf", b"<html><script>alert(1)</script>", ""), ("leeg.pdf", b"", "leeg"),
        ("111222333.pdf", PDF, bad_input.BURGER), ("x.exe", b"MZ" + b"\0" * 99, ""),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_at_its_field_and_no_input_is_lost(opened, dump, name, content, saying):
    ask, client = opened("onderbouwing")
    sent, before = ask.sent(client), dump()
    page = client.post(ask.path, data={**sent, "file": (io.BytesIO(content), name)})
    assert page.status_code == 422 and dump() == before
    sentence = html.said_at(page.text, "file")
    assert sentence and saying in sentence and not list(bad_input.lost(sent, forms.typed_in(page.text), "file"))


def test_two_files_at_once_are_refused(opened, dump):
    ask, client = opened("onderbouwing")
    sent, before = ask.sent(client), dump()
    page = client.post(ask.path, data={**sent, "file": [(io.BytesIO(PDF), "een.pdf"), (io.BytesIO(PDF), "twee.pdf")]})
    assert page.status_code == 422 and bad_input.TWICE in html.said_at(page.text, "file") and dump() == before


@pytest.mark.both_databases
def test_hostile_text_is_stored_as_typed_and_displayed_as_text(opened, work, world):
    ask, client = opened("event")
    for text in bad_input.HARMLESS:
        sent = {**ask.sent(client), "title": text, "text": text, "owner_name": text}
        answer = client.post(ask.path, data=sent)
        main = next(html.tree_of(client.get(answer.location).text).iter("main"))
        assert " ".join(" ".join(main.itertext()).split()).count(text) >= 3 and not list(main.iter("script"))
        assert "onload" not in {name for node in main.iter() for name in node.attrib}
        with work():
            action = db.session().scalar(sa.select(Action).order_by(Action.id.desc()).limit(1))
            assert (action.title, action.text, action.owner.name) == (text, text, text)
    file = client.get("/actiepunten.csv?q=HYPERLINK").data.decode("utf-8-sig")
    assert "'=HYPERLINK" in file


def test_every_verb_adds_a_history_entry_with_its_text(opened, work):
    for name in ("voortgang", "vervallen", "terugsturen"):
        ask, client = opened(name)
        client.post(ask.path, data=ask.sent(client))
    with work() as session:
        said = session.scalars(sa.select(ActionHistory.verb).where(ActionHistory.text == "We zijn er bijna.")).all()
    assert sorted(said) == ["cancel", "report", "send_back"]


def send_file(client, path: str, typed: dict, content: bytes):
    """Send a form with a file as one body: the test client would leave a temporary file of it open."""
    file = FileStorage(io.BytesIO(content), "kaart.pdf")
    boundary, body = encode_multipart({**typed, "csrf_token": client.token(), "file": file})
    return client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


@pytest.mark.parametrize("megabytes", [5.5, 7, 20])
def test_a_file_that_is_too_large_is_refused_at_its_field_and_what_was_typed_is_still_there(opened, dump, megabytes):
    ask, client = opened("onderbouwing")
    assert "hoogstens 5 MB" in client.get(ask.path).text
    before = dump()
    typed = {"text": "De kaart hangt op elke kamer.", "url": "https://x.example.org/kaart"}
    page = send_file(client, ask.path, typed, PDF + b"0" * int(megabytes * 1024 * 1024))
    assert page.status_code == 422 and "hoogstens 5 MB" in html.said_at(page.text, "file")
    assert all(value in page.text for value in typed.values()) and dump() == before


def test_a_body_larger_than_any_upload_is_refused_without_reading_it(opened):
    ask, client = opened("onderbouwing")
    form = "multipart/form-data; boundary=x"
    page = client.post(
        ask.path, input_stream=io.BytesIO(b""), content_type=form, environ_overrides={"CONTENT_LENGTH": str(65 * 2**20)}
    )
    assert page.status_code == 413 and "Ga terug in uw browser" in page.text


def test_a_form_without_a_file_reads_no_large_body(opened):
    ask, client = opened("voortgang")
    assert send_file(client, ask.path, {"text": "x"}, b"0" * 7 * 1024 * 1024).status_code == 413
