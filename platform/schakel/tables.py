"""Cells and keys of lists that leave as files."""


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet will take for a formula; phone numbers and negative numbers stay as they are."""
    stripped = text.lstrip(" \t\r\n\u00a0;,'\"")
    if not stripped or stripped[0] not in "=+-@\uff1d\uff0b\uff0d\uff20|%":
        return text if text[:1] not in "\t\r" else "'" + text
    digits = stripped[1:].replace(" ", "").replace("-", "").replace("(", "").replace(")", "").replace(".", "", 1)
    if stripped[0] in "+-" and digits.replace(",", "", 1).isdigit():
        return text
    return "'" + text
