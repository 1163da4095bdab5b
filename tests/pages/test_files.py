"""Lists as files: CSV and XLSX have the rows of the screen, and no cell is a formula."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from tests import list_pages, make_followup

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LISTS = {
    "/actiepunten": ("coordinator", "/actiepunten"),
    "/maatregelen": ("medical_director", "/maatregelen/lijst"),
    "/monitoring": ("medical_director", "/monitoring"),
}


def cells(content: bytes) -> list[list[str]]:
    """Return the texts of the first sheet; fail on formulas."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found = []
    for row in sheet.iter(f"{SHEET}row"):
        found.append(["".join(cell.itertext()) for cell in row.iter(f"{SHEET}c")])
    assert not list(sheet.iter(f"{SHEET}f"))
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ["?staat=alle", "?staat=alle&q=Bel", ""])
def test_the_files_have_the_rows_of_the_screen(work, client_of, path, query):
    with work():
        hospital = make_followup.make_hospital()
        for number, word in enumerate(("Bel", "=1+1", "Schrijf")):
            make_followup.make_action(hospital, hospital.people["facilitator"], title=f"{word} {number}")
            make_followup.make_measure(hospital, title=f"{word} {number}")
    role, files = LISTS[path]
    client = client_of(hospital.people[role])
    screen = list_pages.titles(client.get(path + query).text)
    rows = list_pages.rows(client, f"{files}.csv{query}")
    answer = client.get(f"{files}.xlsx{query}")
    assert answer.mimetype.endswith("spreadsheetml.sheet") and answer.headers["Content-Disposition"].endswith('.xlsx"')
    heads, *texts = cells(answer.data)
    title = next(name for name in heads if name in ("Actiepunt", "Maatregel of toezegging"))
    assert heads == list(rows[0]) if rows else True
    assert [row[heads.index(title)] for row in texts] == screen
    assert [row[title].removeprefix("'") for row in rows] == screen
