"""Validators for typed text: invisible characters, citizen service numbers, distant dates."""

from typing import Any

from flask_babel import gettext
from wtforms import ValidationError
from wtforms.validators import Optional

from schakel import citizen_numbers, dates
from schakel.addresses import mail_address

EARLIEST, LATEST = 2000, 2100
# Characters that nobody types: control characters, unusual line ends, and invisible ones used to hide or
# reverse text.
_FORBIDDEN = {
    *map(chr, (*range(32), *range(127, 160))),
    *"\u2028\u2029",
    *"\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
}
_LINES = {"\n", "\r", "\t"}
# Control characters become U+FFFD, which is visible and refused like the others.
_UNSHOWABLE = {number: "\ufffd" for number in (*range(9), 11, 12, *range(14, 32), *range(127, 160))}
_FORBIDDEN.add("\ufffd")


def clean(value: str | None) -> str | None:
    """Strip blanks at both ends; control characters become U+FFFD, so that the validators refuse them."""
    return value.strip().translate(_UNSHOWABLE) if isinstance(value, str) else value


def on_one_line(value: str | None) -> str | None:
    """Put a blank for each tab, which comes with what is pasted from a table."""
    return value.replace("\t", " ") if isinstance(value, str) else value


def one_line(_form: Any, field: Any) -> None:
    """Refuse line ends, control characters and invisible characters."""
    if set(field.data or "") & _FORBIDDEN:
        raise ValidationError(gettext("Hier staan tekens in die niet te zien zijn. Typ de tekst opnieuw."))


def mailable(_form: Any, field: Any) -> None:
    """Refuse an address that mail servers may not accept: outside ASCII, unless its domain has a form in ASCII."""
    if not mail_address(field.data or "").isascii():
        raise ValidationError(gettext("Gebruik in een e-mailadres alleen gewone letters, cijfers en tekens."))


def plain_text(_form: Any, field: Any) -> None:
    """Refuse control characters and invisible characters, but allow line ends."""
    if set(field.data or "") & (_FORBIDDEN - _LINES):
        raise ValidationError(gettext("Hier staan tekens in die niet te zien zijn. Typ de tekst opnieuw."))


def no_citizen_number(_form: Any, field: Any) -> None:
    """Refuse nine digits that may be a burgerservicenummer: it is not allowed in any text outside dossiers."""
    if citizen_numbers.holds_citizen_number(field.data or ""):
        raise ValidationError(gettext(citizen_numbers.SENTENCE))


def not_past(_form: Any, field: Any) -> None:
    """Accept today or a later date. Raises ValidationError for a past one."""
    if field.data and field.data < dates.today():
        raise ValidationError(gettext("Deze dag is al geweest."))


def not_far(_form: Any, field: Any) -> None:
    """Refuse a date before 2000 or after 2100."""
    if field.data and not EARLIEST <= field.data.year <= LATEST:
        raise ValidationError(gettext("Deze datum ligt te ver weg."))


class MayBeEmpty(Optional):
    """An optional field that says so in its label, by default with "(mag leeg)"."""

    def __init__(self, word: Any = True) -> None:
        super().__init__()
        self.field_flags = {"optional": True, "empty": word}
