"""Numbers that come in by an address or a form, and cells of lists that leave as files."""

MOST_DIGITS = 17


def number_of(text: str | None) -> int | None:
    """A whole number of plain digits that fits the database; None for anything else."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet will take for a formula; phone numbers and negative numbers stay as they are."""
    stripped = text.lstrip(" \t\r\n\u00a0;,'\"")
    if not stripped or stripped[0] not in "=+-@\uff1d\uff0b\uff0d\uff20|%":
        return text if text[:1] not in "\t\r" else "'" + text
    digits = stripped[1:].replace(" ", "").replace("-", "").replace("(", "").replace(")", "").replace(".", "", 1)
    if stripped[0] in "+-" and digits.replace(",", "", 1).isdigit():
        return text
    return "'" + text
