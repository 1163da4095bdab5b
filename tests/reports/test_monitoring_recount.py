"""The director's page compared with the raw rows: every figure and filter, what changed, the clicks to the evidence."""

import io
from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from schakel import dates
from schakel.actions import service as actions
from schakel.identity.models import Account
from schakel.measures import rules
from schakel.measures import service as measures
from schakel.measures.models import Measure
from schakel.measures.planning import service as planning
from tests import html, list_pages, make, make_followup
from tests.measures.steps import walk
from tests.uploads import PDF

pytestmark = pytest.mark.both_databases

ENDS = [*((state, "") for state in ("decided", "assigned", "running", "implemented", "checked")), ("not_effective", "not_effective"),
        ("effect_not_measurable", "not_measurable"), ("effective", "effective"), ("embedded", "effective"), ("closed", "effective"), ("closed", "not_measurable")]  # fmt: skip
WORKING = ("decided", "assigned", "running")
# Written by hand, independent of the code: the states that reached carried out, and those that reached checked.
CARRIED_OUT = ("implemented", "checked", "not_effective", "effect_not_measurable", "effective", "embedded", "closed")


class Area:
    """44 measures of one hospital over every state, cause, theme and department, and as many of another."""

    def __init__(self) -> None:
        self.hospital = make_followup.make_hospital()
        self.second = make.make_organisation("Tweede afdeling", parent=self.hospital.organisation)
        self.themes = [make.make_theme(f"mix-{name}", name) for name in ("Wachttijd", "Bejegening")]
        for hospital in (self.hospital, make_followup.make_hospital("Ander")):
            for number, ((state, effect), cause) in enumerate(product(ENDS, list(rules.CAUSES)[:4])):
                self._make(hospital, number, state, effect, cause)

    def _make(self, hospital: make_followup.Hospital, number: int, state: str, effect: str, cause: str) -> None:
        today, due = dates.today(), (None, -30, 3, 60)[number % 4]
        of = {0: hospital.department.id, 1: None, 2: self.second.id if hospital is self.hospital else None}[number % 3]
        themes = (self.themes[0].id,) if number % 2 else (self.themes[0].id, self.themes[1].id) if number % 5 else ()
        made = make_followup.make_measure(
            hospital, cause_kind=cause, title=f"Maatregel {number}", department_id=of, theme_ids=themes, kind="measure"
        )
        made.state, made.effect, made.is_closed = state, effect, state == "closed"
        made.due_on = today + timedelta(days=due) if due is not None else None
        made.due_sort = made.due_on or date(9999, 12, 31)
        made.next_report_on = today - timedelta(days=2) if number % 7 == 0 else None  # fmt: skip


def asks_attention(one: Measure, today: date) -> bool:
    if one.state == "closed":
        return False
    if one.state in ("not_effective", "implemented", "checked"):
        return True
    soon = one.due_on is None or one.due_on <= today + timedelta(days=7)
    return one.state in WORKING and (soon or bool(one.next_report_on and one.next_report_on < today))


def recount(measures: list[Measure], today: date) -> tuple[list[int], int]:
    proven = [
        one
        for one in measures
        if one.state in ("effective", "embedded") or (one.state, one.effect) == ("closed", "effective")
    ]
    steps = [
        measures, [one for one in measures if one.state != "decided"], [one for one in measures if one.state in CARRIED_OUT],
        [one for one in measures if one.state in CARRIED_OUT and one.state != "implemented"], proven,
        [one for one in proven if one.state != "effective"],
    ]  # fmt: skip
    return [len(step) for step in steps], sum(asks_attention(one, today) for one in measures)


def figures_in(text: str) -> tuple[list[int], int]:
    """Return the figures on the page: the six of the funnel, and how many measures require attention."""
    main = next(html.tree_of(text).iter("main"))
    funnel = next(one for one in main.iter("table") if "funnel" in (one.get("class") or ""))
    cells = [[list_pages.words(cell) for cell in row.iter("td")] for row in next(funnel.iter("tbody")).iter("tr")]
    counts = [next(int(cell) for cell in row if cell.isdigit()) for row in cells]
    lead = next(list_pages.words(one) for one in main.iter("p") if one.get("class") == "standfirst")
    return counts, int(next(word for word in lead.rpartition(". ")[2].split() if word.isdigit()))


@pytest.fixture
def area_of(work):
    with work():
        return Area()


@pytest.mark.plants  # states are written without the services
def test_every_figure_on_the_page_equals_a_recount_of_the_rows_for_every_filter(area_of, work, client_of):
    client, today = client_of(area_of.hospital.people["medical_director"]), dates.today()
    with work() as session:
        session.add_all([area_of.second, *area_of.themes, area_of.hospital.organisation, area_of.hospital.department])
        own = session.scalars(
            sa.select(Measure).where(Measure.organisation_id == area_of.hospital.organisation.id)
        ).all()
        asked = {"": lambda one: True}
        asked |= {
            f"aanleiding={cause}": lambda one, cause=cause: one.cause_kind == cause for cause in list(rules.CAUSES)[:4]
        }
        for unit in (area_of.second.id, area_of.hospital.department.id):
            asked[f"afdeling={unit}"] = lambda one, unit=unit: one.department_id == unit
        for theme in area_of.themes:
            asked[f"thema={theme.code}"] = lambda one, number=theme.id: number in {it.id for it in one.themes}
        both = f"aanleiding=committee&afdeling={area_of.second.id}&thema={area_of.themes[0].code}"
        asked[both] = lambda one, of=area_of.second.id, number=area_of.themes[0].id: (
            one.cause_kind == "committee" and one.department_id == of and number in {it.id for it in one.themes}
        )
        expected = {query: [one for one in own if fits(one)] for query, fits in asked.items()}
        figures = {query: recount(measures, today) for query, measures in expected.items()}
        urgent = {
            query: {one.title for one in measures if asks_attention(one, today)} for query, measures in expected.items()
        }
        every = {query: sorted(one.title for one in measures) for query, measures in expected.items()}
    assert len(own) == 44 and figures[both][0][0] > 0 and sum(figures[""][0]) > 100
    for query in asked:
        assert figures_in(client.get(f"/monitoring?{query}").text) == figures[query], query
        listed = list_pages.all_pages(client, f"/monitoring?{query}")
        assert {title for page in listed for title in page} == urgent[query], query
        assert sorted(row["Maatregel of toezegging"] for row in list_pages.rows(client, f"/monitoring.csv?{query}&staat=alle")) == every[query]  # fmt: skip


@pytest.mark.plants
def test_each_state_lists_its_measures_and_closed_without_a_measurable_effect_is_not_proven(area_of, client_of):
    client = client_of(area_of.hospital.people["medical_director"])
    for state in rules.STATES:
        listed = [title for page in list_pages.all_pages(client, f"/monitoring?staat={state}") for title in page]
        assert len(listed) == (8 if state == "closed" else 4), state
    assert figures_in(client.get("/monitoring").text)[0] == [44, 40, 32, 28, 12, 8]


def test_changes_since_the_last_visit_are_displayed_and_no_earlier_ones(work, client_of, frozen):
    with work():
        hospital = make_followup.make_hospital()
        old, new = (
            make_followup.make_measure(hospital, title="Oud besluit"),
            make_followup.make_measure(hospital, title="Bewogen besluit"),
        )
    frozen.shift(timedelta(days=2))
    with work() as session:
        session.add_all([old, new, hospital.people["medical_director"], hospital.people["department_head"]])
        person = hospital.people["medical_director"].id
        visit = sa.update(Account).where(Account.person_id == person).values(previous_visit_at=dates.now())
        session.execute(visit)
    first = client_of(hospital.people["medical_director"]).get("/monitoring")
    assert "Niets, of dit is uw eerste bezoek." in first.text
    frozen.shift(timedelta(days=1))
    with work() as session:
        session.add_all([new, *hospital.people.values()])
        measures.assign(hospital.actor("medical_director"), new, hospital.people["department_head"])
    answer = client_of(hospital.people["medical_director"]).get(
        "/monitoring"
    )  # a day later the director signs in again
    page = next(html.tree_of(answer.text).iter("main"))
    instants = [list_pages.words(one) for one in page.iter("li") if "moment" in (one.get("class") or "").split()]
    assert len(instants) == 1 and "Bewogen besluit: belegd" in instants[0]


def test_the_evidence_is_three_clicks_from_the_overview(work, client_of):
    with work():
        hospital = make_followup.make_hospital()
        measure = walk(hospital, "running")
        facts = actions.Facts(
            "Bel terug", hospital.organisation.id, hospital.people["facilitator"], hospital.people["quality_adviser"].id,
            tier="measure", due_on=dates.today() + timedelta(days=9),
        )  # fmt: skip
        action = planning.make_action(hospital.actor("quality_adviser"), measure, facts)
        actions.move(make_followup.by_link(action), action, "accept")
        path = f"/actiepunten/{action.public_id}/onderbouwing"
        measure.next_report_on = dates.today() - timedelta(days=1)
    owner = client_of(hospital.people["facilitator"])
    sent = {"text": "", "url": "", "file": (io.BytesIO(PDF), "werk.pdf")}
    assert owner.send(path, sent).status_code == 303
    client, at, clicks = client_of(hospital.people["medical_director"]), "/monitoring", 0
    for start in ("/maatregelen/", "/actiepunten/", path):
        main = next(html.tree_of(client.get(at).text).iter("main"))
        at = next(one.get("href") for one in main.iter("a") if (one.get("href") or "").startswith(start))
        clicks += 1
    proof = client.get(at)
    assert clicks == 3 and proof.data == PDF and proof.mimetype == "application/pdf"


@pytest.mark.plants
def test_another_hospital_adds_nothing_to_the_page_or_the_file(area_of, work, client_of):
    client = client_of(area_of.hospital.people["medical_director"])
    with work() as session:
        session.add(area_of.hospital.organisation)
        foreign = sa.select(Measure.public_id).where(Measure.organisation_id != area_of.hospital.organisation.id)
        codes = session.scalars(foreign).all()
    page = client.get("/monitoring?staat=alle").text + client.get("/monitoring").text
    assert len(codes) == 44 and not [code for code in codes if code in page]
    assert len(list_pages.rows(client, "/monitoring.csv?staat=alle")) == 44
