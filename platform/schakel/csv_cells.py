"""Cells of downloaded lists: one rule for CSV and XLSX. Text stays text, dates are dates, numbers are numbers."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from schakel import dates

PART = 60_000  # characters
Value = str | int | date | datetime | None
DATE, TIME = (
    "yyyy-mm-dd",
    "yyyy-mm-dd hh:mm",
)  # formats of XLSX; CSV has the same text, which spreadsheets read as dates
_FORMULA = {*"=+-@|%"}  # also their full-width and small variants
_LITERAL = 255  # characters in a text constant of Excel
# What a spreadsheet, also a Dutch one, reads as a number, a date, a time, a truth value or an error.
_DIGITS = re.compile(r"[\d+\-.,/:()€$£ ]*\d[\d+\-.,/:()€$£ ]*(?:e[+-]?\d+)?(?: ?%| ?[ap]m?)?", re.ASCII | re.IGNORECASE)
_MONTH = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary)?|mrt|mar|maart|march|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|aug(?:ustus|ust)?|"
    "sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY = re.compile(
    rf"(?=.*\d)(?:\d{{1,4}}[ ./-]*)?(?:{_MONTH})\.?(?:[ ,./-]*\d{{1,4}}){{0,2}}", re.ASCII | re.IGNORECASE
)
_WORD = re.compile(r"waar|onwaar|true|false|#[a-z0-9/]{2,10}[!?]?", re.ASCII | re.IGNORECASE)


def csv_cell(value: Value) -> str:
    """Return a cell of a CSV file as a Dutch Excel opens it.

    A text that it would convert (0612345678, 1-2, +31…) is written as the constant ="…", any other text that it would
    run as a formula with an apostrophe before it.
    """
    if not isinstance(value, str):
        return _plain(value)
    if _is_converted(value):
        return f'="{value}"'
    return f"'{value}" if _is_formula(value) else value


def write_cell(sheet: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    """Write a cell of an XLSX file; a text is stored as text, whatever it looks like. `formats`: DATE and TIME."""
    if isinstance(value, datetime):
        sheet.write_datetime(
            row, column, dates.local(value).replace(tzinfo=None, second=0, microsecond=0), formats[TIME]
        )
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats[DATE])
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value or "")


def _plain(value: int | date | datetime | None) -> str:
    if isinstance(value, datetime):
        return f"{dates.local(value):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _is_converted(text: str) -> bool:
    """Whether a spreadsheet would read a text as something else, and it fits in a constant."""
    bare = text.strip(" ")
    if not bare or len(text) > _LITERAL:
        return False
    return any(kind.fullmatch(bare) for kind in (_DIGITS, _DAY, _WORD))


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet would run a text, also behind characters that it skips."""
    if not text or text[0].isalnum():  # nearly every cell: no formula starts with a letter or a digit
        return False
    if text.startswith(("\t", "\r")):
        return True
    start = next((place for place, char in enumerate(text) if not _is_skipped(char)), len(text))
    return unicodedata.normalize("NFKC", text[start : start + 1])[:1] in _FORMULA


def _is_skipped(char: str) -> bool:
    """Whether a spreadsheet may skip a character before a formula: blanks, controls, invisible ones, separators."""
    return char in ";,'\"" or unicodedata.category(char)[0] in "ZC"


def csv_rows(heads: Iterable[str], rows: Callable[[], Iterable[Iterable[Value]]]) -> Iterator[str]:
    """Yield a CSV file in parts of about 60,000 characters, with semicolons and a UTF-8 byte order mark."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(heads)
    for row in rows():
        writer.writerow([csv_cell(cell) for cell in row])
        if buffer.tell() > PART:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
