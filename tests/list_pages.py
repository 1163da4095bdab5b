"""Reading a list: its rows, its cells, its next page, and its file."""

import csv
import io
from typing import Any

from tests import html
from tests.web_client import Client


def words(node: Any) -> str:
    """Return the text of an element."""
    return " ".join("".join(node.itertext()).split())


def table(text: str) -> Any:
    """Return the table of the list; None when the list is empty."""
    main = next(html.quick_tree_of(text).iter("main"))
    return next((one for one in main.iter("table") if "ledger--cards" in (one.get("class") or "")), None)


def titles(text: str) -> list[str]:
    """Return the heads of the rows, in order."""
    found = table(text)
    return [] if found is None else [words(next(row.iter("a"))) for row in next(found.iter("tbody")).iter("tr")]


def bare_cells(text: str) -> list[str]:
    """Return the cells that have no label on a phone."""
    return [words(cell) for cell in table(text).iter("td") if not (cell.get("data-label") or "").strip()]


def all_pages(client: Client, path: str) -> list[list[str]]:
    """Return the row heads of every page, by the link *Volgende* up to the last page."""
    found = []
    while path:
        page = client.get(path)
        assert page.status_code == 200
        found.append(titles(page.text))
        links = [one.get("href") for one in html.quick_tree_of(page.text).iter("a") if one.get("rel") == "next"]
        path = links[0] if links else ""
        assert len(found) < 50
    return found


def rows(client: Client, path: str) -> list[dict[str, str]]:
    """Return the rows of the CSV file as dictionaries."""
    answer = client.get(path)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))
