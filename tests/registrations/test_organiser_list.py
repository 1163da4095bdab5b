"""The organiser's list: searched, filtered, paged by key without gaps or duplicates; the file has the same rows."""

import csv
import io
import re
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from schakel import dates, db
from schakel.audit.models import AuditEntry
from schakel.events.models import CapacityPool
from schakel.names import listed_name, sort_name
from schakel.registrations.models import Registration, SeatClaim
from tests import html, make
from tests.registrations import make_registrations
from tests.registrations.make_registrations import register

pytestmark = pytest.mark.both_databases

GIVEN = ("Anke", "Bouke", "Douwe", "Ééntje", "Froukje", "Geert", "Hylke", "ijsbrand", "Jan", "Oane")


def names_on(page) -> list[str]:
    """Return the names in the table, in order."""
    rows = [node for node in html.tree_of(page.text).iter("th") if node.get("scope") == "row"]
    return [" ".join((row.text or "").split()) for row in rows]


def walk(client, path: str) -> tuple[list[str], int]:
    """Return every name over all pages, and the number of pages."""
    found, pages = [], 0
    while path:
        page = client.get(path)
        assert page.status_code == 200
        pages += 1
        found += names_on(page)
        path = next_of(page)
    return found, pages


def next_of(page) -> str:
    return next((node.get("href") for node in html.tree_of(page.text).iter("a") if node.get("rel") == "next"), "")


def in_file(client, path: str) -> list[list[str]]:
    """Return the rows of the file for an address of the list."""
    parts = urlsplit(path)
    answer = client.get(f"{parts.path}.csv?{parts.query}")
    assert answer.status_code == 200 and answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def bulk(hall, count: int) -> None:
    """Insert guests as rows, without mails."""
    pool = next(iter(hall.pools.values()))
    fixed = dict(
        event_id=hall.id, state="registered", consent="x", sequence=0, sent_sequence=0, version=1, wishes="", persons=1
    )
    rows = []
    for number in range(count):
        name = f"{GIVEN[number % 10]} {'Van der Test' if number % 3 else 'Fictiefstra'} {number // 20 if number % 2 else ''}".strip()
        rows.append({
            **fixed, "name": name, "sort_name": sort_name(name), "folded_name": f"{name.lower()} {number}",
            "email": f"gast{number}@example.org", "folded_email": f"gast{number}@example.org", "organisation": "De Terp",
            "on_list": False, "uid": f"uid{hall.id}x{number}", "created_at": make_registrations.soon(), "changed_at": make_registrations.soon(),
        })  # fmt: skip
    session = db.session()
    session.execute(sa.insert(Registration), rows)
    ids = session.scalars(sa.select(Registration.id).where(Registration.event_id == hall.id)).all()
    session.execute(sa.insert(SeatClaim), [{"registration_id": one, "pool_id": pool, "seats": 1} for one in ids])
    session.execute(sa.update(CapacityPool).where(CapacityPool.id == pool).values(used=len(ids)))


@pytest.fixture
def hospital(work, client_of):
    """An organisation, a signed-in coordinator of it and a maker of halls in it."""
    with work():
        organisation = make.make_organisation()
        person = make.make_staff("coordinator", organisation)
    return organisation, client_of(person)


def test_a_hundred_and_twenty_guests_are_on_three_pages_each_once_in_order(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, 200, organisation=organisation)
    with work():
        bulk(hall, 120)
        ordered = db.session().scalars(
            sa.select(Registration.name).where(Registration.event_id == hall.id).order_by(Registration.sort_name, Registration.id)
        ).all()  # fmt: skip
    found, pages = walk(client, f"{hall.path}/aanmeldingen")
    assert pages == 3 and len(found) == 120
    assert found == [listed_name(name) for name in ordered]
    rows = in_file(client, f"{hall.path}/aanmeldingen")
    assert [row[0] for row in rows[1:]] == list(ordered)


def test_a_page_does_not_shift_when_somebody_signs_up_meanwhile(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, 200, organisation=organisation)
    with work():
        bulk(hall, 60)
    first = client.get(f"{hall.path}/aanmeldingen")
    with work():
        register(hall, "Aaltje Allereerst")
    second = client.get(next_of(first))
    assert len(names_on(first)) == 50 and len(names_on(second)) == 10
    assert "Aaltje" not in second.text


def test_the_cursor_has_no_name_and_a_guest_of_another_event_starts_at_the_first_page(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, 200, organisation=organisation)
    other = make_registrations.make_hall(work, 200, organisation=organisation)
    with work():
        bulk(hall, 60)
        elsewhere = register(other, "Zwaantje Elders")
    first = client.get(f"{hall.path}/aanmeldingen")
    assert re.search(r"na=~\d+$", next_of(first))
    assert names_on(client.get(f"{hall.path}/aanmeldingen?na=~{elsewhere}")) == names_on(first)


@pytest.fixture
def small(hospital, work):
    """An event with five guests in several states, sessions and professions."""
    organisation, client = hospital
    hall = make_registrations.make_hall(
        work, {"huisarts": 2, "specialist": 5}, sessions=(1, 5), organisation=organisation
    )
    with work():
        register(hall, "Ééntje Huisarts", profession="huisarts", sessions="A", wishes="=1+1")
        register(hall, "Twee Huisarts", profession="huisarts", sessions="A")
        register(hall, "Drie Wachter", profession="huisarts", sessions="B")
        number = register(hall, "Vier Weg", profession="specialist", sessions="B")
        self_service_of_places().withdraw(make_registrations.holds_link(number), make_registrations.row(number))
        register(hall, "Vijf 100%_Specialist", profession="specialist", sessions="B", email="vijf@elders.example.org")
    return hall, client


def self_service_of_places():
    from schakel.registrations.self_service import service

    return service


EVERYBODY = ["Vijf 100%_Specialist", "Ééntje Huisarts", "Twee Huisarts", "Drie Wachter", "Vier Weg"]
FILTERS = {
    "": EVERYBODY,
    "q=eentje": ["Ééntje Huisarts"],
    "q=ÉÉNTJE": ["Ééntje Huisarts"],
    "q=huisarts": ["Ééntje Huisarts", "Twee Huisarts"],
    "q=huisarts+ee": ["Ééntje Huisarts", "Twee Huisarts"],
    "q=Huisarts,+Twee": ["Twee Huisarts"],
    "q=vijf@": ["Vijf 100%_Specialist"],
    "q=%25": ["Vijf 100%_Specialist"],
    "q=_": ["Vijf 100%_Specialist"],
    "q=niemand": [],
    "q='": [],
    "staat=registered": ["Vijf 100%_Specialist", "Ééntje Huisarts", "Twee Huisarts"],
    "staat=waiting": ["Drie Wachter"],
    "staat=withdrawn": ["Vier Weg"],
    "staat=onzin": EVERYBODY,
    "beroep=huisarts": ["Ééntje Huisarts", "Twee Huisarts", "Drie Wachter"],
    "beroep=tovenaar": [],
    "sessie={A}": ["Ééntje Huisarts", "Twee Huisarts"],
    "sessie={B}": ["Vijf 100%_Specialist", "Drie Wachter"],
    "staat=registered&beroep=huisarts&q=twee": ["Twee Huisarts"],
}


def test_each_filter_gives_the_matching_guests_on_screen_and_in_the_file(small):
    hall, client = small
    for query, expected in FILTERS.items():
        path = f"{hall.path}/aanmeldingen?{query.format(**hall.sessions)}"
        page = client.get(path)
        assert page.status_code == 200 and names_on(page) == [listed_name(name) for name in expected], query
        assert [row[0] for row in in_file(client, path)[1:]] == expected, query
        assert expected or "Niemand gevonden" in page.text


HARD = {
    "Sorensen": "Åke Sørensen", "walesa": "Lech Wałęsa", "Dorde": "Đorđe Proef", "Jan Test": "Jan de la Test",
    "Vries Anneke": "Anneke de Vries", "strasse": "Eva Straße", "thor": "Þór Verzonnen", "d'hont": "Piet d’Hont",
    "d’Hont": "Piet d’Hont", "smit de boer": "Ans Smit-de Boer", "Verdichtsel, Geertruida van": "Geertruida van Verdichtsel",
}  # fmt: skip


def test_a_guest_is_found_by_plain_letters_and_words_in_any_order(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, None, organisation=organisation)
    with work():
        for number, name in enumerate(dict.fromkeys(HARD.values())):
            register(hall, name, email=f"{number}@example.org")
    for word, name in HARD.items():
        assert names_on(client.get(f"{hall.path}/aanmeldingen", query_string={"q": word})) == [listed_name(name)], word


ODD = (
    "na=²~²", "sessie=²", "na=~", "na=x~99999999999999999999", "sessie=99999999999999999999", "q=" + "x" * 5000, "na=%00~1",
    "q=%00", "beroep=%00", "staat=%00", "sessie=-1", "na=a~b~c", "na=" + "x" * 5000 + "~1", "beroep=" + "x" * 5000,
)  # fmt: skip


def test_an_odd_address_gives_no_error(small):
    hall, client = small
    paths = [f"{hall.path}/aanmeldingen{suffix}?{query}" for query in ODD for suffix in ("", ".csv")]
    answers = {path[:60]: client.get(path).status_code for path in paths}
    assert not {path: status for path, status in answers.items() if status not in (200, 400, 404, 422)}


def test_the_list_says_who_waits_for_a_session_and_how_many_there_are(small):
    hall, client = small
    page = client.get(f"{hall.path}/aanmeldingen").text
    assert "A (wacht)" in page and "3 plaatsen bezet" in page and "1 wacht" in page


RISKY = (
    '=HYPERLINK("http://evil.test")',
    "+cmd|' /C calc'!A0",
    "-A1+3",
    "@SUM(1)",
    "\u00a0=1",
    ";=1",
    "＝1",
    "－1+1",
    "|x",
    "%0A",
    "'=1",
    '"=1',
)
CONVERTED = ("0612345678", "+31612345678", "+31 6 12345678", "-5", "-5,5", "-2+3", "1-2", "1+1")
PLAIN = ("Tjitske", "Hûs & Tún", "a=b", "semi;colon", 'he said "hi"')


def as_excel_opens(cell: str) -> str | None:
    """Return the text of a cell as a Dutch Excel displays it; None when it makes a number or a date of it."""
    if constant := re.fullmatch('="([^"]*)"', cell):
        return constant[1]
    return None if re.fullmatch(r"[+-]?[\d.,/: -]+", cell) else cell


def test_the_file_has_no_formula_and_what_was_typed_as_text_stays_text(hospital, work):
    """Row 12 of the attack table; Indico's protection damages +31… and negative numbers."""
    organisation, client = hospital
    hall = make_registrations.make_hall(work, None, organisation=organisation)
    with work():
        for number, text in enumerate((*RISKY, *CONVERTED, *PLAIN)):
            register(hall, text, email=f"{number}@example.org", organisation=text, wishes=text)
    rows = in_file(client, f"{hall.path}/aanmeldingen")[1:]
    assert len(rows) == len(RISKY) + len(CONVERTED) + len(PLAIN)
    held = {row[1]: (row[0], row[3], row[6]) for row in rows}
    for number, text in enumerate((*RISKY, *CONVERTED, *PLAIN)):
        for cell in held[f"{number}@example.org"]:
            assert as_excel_opens(cell) == (f"'{text}" if text in RISKY else text), text


def test_the_file_says_when_somebody_signed_up_as_a_date_with_its_time_and_how_many_come_as_a_number(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, None, organisation=organisation)
    with work(), dates.clock(datetime(2026, 11, 25, 19, 35, tzinfo=UTC)):
        number = register(hall, "Tjitske Voorbeeldsma")
        make_registrations.row(number).created_at = dates.now()
    heads, row = in_file(client, f"{hall.path}/aanmeldingen")
    assert (row[heads.index("Aangemeld op")], row[heads.index("Personen")]) == ("2026-11-25 20:35", "1")
    with zipfile.ZipFile(io.BytesIO(client.get(f"{hall.path}/aanmeldingen.xlsx").data)) as book:
        sheet, styles = (book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    days = (datetime(2026, 11, 25, 20, 35) - datetime(1899, 12, 30)) / timedelta(days=1)
    numbers = [float(found) for found in re.findall(r"<c r=.[A-Z]2.[^>]*><v>([\d.]+)</v>", sheet)]
    assert numbers == [1, pytest.approx(days, abs=1e-6)] and "yyyy-mm-dd hh:mm" in styles


def test_the_file_quotes_text_that_would_break_its_lines(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, None, organisation=organisation)
    with work():
        register(hall, 'Aan;halings"teken', wishes='Eén; "twee"; drie')
    assert in_file(client, f"{hall.path}/aanmeldingen")[1][0] == 'Aan;halings"teken'


def test_the_list_and_the_file_take_as_many_statements_for_600_as_for_60(app, hospital, work, statements):
    """Promise P8."""
    organisation, client = hospital
    counted = []
    for size in (60, 600):
        hall = make_registrations.make_hall(work, 2000, organisation=organisation, sessions=(5, 5))
        with work():
            bulk(hall, size)
        client.get(f"{hall.path}/aanmeldingen")  # after this request the event and the count in the menu are cached
        with statements() as of_list:
            page = client.get(f"{hall.path}/aanmeldingen?q=test&staat=registered")
        assert len(names_on(page)) >= 40 and len(page.data) < 60_000
        with statements() as of_file:
            assert len(in_file(client, f"{hall.path}/aanmeldingen")) == size + 1
        of_guests = [entry for entry in of_file if "FROM registration" in entry or "seat_claim" in entry]
        assert len(of_guests) == 2, of_guests
        counted.append((len(of_list), len(of_file)))
    of_file_all = 9 if app.config["DATABASE_URL"].startswith("postgresql") else 8  # it locks the chain of seals
    assert counted == [(5, of_file_all)] * 2, counted


def test_downloading_the_file_is_recorded_and_viewing_the_list_is_not(small, work):
    hall, client = small
    with work() as session:
        before = session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    client.get(f"{hall.path}/aanmeldingen")
    with work() as session:
        assert session.scalar(sa.select(sa.func.count(AuditEntry.id))) == before
    client.get(f"{hall.path}/aanmeldingen.csv?q=twee")
    with work() as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.action, entry.object_kind, entry.object_id) == ("registrations.exported", "event", str(hall.id))
        assert entry.actor.startswith("person:") and "twee" not in repr(entry.detail)


def test_the_file_may_not_be_cached_and_is_named_after_event_and_day(small):
    hall, client = small
    answer = client.get(f"{hall.path}/aanmeldingen.csv")
    assert answer.headers["Cache-Control"] == "no-store" and answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="aanmeldingen-{hall.slug}-')


def test_a_slow_download_does_not_hold_the_write_lock(fresh_database, monkeypatch):
    """On SQLite a stream that began as a writer would block everybody else who signs up."""
    from schakel.registrations.organiser import queries
    from tests import web_client
    from tests.web_client import make_client

    app = fresh_database
    with app.app_context():
        organisation = make.make_organisation()
        person = make.make_staff("coordinator", organisation)
        account = web_client.account_of(person)
        hall = make_registrations.hall_of(make.make_event(organisation, room={None: 9}))
        register(hall, "A")
        db.end_transaction(True)
    reader, writer = web_client.sign_in(make_client(app), app, account), make_client(app)
    real, met = queries.rows_for_file, []

    def slowly(*args):
        for row in real(*args):
            yield row
            form = make_registrations.fill_in(writer, hall, name="B", email="b@example.org")
            thread = threading.Thread(
                target=lambda: met.append(writer.post(f"{hall.path}/aanmelden", data=form).status_code)
            )
            thread.start()
            thread.join(3)
            met.append("ready" if not thread.is_alive() else "held up")

    monkeypatch.setattr(queries, "rows_for_file", slowly)
    assert reader.get(f"{hall.path}/aanmeldingen.csv").status_code == 200
    assert met == [303, "ready"]


@pytest.mark.parametrize("state,status", [("published", 403), ("draft", 404)])
def test_another_hospital_does_not_see_the_list(hospital, work, client_of, state, status):
    """Law 3: 403 only for a visible object; an invisible one does not exist (404)."""
    organisation, _client = hospital
    hall = make_registrations.make_hall(work, 5, organisation=organisation, state=state)
    with work():
        stranger = make.make_staff("coordinator", make.make_organisation("Elders"))
    other = client_of(stranger)
    nowhere = other.get("/bijeenkomsten/bestaat-niet/aanmeldingen")
    for suffix in ("", ".csv"):
        answer = other.get(f"{hall.path}/aanmeldingen{suffix}")
        assert answer.status_code == status
        assert status == 403 or html.bare(answer.text) == html.bare(nowhere.text)


@pytest.mark.parametrize("role", ["participant", "facilitator", "secretary", "administrator"])
def test_no_other_role_sees_the_list(hospital, work, client_of, role):
    organisation, _client = hospital
    hall = make_registrations.make_hall(work, 5, organisation=organisation)
    with work():
        person = make.make_staff(role, organisation)
    for suffix in ("", ".csv"):
        assert client_of(person).get(f"{hall.path}/aanmeldingen{suffix}").status_code == 403


def test_an_anonymous_visitor_is_sent_to_the_sign_in_page_also_for_unknown_addresses(small, client):
    hall, _client = small
    answers = [
        client.get(f"{path}/aanmeldingen{suffix}")
        for path in (hall.path, "/bijeenkomsten/niets")
        for suffix in ("", ".csv")
    ]
    assert {answer.status_code for answer in answers} == {302}


def test_a_list_of_57_says_so_on_each_page_and_has_all_of_them_on_one_page_to_print(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, 200, organisation=organisation)
    with work():
        bulk(hall, 57)
    page = client.get(f"{hall.path}/aanmeldingen")
    assert "50 van 57" in page.text and "7 van 57" in client.get(next_of(page)).text
    on_one = next(
        node.get("href") for node in html.tree_of(page.text).iter("a") if "alles=ja" in (node.get("href") or "")
    )
    assert len(names_on(client.get(on_one))) == 57 and not next_of(client.get(on_one))


def test_the_waiting_list_is_sorted_by_place_and_says_the_place_the_pool_and_the_day(hospital, work):
    organisation, client = hospital
    hall = make_registrations.make_hall(work, {"huisarts": 1, "specialist": 1}, organisation=organisation)
    with work():
        for name in ("Anna Binnen", "Zoë Eerst", "Mies Daarna", "Anna Laatst"):
            register(hall, name, profession="huisarts")
        for name in ("Bea Binnen", "Carl Ander"):
            register(hall, name, profession="specialist")
    page = client.get(f"{hall.path}/aanmeldingen?staat=waiting")
    assert names_on(page) == ["Eerst, Zoë", "Daarna, Mies", "Laatst, Anna", "Ander, Carl"]
    texts = [re.sub(r"\s+", " ", "".join(row.itertext())) for row in html.tree_of(page.text).iter("tr")][1:]
    assert [re.search(r"plaats (\d): (\w+)", text)[1] for text in texts] == ["1", "2", "3", "1"]
    assert all(dates.format_date(dates.today()) in text for text in texts)
    assert [row[0] for row in in_file(client, f"{hall.path}/aanmeldingen?staat=waiting")[1:]] == ["Zoë Eerst", "Mies Daarna", "Anna Laatst", "Carl Ander"]  # fmt: skip
