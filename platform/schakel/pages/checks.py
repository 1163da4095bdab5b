"""Checks on what is typed: invisible characters, citizen service numbers, far dates."""

from typing import Any

from flask_babel import gettext
from wtforms import ValidationError
from wtforms.validators import Optional

from schakel import citizen_numbers

EARLIEST, LATEST = 2000, 2100
# Characters that are never typed by hand: controls, line ends of another kind, and invisible ones used to hide or
# reverse text.
_FORBIDDEN = {
    *map(chr, (*range(32), *range(127, 160))),
    *"\u2028\u2029",
    *"\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
}
_LINES = {"\n", "\r", "\t"}
# What no page can show is shown as a sign that it cannot, and refused like the others.
_UNSHOWABLE = {number: "\ufffd" for number in (*range(9), 11, 12, *range(14, 32), *range(127, 160))}
_FORBIDDEN.add("\ufffd")


def clean(value: str | None) -> str | None:
    """Strip blanks at both ends; what cannot be shown becomes visible, so that it can be judged."""
    return value.strip().translate(_UNSHOWABLE) if isinstance(value, str) else value


def one_line(_form: Any, field: Any) -> None:
    """Refuse line ends, control characters and invisible signs."""
    if set(field.data or "") & _FORBIDDEN:
        raise ValidationError(gettext("Hier staan tekens in die niet te zien zijn. Typ de tekst opnieuw."))


def mailable(_form: Any, field: Any) -> None:
    """Refuse an address that a mail server of today may not take."""
    if not (field.data or "").isascii():
        raise ValidationError(gettext("Gebruik in een e-mailadres alleen gewone letters, cijfers en tekens."))


def plain_text(_form: Any, field: Any) -> None:
    """The same for running text, which may have line ends."""
    if set(field.data or "") & (_FORBIDDEN - _LINES):
        raise ValidationError(gettext("Hier staan tekens in die niet te zien zijn. Typ de tekst opnieuw."))


def no_citizen_number(_form: Any, field: Any) -> None:
    """Refuse what looks like a burgerservicenummer: outside dossiers it has no place in any text."""
    if citizen_numbers.holds_citizen_number(field.data or ""):
        raise ValidationError(gettext(citizen_numbers.SENTENCE))


def not_far(_form: Any, field: Any) -> None:
    """A date people can live to see, and not before this platform existed."""
    if field.data and not EARLIEST <= field.data.year <= LATEST:
        raise ValidationError(gettext("Deze datum ligt te ver weg."))


class MayBeEmpty(Optional):
    """An optional field that says so at its label, by default with "(mag leeg)"."""

    def __init__(self, word: Any = True) -> None:
        super().__init__()
        self.field_flags = {"optional": True, "empty": word}
