"""Cells of downloaded files: no spreadsheet finds a formula in one, and other text is unchanged."""

import re
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schakel.csv_cells import csv_cell

INVISIBLE = [
    "\u00ad",
    "\u200d",
    "\u2003",
    "\u3000",
    "\x0b",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\u00a0",
    " ",
    "\x00",
    "\u202e",
    ";",
]
CHARACTERS = [
    "=",
    "+",
    "-",
    "@",
    "|",
    "%",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "\ufe66",
    "\ufe62",
    "\ufe63",
    "\ufe6b",
]
AS_IT_IS = ["", " ", "Tjitske", "a=b", "Hûs & Tún", "m²", "²", "'t Hûs", "\u201cwoord\u201d", "semi;colon", "Mei", "Jan", "Jan Mei",
            "2e lijn", "Kamer 12", "De Terp 1-2", "Waarom", "M-2026-014"]  # fmt: skip
CONVERTED = ["0612345678", "06-12345678", "+31612345678", "+31 6 12345678", "+31 (0)6-123 45 678", "-5", "-5,5", "+5", "- 5", "1-2",
             "1+1", "3/4", "1 1/2", "1.5", "1,5", "1e5", "1E+5", "12:30", "9 am", "5%", "€ 5", "(5)", "12345678901234567890", " 007", "1 mei",
             "1-jan-27", "mei 2026", "Mrt 5", "3 maart 2026", "2026-11-25", "WAAR", "onwaar", "TRUE", "#N/B", "#REF!"]  # fmt: skip


@pytest.mark.parametrize("text", AS_IT_IS)
def test_text_that_no_spreadsheet_changes_is_written_as_it_is(text):
    assert csv_cell(text) == text


@pytest.mark.parametrize("text", CONVERTED)
def test_text_that_a_spreadsheet_would_convert_is_a_constant(text):
    assert csv_cell(text) == f'="{text}"'


def test_a_date_a_time_and_a_number_are_what_they_are():
    assert csv_cell(datetime(2026, 11, 25, 19, 35, 12, tzinfo=UTC)) == "2026-11-25 20:35"
    assert (csv_cell(date(2026, 11, 5)), csv_cell(4), csv_cell(None)) == ("2026-11-05", "4", "")


@pytest.mark.parametrize("before", INVISIBLE, ids=repr)
@pytest.mark.parametrize("sign", CHARACTERS)
def test_a_formula_behind_invisible_characters_is_detected(before, sign):
    for text in (f"{sign}SUM(A1)", f"{before}{sign}SUM(A1)", f"{before}{before}{sign}cmd|' /C calc'!A0"):
        assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["+1+cmd", "+31612345678+A1", "-", "+", "-5-A1", "+٣", "-²", "\ttab", "\rreturn", "\t5", "+" + "5" * 300]
)
def test_text_that_only_resembles_a_number_is_no_number(text):
    assert csv_cell(text) == f"'{text}"


def skipped(text: str) -> str:
    """Return a cell without the characters that a spreadsheet may strip."""
    return text.lstrip("".join(sign for sign in set(text) if unicodedata.category(sign)[0] in "ZC"))


@given(st.text(st.sampled_from([*INVISIBLE, *CHARACTERS, "1", "a", "(", "\t", "\r", "\n", '"'])) | st.text())
@example("\u200d=1+1")
def test_no_cell_ever_begins_with_a_formula_unless_it_is_a_constant_without_one(text):
    cell = csv_cell(text)
    assert cell in (text, f"'{text}", f'="{text}"')
    if unicodedata.normalize("NFKC", skipped(cell)[:1])[:1] in {*"=+-@|%"}:
        assert re.fullmatch(r'="[\w+\-.,/:()€$£ %#!?]+"', cell) and len(text) <= 255
