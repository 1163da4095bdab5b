"""The fields of forms."""

import re
from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import FieldList as AnyFieldList
from wtforms.validators import Email, Length
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, TextInput

from schakel import crypto
from schakel.pages.checks import clean, mailable, no_citizen_number, not_far, one_line, plain_text

LONG, SHORT = 20_000, 200  # characters
NONCE = 22
_ROW = re.compile(r"[0-9]{1,3}")


def text(label: Any, *validators: Any, size: int = SHORT, **options: Any) -> StringField:
    """A field of one line, at most `size` characters. An e-mail address may hold any digits."""
    too_long = Length(max=size, message=_("Dit mag hoogstens %(max)d tekens zijn."))
    free = [] if any(isinstance(check, Email) for check in validators) else [no_citizen_number]
    return StringField(label, [*validators, too_long, one_line, *free], filters=[clean], **options)


def long_text(label: Any, *validators: Any, size: int = LONG, **options: Any) -> TextAreaField:
    """A field of running text, at most `size` characters."""
    too_long = Length(max=size, message=_("Dit mag hoogstens %(max)d tekens zijn."))
    return TextAreaField(label, [*validators, too_long, plain_text, no_citizen_number], filters=[clean], **options)


def email(label: Any, *validators: Any, **options: Any) -> StringField:
    """A field for an e-mail address."""
    complete = Email(options.pop("incomplete", _("Dit is geen volledig e-mailadres.")))
    return text(label, *validators, complete, mailable, size=320, widget=EmailInput(), **options)


def number(label: Any, *validators: Any, **options: Any) -> IntegerField:
    """A field for a whole number: a text box, because a number box hides what is no number, and it would be lost."""
    return IntegerField(label, list(validators), widget=TextInput(), render_kw={"inputmode": "numeric"}, **options)


def date(label: Any, *validators: Any, **options: Any) -> DateField:
    """A field for a date between the years 2000 and 2100."""
    return DateField(label, [*validators, not_far], **options)


def nonce() -> HiddenField:
    """The nonce of one rendering of a form: sent twice, it has one effect."""
    return HiddenField(default=crypto.new_token, validators=[_is_nonce])


def _is_nonce(_form: Any, field: Any) -> None:
    said = (field.raw_data or [""])[0]
    if len(said) != NONCE or not said.replace("-", "a").replace("_", "a").isalnum():
        raise ValidationError(gettext("Dit formulier is niet volledig binnengekomen. Open de bladzijde opnieuw."))


def version() -> HiddenField:
    """The version of the row that this form was rendered with."""
    return HiddenField(validators=[_is_version])


def _is_version(form: Any, _field: Any) -> None:
    if version_of(form) < 0:
        raise ValidationError(gettext("Dit formulier is niet volledig binnengekomen. Open de bladzijde opnieuw."))


def version_of(form: Any) -> int:
    """The version a form was rendered with; -1, which no row has, for anything that is no number."""
    value = form.version.data or ""
    return int(value) if value.isdigit() and value.isascii() and len(value) < 10 else -1


def version_data(row: Any) -> dict[str, str] | None:
    """The data of a fresh form on a row: the version it is rendered with; None when the form was sent."""
    return {"version": str(row.version)} if request.method == "GET" else None


class Choices(SelectMultipleField):
    """Several choices as rows of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    many = True


class FieldList(AnyFieldList):
    """Rows of a form; the number of a row is three plain digits at most, anything else is no row."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        start = f"{prefix}{self._separator}"
        for name in formdata:
            number = name.removeprefix(start).partition(self._field_separator)[0]
            if name.startswith(start) and _ROW.fullmatch(number):
                yield int(number)

    @property
    def own_errors(self) -> list[str]:
        """What is wrong with the rows together; what is wrong in a row stands at its fields."""
        return [str(error) for error in self.errors if not isinstance(error, dict | list | tuple)]
