"""Cells of downloaded files: no spreadsheet finds a formula in one, and other text is unchanged."""

import re
import unicodedata

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
AS_IT_IS = ["", " ", "-5", "-5,5", "+5", "- 5", "+31612345678", "+31 6 12345678", "+31 (0)6-123 45 678", "06-12345678", "Tjitske",
            "a=b", "1+1", "Hûs & Tún", "m²", "²", "'t Hûs", "\u201cwoord\u201d", "semi;colon"]  # fmt: skip


@pytest.mark.parametrize("text", AS_IT_IS)
def test_text_that_is_no_formula_is_unchanged(text):
    assert csv_cell(text) == text


@pytest.mark.parametrize("before", INVISIBLE, ids=repr)
@pytest.mark.parametrize("sign", CHARACTERS)
def test_a_formula_behind_invisible_characters_is_detected(before, sign):
    for text in (f"{sign}SUM(A1)", f"{before}{sign}SUM(A1)", f"{before}{before}{sign}cmd|' /C calc'!A0"):
        assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-(1)-(2)", "+1+cmd", "-2+3", "+31612345678+A1", "-", "+", "-5-A1", "+٣", "-²", "\ttab", "\rreturn"]
)
def test_text_that_only_resembles_a_number_is_no_number(text):
    assert csv_cell(text) == f"'{text}"


def skipped(text: str) -> str:
    """Return a cell without the characters that a spreadsheet may strip."""
    return text.lstrip("".join(sign for sign in set(text) if unicodedata.category(sign)[0] in "ZC"))


@given(st.text(st.sampled_from([*INVISIBLE, *CHARACTERS, "1", "a", "(", "\t", "\r", "\n", '"'])) | st.text())
@example("\u200d=1+1")
def test_no_cell_ever_begins_with_a_formula_unless_it_is_a_number(text):
    cell = skipped(csv_cell(text))
    assert csv_cell(text) in (text, f"'{text}")
    if unicodedata.normalize("NFKC", cell[:1])[:1] in {*"=+-@|%"}:
        assert re.fullmatch(r"[+-][\d ().,-]+", cell)
