"""URL arguments: numbers in them, and the address of the same page with other arguments."""

from urllib.parse import quote, urlencode

from flask import request

MAX_DIGITS = 17


def number_of(text: str | None) -> int | None:
    """Return a whole number of plain digits that fits the database; None for anything else."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def here(names: tuple[str, ...], **changes: str | None) -> str:
    """Return the address of this page with some known arguments changed or, with None, removed."""
    present = {name: request.args[name] for name in names if request.args.get(name)}
    wanted = {name: value for name, value in (present | changes).items() if value}
    return f"{quote(request.path)}?{urlencode(wanted)}" if wanted else quote(request.path)
