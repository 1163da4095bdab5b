"""What somebody typed in a form that was not handled: it stays in the page, never on the server, until it is sent."""

import json
import re
from collections.abc import Iterable

from flask import current_app, request
from werkzeug.exceptions import HTTPException

AGAIN = "toon_opnieuw"  # a form that is sent with this field is displayed with what it holds, and not handled
_NEVER = {"csrf_token", AGAIN}  # not sent again
_HIDDEN = {"nonce", "version", "verder", "getypt"}  # sent again, and not typed by anybody

_CODE = re.compile(r"[a-z_-]+")

Pairs = list[tuple[str, str]]


def pairs() -> Pairs:
    """Return the fields of the form in this request, but for its token and passwords."""
    return [(name, value) for name, value in request.form.items(multi=True) if _may_return(name)]


def _may_return(name: str) -> bool:
    return name not in _NEVER and "password" not in name and "wachtwoord" not in name


def packed(fields: Pairs) -> str:
    """Return fields as one text, for a hidden field."""
    return json.dumps(fields)


def unpacked(text: str | None) -> Pairs:
    """Return the fields of such a text; none for a text that is not one."""
    try:
        found = [(str(name), str(value)) for name, value in json.loads(text or "[]")]
    except (ValueError, TypeError, RecursionError):
        return []
    return [(name, value) for name, value in found if _may_return(name)]


def texts(fields: Iterable[tuple[str, str]], *, complete: bool = False) -> list[str]:
    """Return the values in which a person recognises what they typed: no numbers, versions or check boxes.

    Without `complete` also no single words in small letters, which may be codes of choices; the page sends them again.
    """
    found = [value for name, value in fields if name not in _HIDDEN and len(value) > 1 and not value.isdigit()]
    return found if complete else [value for value in found if not _CODE.fullmatch(value)]


def can_be_displayed(path: str) -> bool:
    """Whether the page of a form can be displayed at this path: it answers GET too."""
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return False
    return True
