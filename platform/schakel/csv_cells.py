"""Cells of downloaded lists."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

PART = 60_000  # characters
_FORMULA = {*"=+-@|%"}  # also their full-width and small variants
_NUMBER = re.compile(r"[+-] ?\d+(?:[.,]\d+)*", re.ASCII)
_TELEPHONE = re.compile(r"\+\d[\d ().-]{5,20}", re.ASCII)


def csv_cell(text: str) -> str:
    """Return a cell that no spreadsheet reads as a formula; telephone numbers and negative numbers stay unchanged."""
    if not text or text[0].isalnum():  # nearly every cell: no formula starts with a letter or a digit
        return text
    if text.startswith(("\t", "\r")):
        return f"'{text}"
    start = next((place for place, char in enumerate(text) if not _is_skipped(char)), len(text))
    rest = text[start:]
    if (
        unicodedata.normalize("NFKC", rest[:1])[:1] not in _FORMULA
        or _NUMBER.fullmatch(rest)
        or _TELEPHONE.fullmatch(rest)
    ):
        return text
    return f"'{text}"


def _is_skipped(char: str) -> bool:
    """Whether a spreadsheet may skip a character before a formula: blanks, controls, invisible ones, separators."""
    return char in ";,'\"" or unicodedata.category(char)[0] in "ZC"


def csv_rows(heads: Iterable[str], rows: Callable[[], Iterable[Iterable[str]]]) -> Iterator[str]:
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
