"""Cells of lists that leave as files."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

PART = 60_000  # characters
_FORMULA = {*"=+-@|%"}  # also in their wide and small shapes
_NUMBER = re.compile(r"[+-] ?\d+(?:[.,]\d+)*", re.ASCII)
_TELEPHONE = re.compile(r"\+\d[\d ().-]{5,20}", re.ASCII)


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet will take for a formula; telephone numbers and negative numbers stay as they are."""
    if not text or text[0].isalnum():  # nearly every cell: no sign of a formula is a letter or a digit
        return text
    if text.startswith(("\t", "\r")):
        return f"'{text}"
    start = next((place for place, sign in enumerate(text) if not _seen_through(sign)), len(text))
    rest = text[start:]
    if (
        unicodedata.normalize("NFKC", rest[:1])[:1] not in _FORMULA
        or _NUMBER.fullmatch(rest)
        or _TELEPHONE.fullmatch(rest)
    ):
        return text
    return f"'{text}"


def _seen_through(sign: str) -> bool:
    """Whether a spreadsheet may skip a sign on its way to a formula: blanks, controls, invisible signs, separators."""
    return sign in ";,'\"" or unicodedata.category(sign)[0] in "ZC"


def csv_rows(heads: Iterable[str], rows: Callable[[], Iterable[Iterable[str]]]) -> Iterator[str]:
    """A CSV file in parts of some 60,000 characters, with semicolons, and a byte order mark that says it is UTF-8."""
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
