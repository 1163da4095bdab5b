"""The follow-up of a decided measure in a browser, with an owner who has only a link, up to a closed loop."""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from schakel.names import listed_name
from tests import demo_server
from tests.axe import good
from tests.browser.steps import walk

TITLE = "Uitslagenspreekuur op vaste tijden in elke week"
OFFICIAL = "OFFICIEEL: de polikliniek bespreekt iedere uitslag binnen vijf werkdagen met de patiënt."
WORKING = "WERKTEKST: uitslagen bespreken we binnen vijf werkdagen."
OWN = "Zet een vast uitslagenspreekuur in de agenda"
EVENING = "Spreek een nummer voor collega's af"
OWNER, ADDRESS = "Ineke Buitenveld", "ineke@buitenveld.example.org"
DIRECTOR, ADVISER, SECRETARY = "Hanna Verzonnen", "Simone Proefdijk", "Abel Testma"
HEAD, COORDINATOR, ELSEWHERE = "Jorn Modelstra", "Tjitske Voorbeeldsma", "Gerlof Schijnstra"
EVENT = "/bijeenkomsten/goed-en-prettig-samenwerken"
DIGEST = """
    import sys
    from schakel import db
    from schakel.home.today.jobs import digest_for
    from schakel.identity.models import Account, Person
    from wsgi import app
    with app.app_context():
        db.set_writing(True)
        account = db.session().query(Account).join(Person, Person.id == Account.person_id).filter_by(name=sys.argv[1]).one()
        told = digest_for(account)
        db.end_transaction(True)
    sys.exit(0 if told else 1)
"""


@dataclass
class Hospital:
    """A running demo: its address and its commands."""

    address: str
    run: Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def hospital(database: Any, tmp_path: Path) -> Iterator[Hospital]:
    """The demo with all stories over its own database, SQLite and then PostgreSQL."""
    url, port = database.copy(), demo_server.free_port()
    address = f"http://127.0.0.1:{port}"
    environment = demo_server.demo_environment(tmp_path, url) | {
        "SCHAKEL_BASE_URL": address,
        "PYTHONPATH": os.pathsep.join([str(demo_server.ROOT), str(demo_server.ROOT / "platform")]),
    }

    def run(*command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=demo_server.PATIENCE,
            check=False,
        )

    def flask(*words: str) -> "subprocess.CompletedProcess[str]":
        if words[0] == "digest":
            return run(sys.executable, "-c", textwrap.dedent(DIGEST), words[1])
        return run(str(demo_server.BIN / "flask"), "--app", f"{demo_server.ROOT / 'wsgi.py'}:app", *words)

    loaded = flask("verhalen")
    assert loaded.returncode == 0, loaded.stderr
    serve = [str(demo_server.BIN / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    process = subprocess.Popen(
        [*serve, "--log-level", "warning", "--pythonpath", str(demo_server.ROOT), "wsgi:app"],
        cwd=tmp_path,
        env=environment,
    )
    try:
        demo_server._wait(address, process)
        yield Hospital(address, flask)
    finally:
        process.terminate()
        process.wait(10)
        database.drop(url)


class Visitor:
    """A person with their own browser."""

    def __init__(self, browser: Any, hospital: Hospital, name: str = "", script: bool = True) -> None:
        self.context = browser.new_context(
            base_url=hospital.address, java_script_enabled=script, locale="nl-NL", timezone_id="Europe/Amsterdam"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        if name:
            self.go("/inloggen/demo")
            self.page.locator("button.person").filter(has_text=name).click()
            self.page.wait_for_url("**/vandaag")

    def go(self, path: str, status: int = 200) -> str:
        """Open an address; return the text of the page."""
        answer = self.page.goto(path, wait_until="load")
        assert answer.status == status, f"{path}: {answer.status}"
        return self.said()

    def asked(self) -> str:
        """Return what *vandaag* lists for them, without what changed since last time."""
        return self.go("/vandaag").partition("Veranderd sinds")[0]

    def said(self) -> str:
        """Return the text of the page."""
        return self.page.locator("main").inner_text()

    def click(self, label: str) -> None:
        """Click a button or a link by its text."""
        self.page.get_by_role("main").locator("a, button").filter(has_text=label).first.click()

    def fill(self, **values: str) -> None:
        """Fill in fields by name; a choice by its text when there is such a row, else by its value."""
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                options = field.locator("option").all_inner_texts()
                rows = [row for row in options if {value, listed_name(value)} & {row, row.split(" (")[0]}]
                field.select_option(label=rows[0]) if rows else field.select_option(value)
            else:
                field.fill(value)

    def choices(self, name: str) -> list[str]:
        """Return the options of a select."""
        rows = self.page.locator(f"main [name={name}] option").all_inner_texts()
        return [str(row) for row in rows]

    def send(self, label: str, **values: str) -> str:
        """Fill in the form and send it; fail when the next page is the same form."""
        self.fill(**values)
        before = self.page.url
        self.page.get_by_role("main").get_by_role("button", name=label, exact=True).click()
        self.page.wait_for_load_state("load")
        wrong = self.page.locator("main .errors")
        assert self.page.url != before, wrong.inner_text() if wrong.count() else self.said()
        return self.said()


def mail_to(visitor: Visitor, address: str, words: str) -> None:
    """Open the newest mail to somebody with these words in its subject."""
    visitor.go(f"/postvak?q={address}")
    visitor.page.locator("main a").filter(has_text=words).first.click()


def walk_in(owner: Visitor, title: str, hospital: Hospital) -> str:
    """Open the link in the mail about this action point; return the address it leads to."""
    mail_to(owner, ADDRESS, title)
    owner.page.locator("article.sheet a.btn-primary").click()
    owner.page.wait_for_url("**/actiepunten/*")
    assert title in owner.said()
    good(owner.page)
    return owner.page.url.removeprefix(hospital.address)


def accept_and_prove(owner: Visitor, proof: str) -> None:
    """Accept, add evidence and report done; checking it is not offered."""
    owner.click("Neem aan")
    good(owner.page)
    assert "Aangenomen" in owner.send("Ja, ik neem het aan")
    owner.click("Voeg onderbouwing toe")
    assert proof in owner.send("Voeg toe", text=proof)
    owner.click("Meld gereed")
    good(owner.page)
    said = owner.send("Meld gereed", text="Klaar, kom gerust kijken.")
    assert "Gereedgemeld" in said and "Toets: het is klaar" not in said


def proof_in_three_clicks(director: Visitor) -> None:
    """Go from the overview to the measure and to the action point, which displays the evidence."""
    director.go("/monitoring?staat=closed")
    director.click(TITLE)
    director.page.wait_for_url(re.compile("/maatregelen/[0-9a-f]"))
    director.click(OWN)
    director.page.wait_for_url(re.compile("/actiepunten/[0-9a-f]"))
    assert "Het spreekuur staat sinds deze week" in director.said()


@dataclass
class Walk:
    """The people of this walk, each with their own browser, and the addresses of what they made."""

    browser: Any
    hospital: Hospital
    today: date = field(default_factory=date.today)
    people: dict[str, Visitor] = field(default_factory=dict)
    measure: str = ""
    evening: str = ""
    mine: str = ""
    owner: Visitor | None = None

    def at(self, name: str) -> Visitor:
        """Return somebody of the demo, signed in."""
        if name not in self.people:
            self.people[name] = Visitor(self.browser, self.hospital, name)
        return self.people[name]

    def step(self, name: str, word: str, label: str, text: str = "") -> str:
        """Do a step on the measure by the button on its page."""
        visitor = self.at(name)
        visitor.go(self.measure)
        visitor.page.locator(f'main a[href$="{word}"]').click()
        return visitor.send(label, **({"text": text} if text else {}))


def the_medical_director_decides_and_nobody_outside_the_inner_ring_sees_it(story: Walk) -> None:
    director = story.at(DIRECTOR)
    director.go("/maatregelen/nieuw")
    decided = {"kind": "measure", "cause_kind": "committee", "cause_year": str(story.today.year), "title": TITLE}
    dated = {"decided_on": story.today.isoformat(), "due_on": (story.today + timedelta(days=5)).isoformat()}
    where = {"organisation": "Amsterdam UMC", "department": "Polikliniek Interne Geneeskunde Amsterdam UMC"}
    said = director.send("Leg vast", official=OFFICIAL, **decided, **dated, **where)
    assert TITLE in said and OFFICIAL in said
    story.measure = director.page.url.removeprefix(story.hospital.address)
    assert TITLE in director.asked(), "it has no owner yet, and the director assigns it"
    story.at(ELSEWHERE).go(story.measure, status=404)
    story.at(COORDINATOR).go(story.measure, status=404)


def one_writes_the_working_text_and_another_releases_it_to_every_role(story: Walk) -> None:
    story.step(SECRETARY, "/werktekst", "Bewaar", WORKING)
    assert "Geef vrij" not in story.at(SECRETARY).said()
    assert WORKING in story.step(ADVISER, "/vrijgeven", "Geef vrij")
    for outside in (ELSEWHERE, COORDINATOR):
        said = story.at(outside).go(story.measure)
        assert WORKING in said and OFFICIAL not in said


def the_head_of_the_department_begins_and_asks_somebody_outside_by_mail(story: Walk) -> None:
    director = story.at(DIRECTOR)
    director.go(f"{story.measure}/beleggen")
    director.send("Beleg", owner=HEAD)
    assert TITLE in story.at(HEAD).asked(), "its date is this week"
    story.step(HEAD, "/beginnen", "Beginnen")
    head = story.at(HEAD)
    head.go(story.measure)
    head.click("Actiepunt erbij")
    asked = {"title": OWN, "owner": "", "owner_name": OWNER, "owner_email": ADDRESS}
    head.send("Stel voor aan de eigenaar", due_on=(story.today + timedelta(days=4)).isoformat(), **asked)
    assert OWN in head.said()


def an_event_leads_to_an_action_point_that_fits_and_the_side_of_the_measure_accepts_it(story: Walk) -> None:
    coordinator = story.at(COORDINATOR)
    coordinator.go(f"{EVENT}/actiepunten/nieuw")
    asked = {"title": EVENING, "owner": "", "owner_name": OWNER, "owner_email": ADDRESS}
    coordinator.fill(measure=next(row for row in coordinator.choices("measure") if row.endswith(TITLE)))
    assert "Voorgesteld" in coordinator.send("Stel voor aan de eigenaar", **asked)
    story.evening = coordinator.page.url.removeprefix(story.hospital.address)
    assert EVENING in coordinator.go(EVENT)
    adviser = story.at(ADVISER)
    assert EVENING in adviser.asked()
    adviser.go(story.measure)
    adviser.click("Ja")
    assert EVENING not in adviser.asked() and EVENING in coordinator.go(story.evening)


def the_owner_without_account_or_javascript_does_the_work_for_the_department(story: Walk) -> None:
    owner = story.owner = Visitor(story.browser, story.hospital, script=False)
    story.mine = walk_in(owner, OWN, story.hospital)
    assert OWN in owner.said() and "/l/" not in owner.page.url and OFFICIAL not in owner.page.content()
    owner.go(story.evening, status=404)
    good(owner.page)
    owner.go(story.mine)
    accept_and_prove(owner, "Het spreekuur staat sinds deze week in de agenda van elke arts.")


def the_same_mailbox_does_the_work_of_the_event_and_the_first_link_no_longer_opens(story: Walk) -> None:
    owner = story.owner
    assert walk_in(owner, EVENING, story.hospital) == story.evening
    owner.go(story.mine, status=404)
    owner.go(story.evening)
    accept_and_prove(owner, "Het nummer staat op elke verwijsbrief.")


def the_measure_is_not_carried_out_while_an_action_point_under_it_is_open(story: Walk) -> None:
    head = story.at(HEAD)
    head.go(f"{story.measure}/stap/uitgevoerd")
    head.fill(text="Alles is klaar.")
    head.click("Uitgevoerd melden")
    assert "nog 2 actiepunten niet getoetst" in head.said()
    good(head.page)
    assert [fault for fault in head.faults if "422" not in fault] == []
    head.faults.clear()


def each_action_point_is_checked_by_its_requester_and_the_owner_is_mailed(story: Walk) -> None:
    head = story.at(HEAD)
    coordinator = story.at(COORDINATOR)
    owner = story.owner
    assert f"{OWNER} meldde dit gereed" in head.asked() and OWN in head.said()
    head.go(story.mine)
    head.click("Toets: het is klaar")
    assert "Getoetst" in head.send("Ja, het is klaar", text="Gezien in de agenda van drie artsen.")
    assert EVENING in coordinator.asked()
    coordinator.go(story.evening)
    coordinator.click("Toets: het is klaar")
    assert "Getoetst" in coordinator.send("Ja, het is klaar", text="Gezien op tien verwijsbrieven.")
    mail_to(owner, ADDRESS, "Klaar en getoetst")
    assert EVENING in owner.said() or OWN in owner.said()


def the_measure_is_carried_out_and_its_checker_sees_it_in_digest_first_page_and_overview(story: Walk) -> None:
    director = story.at(DIRECTOR)
    head = story.at(HEAD)
    story.step(HEAD, "/uitgevoerd", "Uitgevoerd melden", "Het spreekuur loopt bij elke arts.")
    assert story.hospital.run("digest", ADVISER).returncode == 0
    reader = story.at(ADVISER)
    mail_to(reader, "simone@aumc.example.org", "Vandaag in Schakel")
    assert TITLE in reader.said() and "wacht op toetsing" in reader.said()
    assert TITLE in reader.asked()
    assert TITLE in director.go("/monitoring"), "waits for somebody other than who carried it out"
    assert TITLE not in story.at(ELSEWHERE).go("/monitoring"), "another organisation"
    assert TITLE not in head.asked(), "who carried it out has nothing to do now"


def it_is_checked_its_effect_established_and_it_is_embedded(story: Walk) -> None:
    director = story.at(DIRECTOR)
    reader = story.at(ADVISER)
    story.step(ADVISER, "/toetsen", "Toetsen", "Nagevraagd op de polikliniek: het gebeurt.")
    assert TITLE in director.asked() and "heeft het effect?" in director.said()
    story.step(DIRECTOR, "/effectief", "Effect vaststellen", "De meting laat zien dat het helpt.")
    assert TITLE in reader.asked()
    story.step(ADVISER, "/borgen", "Borgen", "Opgenomen in de werkwijze van de polikliniek.")


def it_is_not_closed_before_those_concerned_were_informed(story: Walk) -> None:
    director = story.at(DIRECTOR)
    director.go(f"{story.measure}/stap/sluiten")
    director.fill(text="Klaar.")
    director.click("Sluiten")
    assert "geïnformeerd" in director.page.locator("main .errors").inner_text()
    good(director.page)
    director.faults.clear()


def it_is_closed_and_nothing_of_it_is_open(story: Walk) -> None:
    director = story.at(DIRECTOR)
    for what in ("taken", "realised"):
        assert TITLE in story.at(SECRETARY).asked()
        story.at(SECRETARY).go(f"{story.measure}/geinformeerd")
        story.at(SECRETARY).send("Leg vast", what=what, on=story.today.isoformat())
    assert TITLE not in story.at(SECRETARY).asked()
    said = story.step(DIRECTOR, "/sluiten", "Sluiten", "Uitgevoerd, effectief, geborgd, en de betrokkenen weten het.")
    assert "Gesloten" in said and "Open bij" not in said
    good(director.page)
    assert TITLE not in director.asked()
    assert TITLE in director.go("/monitoring?staat=closed")
    proof_in_three_clicks(director)


def no_page_had_a_fault_and_the_checks_on_loops_and_audit_pass(story: Walk) -> None:
    for visitor in story.people.values():
        assert [fault for fault in visitor.faults if "404" not in fault] == []
        visitor.context.close()

    for command in (("lussen", "controleer"), ("audit", "kop"), ("audit", "verify")):
        ended = story.hospital.run(*command)
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"


STEPS = [
    the_medical_director_decides_and_nobody_outside_the_inner_ring_sees_it,
    one_writes_the_working_text_and_another_releases_it_to_every_role,
    the_head_of_the_department_begins_and_asks_somebody_outside_by_mail,
    an_event_leads_to_an_action_point_that_fits_and_the_side_of_the_measure_accepts_it,
    the_owner_without_account_or_javascript_does_the_work_for_the_department,
    the_same_mailbox_does_the_work_of_the_event_and_the_first_link_no_longer_opens,
    the_measure_is_not_carried_out_while_an_action_point_under_it_is_open,
    each_action_point_is_checked_by_its_requester_and_the_owner_is_mailed,
    the_measure_is_carried_out_and_its_checker_sees_it_in_digest_first_page_and_overview,
    it_is_checked_its_effect_established_and_it_is_embedded,
    it_is_not_closed_before_those_concerned_were_informed,
    it_is_closed_and_nothing_of_it_is_open,
    no_page_had_a_fault_and_the_checks_on_loops_and_audit_pass,
]


def test_a_measure_goes_from_decided_to_a_closed_loop_with_an_owner_who_has_only_a_link(browser, hospital):
    walk(STEPS, Walk(browser, hospital))
