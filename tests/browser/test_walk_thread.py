"""The thread walked in a browser: from a measure that was decided, by an owner with one link, to a loop that is closed."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import demo_server
from tests.axe import good

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
        db.writing.set(True)
        account = db.session().query(Account).join(Person, Person.id == Account.person_id).filter_by(name=sys.argv[1]).one()
        told = digest_for(account)
        db.finish(True)
    sys.exit(0 if told else 1)
"""


@dataclass
class House:
    """A demonstration that runs: its address and its commands."""

    address: str
    run: Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def house(database: Any, tmp_path: Path) -> Iterator[House]:
    """The demonstration with all stories over a database of its own, SQLite and then PostgreSQL."""
    url, port = database.copy(), demo_server.free_port()
    address = f"http://127.0.0.1:{port}"
    environment = demo_server.demo_environment(tmp_path, url) | {
        "SCHAKEL_BASE_URL": address,
        "PYTHONPATH": os.pathsep.join([str(demo_server.ROOT), str(demo_server.ROOT / "platform")]),
    }

    def run(*command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
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
        yield House(address, flask)
    finally:
        process.terminate()
        process.wait(10)
        database.drop(url)


class Visitor:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Any, house: House, name: str = "", script: bool = True) -> None:
        self.context = browser.new_context(
            base_url=house.address, java_script_enabled=script, locale="nl-NL", timezone_id="Europe/Amsterdam"
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
        """Look at an address; what its page says."""
        answer = self.page.goto(path, wait_until="load")
        assert answer.status == status, f"{path}: {answer.status}"
        return self.said()

    def asked(self) -> str:
        """What *vandaag* asks of them, without what changed since last time."""
        return self.go("/vandaag").partition("Veranderd sinds")[0]

    def said(self) -> str:
        """The words on the page."""
        return self.page.locator("main").inner_text()

    def click(self, label: str) -> None:
        """A button or a link by its words."""
        self.page.get_by_role("main").locator("a, button").filter(has_text=label).first.click()

    def fill(self, **values: str) -> None:
        """Fields by name; a choice is made by its words when it has such a row, else by its value."""
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                rows = [row for row in field.locator("option").all_inner_texts() if value in (row, row.split(" (")[0])]
                field.select_option(label=rows[0]) if rows else field.select_option(value)
            else:
                field.fill(value)

    def choices(self, name: str) -> list[str]:
        """The rows of a list to choose from."""
        rows = self.page.locator(f"main [name={name}] option").all_inner_texts()
        return [str(row) for row in rows]

    def send(self, label: str, **values: str) -> str:
        """Fill in the form and send it; the page after it is no longer that form."""
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


def walk_in(owner: Visitor, title: str, house: House) -> str:
    """By the link in the mail about this action point; where one ends up."""
    mail_to(owner, ADDRESS, title)
    owner.page.locator("article.sheet a.btn-primary").click()
    owner.page.wait_for_url("**/actiepunten/*")
    assert title in owner.said()
    good(owner.page)
    return owner.page.url.removeprefix(house.address)


def accept_and_prove(owner: Visitor, proof: str) -> None:
    """Yes, this is how it went, it is done; checking it is not offered."""
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
    """From the overview to the measure, to the action point, where the proof stands."""
    director.go("/monitoring?staat=closed")
    director.click(TITLE)
    director.page.wait_for_url("**/maatregelen/*")
    director.click(OWN)
    director.page.wait_for_url("**/actiepunten/*")
    assert "Het spreekuur staat sinds deze week" in director.said()


def test_a_measure_walks_from_decided_to_a_closed_loop_with_an_owner_who_has_only_a_link(browser, house):
    today = date.today()
    people: dict[str, Visitor] = {}

    def at(name: str) -> Visitor:
        if name not in people:
            people[name] = Visitor(browser, house, name)
        return people[name]

    def step(name: str, word: str, label: str, text: str = "") -> str:
        """A step on the measure by the button on its own page."""
        visitor = at(name)
        visitor.go(measure)
        visitor.page.locator(f'main a[href$="{word}"]').click()
        return visitor.send(label, **({"text": text} if text else {}))

    # Decided by the medical director; nobody outside the inner ring knows of it.
    director = at(DIRECTOR)
    director.go("/maatregelen/nieuw")
    decided = {"kind": "measure", "cause_kind": "committee", "cause_year": str(today.year), "title": TITLE}
    dated = {"decided_on": today.isoformat(), "due_on": (today + timedelta(days=5)).isoformat()}
    where = {"organisation": "Amsterdam UMC", "department": "Polikliniek Interne Geneeskunde Amsterdam UMC"}
    said = director.send("Leg vast", official=OFFICIAL, **decided, **dated, **where)
    assert TITLE in said and OFFICIAL in said
    measure = director.page.url.removeprefix(house.address)
    assert TITLE in director.asked(), "it has no owner yet, and that is for the director to give"
    at(ELSEWHERE).go(measure, status=404)
    at(COORDINATOR).go(measure, status=404)

    # Written by one, released by another: from here every role sees the working text, and only that.
    step(SECRETARY, "/werktekst", "Bewaar", WORKING)
    assert "Geef vrij" not in at(SECRETARY).said()
    assert WORKING in step(ADVISER, "/vrijgeven", "Geef vrij")
    for outside in (ELSEWHERE, COORDINATOR):
        said = at(outside).go(measure)
        assert WORKING in said and OFFICIAL not in said

    # Given to the head of the department, who begins, and asks somebody outside the house by mail.
    director.go(f"{measure}/beleggen")
    director.send("Beleg", owner=HEAD)
    assert TITLE in at(HEAD).asked(), "its day is this week"
    step(HEAD, "/beginnen", "Beginnen")
    head = at(HEAD)
    head.go(measure)
    head.click("Actiepunt erbij")
    asked = {"title": OWN, "owner": "", "owner_name": OWNER, "owner_email": ADDRESS}
    head.send("Stel voor aan de eigenaar", due_on=(today + timedelta(days=4)).isoformat(), **asked)
    assert OWN in head.said()

    # On the evening of CoLeo and MCL something is agreed that contributes to it; the side of the measure says yes.
    coordinator = at(COORDINATOR)
    coordinator.go(f"{EVENT}/actiepunten/nieuw")
    asked["title"] = EVENING
    coordinator.fill(measure=next(row for row in coordinator.choices("measure") if row.endswith(TITLE)))
    assert "Voorgesteld" in coordinator.send("Stel voor aan de eigenaar", **asked)
    evening = coordinator.page.url.removeprefix(house.address)
    assert EVENING in coordinator.go(EVENT)
    adviser = at(ADVISER)
    assert EVENING in adviser.asked()
    adviser.go(measure)
    adviser.click("Ja")
    assert EVENING not in adviser.asked() and EVENING in coordinator.go(evening)

    # The owner has no account and no JavaScript: a mail, a link, one screen. First what the department asked.
    owner = Visitor(browser, house, script=False)
    mine = walk_in(owner, OWN, house)
    assert OWN in owner.said() and "/l/" not in owner.page.url and OFFICIAL not in owner.page.content()
    owner.go(evening, status=404)
    good(owner.page)
    owner.go(mine)
    accept_and_prove(owner, "Het spreekuur staat sinds deze week in de agenda van elke arts.")

    # The same mailbox, the other link: what the evening asked, and no longer the first.
    assert walk_in(owner, EVENING, house) == evening
    owner.go(mine, status=404)
    owner.go(evening)
    accept_and_prove(owner, "Het nummer staat op elke verwijsbrief.")

    # Not before it is checked: the measure cannot be carried out while an action point under it is open.
    head.go(f"{measure}/stap/uitgevoerd")
    head.fill(text="Alles is klaar.")
    head.click("Uitgevoerd melden")
    assert "nog 2 actiepunten niet getoetst" in head.said()
    good(head.page)
    assert [fault for fault in head.faults if "422" not in fault] == []
    head.faults.clear()
    assert f"{OWNER} meldde dit gereed" in head.asked() and OWN in head.said()
    head.go(mine)
    head.click("Toets: het is klaar")
    assert "Getoetst" in head.send("Ja, het is klaar", text="Gezien in de agenda van drie artsen.")
    assert EVENING in coordinator.asked()
    coordinator.go(evening)
    coordinator.click("Toets: het is klaar")
    assert "Getoetst" in coordinator.send("Ja, het is klaar", text="Gezien op tien verwijsbrieven.")
    mail_to(owner, ADDRESS, "Klaar en getoetst")
    assert EVENING in owner.said() or OWN in owner.said()

    # Carried out; who prepares for the director finds it in the digest, on the first page and in the overview.
    step(HEAD, "/uitgevoerd", "Uitgevoerd melden", "Het spreekuur loopt bij elke arts.")
    assert house.run("digest", ADVISER).returncode == 0
    reader = at(ADVISER)
    mail_to(reader, "simone@aumc.example.org", "Vandaag in Schakel")
    assert TITLE in reader.said() and "wacht op toetsing" in reader.said()
    assert TITLE in reader.asked()
    assert TITLE in director.go("/monitoring"), "waits for somebody other than who carried it out"
    assert TITLE not in at(ELSEWHERE).go("/monitoring"), "another house"
    assert TITLE not in head.asked(), "who carried it out has nothing to do now"

    step(ADVISER, "/toetsen", "Toetsen", "Nagevraagd op de polikliniek: het gebeurt.")
    assert TITLE in director.asked() and "heeft het effect?" in director.said()
    step(DIRECTOR, "/effectief", "Effect vaststellen", "De meting laat zien dat het helpt.")
    assert TITLE in reader.asked()
    step(ADVISER, "/borgen", "Borgen", "Opgenomen in de werkwijze van de polikliniek.")

    # Not closed before those concerned know it; then it is, and nothing of it is open.
    director.go(f"{measure}/stap/sluiten")
    director.fill(text="Klaar.")
    director.click("Sluiten")
    assert "geïnformeerd" in director.page.locator("main .errors").inner_text()
    good(director.page)
    director.faults.clear()
    for what in ("taken", "realised"):
        assert TITLE in at(SECRETARY).asked()
        at(SECRETARY).go(f"{measure}/geinformeerd")
        at(SECRETARY).send("Leg vast", what=what, on=today.isoformat())
    assert TITLE not in at(SECRETARY).asked()
    said = step(DIRECTOR, "/sluiten", "Sluiten", "Uitgevoerd, effectief, geborgd, en de betrokkenen weten het.")
    assert "Gesloten" in said and "Open bij" not in said
    good(director.page)
    assert TITLE not in director.asked()
    assert TITLE in director.go("/monitoring?staat=closed")
    proof_in_three_clicks(director)
    for visitor in people.values():
        assert [fault for fault in visitor.faults if "404" not in fault] == []
        visitor.context.close()

    for command in (("lussen", "controleer"), ("audit", "kop"), ("audit", "verify")):
        ended = house.run(*command)
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
