"""The pages of measures: bad input, forms that are stale or sent twice, unknown ids, and displayed texts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates
from schakel.measures import rules, service
from schakel.measures.models import Measure, MeasureHistory
from tests import bad_input, forms, html, make, make_followup
from tests.bad_input import Ask, choice, day, short_text, story
from tests.measures.steps import STEPS, WAY, walk

SOON = (dates.today() + timedelta(days=20)).isoformat()
TODAY = dates.today().isoformat()
WORDS = {slug: str(one.verb) for slug, one in rules.WORKFLOW.by_slug.items()}
FROM = {"start": "assigned", "implement": "running", "check": "implemented", "send_back": "implemented", "effective": "checked",
        "not_effective": "checked", "effect_not_measurable": "checked", "decide_anew": "not_effective", "embed": "effective", "close": "embedded"}  # fmt: skip
FORMS = ["besluiten", *WORDS, "beleggen", "werktekst", "vrijgeven", "geinformeerd", "datum"]
VERSIONED = [name for name in FORMS if name not in ("besluiten", "geinformeerd")]


class World:
    """A hospital with two themes, and one measure that each form is about; and another hospital."""

    def __init__(self) -> None:
        self.hospital = make_followup.make_hospital()
        self.people = self.hospital.people
        self.themes = [str(make.make_theme(f"thema-{name}", name).id) for name in ("Wachttijd", "Bejegening")]
        self.foreign = make_followup.make_measure(make_followup.make_hospital("Ander"))
        self.about: Measure | None = None

    def ask(self, name: str) -> Ask:
        """Return one of the forms, correctly filled in, with the answers it must refuse."""
        if name == "besluiten":
            return self._decide()
        state = FROM[WORDS[name]] if name in WORDS else "decided"
        self.about = walk(self.hospital, state)
        path = f"/maatregelen/{self.about.public_id}"
        if name in WORDS:
            verb = WORDS[name]
            bad = {"text": story("Geef de grond" if rules.WORKFLOW[verb].needs_reason else "")}
            return Ask(STEPS[verb], f"{path}/stap/{name}", {"text": "Zoals besproken."}, bad)
        if name == "vrijgeven":
            service.write_working_text(
                self.hospital.actor("secretary"), self.about, "Binnen vijf dagen.", self.about.version
            )
        return {
            "beleggen": Ask("medical_director", f"{path}/{name}", {"owner": self.people["department_head"].public_id, "next_report_on": SOON}, {
                "owner": choice("Kies een eigenaar."), "next_report_on": day(past="al geweest")}),
            "werktekst": Ask("secretary", f"{path}/{name}", {"title": "Uitslag besproken", "text": "Binnen vijf dagen."}, {
                "title": short_text("Geef de maatregel een titel."), "text": story("Schrijf de werktekst.")}),
            "vrijgeven": Ask("quality_adviser", f"{path}/{name}", {}),
            "geinformeerd": Ask("quality_adviser", f"{path}/{name}", {"what": "taken", "on": TODAY}, {
                "what": choice(), "on": day("Vul de dag in.") | {"to come": (SOON, "Deze dag moet nog komen."), "before": ("2020-01-01", "vóór het besluit")}}),
            "datum": Ask("medical_director", f"{path}/{name}", {"due_on": SOON, "text": "Na de verbouwing."}, {
                "due_on": day("Kies een datum.") | {"before": ("2020-01-01", "vóór het besluit")}, "text": short_text("Geef de grond voor de nieuwe datum.", 500)}),
        }[name]  # fmt: skip

    def _decide(self) -> Ask:
        filled = {
            "kind": "measure",
            "title": "Uitslag binnen vijf dagen",
            "official": "De poli bespreekt iedere uitslag.",
            "decided_on": TODAY,
            "due_on": SOON,
        }
        filled |= {"strength": "strong", "cause_kind": "committee", "cause_year": "2026", "themes": self.themes}
        filled |= {"organisation": str(self.hospital.organisation.id), "department": str(self.hospital.department.id)}
        years = {
            value[:9]: (value, "")
            for value in (
                "",
                "twee",
                "1999",
                "2101",
                "-1",
                "2026.5",
                "9" * 40,
                "<script>",
                "=1+1",
                "２０２６x",
                "9" * 5000,
            )
        }
        bad = {
            "kind": choice(),
            "cause_kind": choice("Kies waar deze maatregel uit voortkomt."),
            "cause_year": years | {"after": ("2030", "niet na het besluit")},
        }
        bad |= {
            "title": short_text("Geef de maatregel een titel."),
            "official": story("Neem de tekst van het besluit over.", 6000),
        }
        bad |= {"organisation": choice(), "department": choice(), "themes": choice(), "strength": choice()}
        bad["decided_on"] = day("Vul de dag van het besluit in.") | {"to come": (SOON, "moet nog komen")}
        bad["due_on"] = day("artikel 17") | {"before": ("2020-01-01", "vóór het besluit")}
        return Ask("medical_director", "/maatregelen/nieuw", filled, bad)  # fmt: skip


pytestmark = pytest.mark.prepared(by=World)


@pytest.fixture
def world(prepared):
    return prepared


@pytest.fixture
def opened(world, client_of, work):
    """`opened(name)` returns a form and the client of somebody who may fill it in."""

    def open_one(name):
        with work() as session:
            session.add_all([world.hospital.organisation, world.hospital.department, *world.people.values()])
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
    assert client.post(ask.path, data=ask.sent(client)).status_code == 303


@pytest.mark.parametrize("name", VERSIONED)
def test_a_stale_form_displays_the_current_state_and_the_typed_text(opened, world, work, dump, name):
    ask, client = opened(name)
    sent = ask.sent(client)
    with work() as session:
        measure = session.scalar(sa.select(Measure).where(Measure.public_id == ask.path.split("/")[2]))
        measure.version, measure.working = measure.version + 1, "Een nieuwere tekst."
        measure.due_on = dates.today() + timedelta(days=44)
        now = (
            "Een nieuwere tekst."
            if name in ("werktekst", "vrijgeven")
            else f"klaar op {dates.format_date(measure.due_on)}"
        )
    before = dump()
    page = client.post(ask.path, data=sent)
    again = forms.typed_in(page.text)
    assert page.status_code == 409 and bad_input.FIRST in page.text and now in page.text
    assert not list(bad_input.lost(sent, again, "version")) and again["version"] != sent["version"] and dump() == before


@pytest.mark.parametrize("name", VERSIONED)
def test_a_step_sent_twice_is_done_once(opened, dump, name):
    ask, client = opened(name)
    sent = ask.sent(client)
    assert client.post(ask.path, data=sent).status_code == 303
    after = dump()
    assert client.post(ask.path, data=sent).status_code in (403, 409, 422) and dump() == after


def test_a_decision_sent_twice_is_recorded_once(opened, dump):
    ask, client = opened("besluiten")
    sent = ask.sent(client)
    first, after = client.post(ask.path, data=sent), dump()
    second = client.post(ask.path, data=sent)
    assert first.status_code == second.status_code == 303 and first.location == second.location and dump() == after


def test_informing_sent_twice_is_one_history_entry(opened, work):
    ask, client = opened("geinformeerd")
    sent = ask.sent(client)
    assert {client.post(ask.path, data=sent).status_code for _ in range(2)} == {303}
    with work() as session:
        query = sa.select(sa.func.count(MeasureHistory.id)).where(MeasureHistory.verb == "informed_taken")
        assert session.scalar(query) == 1


def test_an_unknown_and_a_foreign_measure_give_the_same_page(world, client_of, work):
    with work() as session:
        session.add(world.foreign)
        foreign = world.foreign.public_id
    words = [f"/stap/{word}" for word in WORDS]
    for word in ("", *words, "/beleggen", "/werktekst", "/vrijgeven", "/geinformeerd", "/datum", "/actiepunten/nieuw"):
        for role in ("coordinator", "medical_director", "participant"):
            client = client_of(world.people[role])
            visible = [client.get(f"/maatregelen/{number}{word}") for number in (foreign, "0123456789ab", "'-- <x>")]
            assert {page.status_code for page in visible} == {404} and len(
                {html.bare(page.text) for page in visible}
            ) == 1
            if word:
                sent = [client.send(f"/maatregelen/{number}{word}") for number in (foreign, "0123456789ab")]
                assert {page.status_code for page in sent} == {404} and len(
                    {html.bare(page.text) for page in sent}
                ) == 1


def test_a_department_of_another_hospital_is_no_choice(opened, work, dump):
    ask, client = opened("besluiten")
    with work():
        other = make_followup.make_hospital("Vreemd")
        numbers = {"organisation": str(other.organisation.id), "department": str(other.department.id)}
    sent, before = ask.sent(client), dump()
    for name, number in numbers.items():
        page = client.post(ask.path, data={**sent, name: number})
        assert page.status_code == 422 and html.said_at(page.text, name) and dump() == before


def test_a_ruling_without_a_date_is_refused_and_a_commitment_without_one_is_accepted(opened, work):
    ask, client = opened("besluiten")
    page = client.post(ask.path, data={**(sent := ask.sent(client)), "due_on": ""})
    assert page.status_code == 422 and "artikel 17" in html.said_at(page.text, "due_on")
    promise = {**sent, "kind": "commitment", "cause_kind": "investigation", "due_on": ""}
    assert "Zonder datum" in client.get(client.post(ask.path, data=promise).location).text


@pytest.mark.both_databases
def test_hostile_text_is_stored_as_typed_and_displayed_as_text(opened, work):
    ask, client = opened("besluiten")
    for text in bad_input.HARMLESS:
        made = client.post(ask.path, data={**ask.sent(client), "title": text, "official": text})
        main = next(html.tree_of(client.get(made.location).text).iter("main"))
        assert " ".join(" ".join(main.itertext()).split()).count(text) >= 2 and not list(main.iter("script"))
        assert "onload" not in {name for node in main.iter() for name in node.attrib}
    assert "'=HYPERLINK" in client.get("/maatregelen/lijst.csv?q=HYPERLINK").data.decode("utf-8-sig")


def test_the_page_offers_exactly_the_allowed_steps_and_each_opens(opened, client_of, world, work):
    for state in WAY:
        with work() as session:
            session.add_all([world.hospital.organisation, world.hospital.department, *world.people.values()])
            number = walk(world.hospital, state).public_id
        offered = {}
        for role in ("medical_director", "quality_adviser", "department_head"):
            client = client_of(world.people[role])
            page = client.get(f"/maatregelen/{number}").text
            paths = {
                node.get("href")
                for node in html.tree_of(page).iter("a")
                if f"{number}/stap/" in (node.get("href") or "")
            }
            assert {client.get(path).status_code for path in paths} <= {200}
            offered |= {path.rpartition("/")[2]: role for path in paths}
        assert {WORDS[word] for word in offered} == {
            verb for verb, source in FROM.items() if rules.WORKFLOW.allows(state, verb)
        }
