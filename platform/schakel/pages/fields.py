"""The fields of forms."""

import re
from collections.abc import Iterator, Sequence
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

from schakel import crypto, spans
from schakel.pages.checks import (
    clean,
    mailable,
    no_citizen_number,
    not_far,
    on_one_line,
    one_line,
    plain_text,
)

LONG, SHORT = 20_000, 200  # characters
NONCE = 22
DIGITS = 9
_ROW = re.compile(r"[0-9]{1,3}")


def text(label: Any, *validators: Any, size: int = SHORT, **options: Any) -> StringField:
    """Return a field of one line, at most `size` characters. An e-mail address may contain any digits."""
    too_long = Length(max=size, message=_("Dit mag hoogstens %(max)d tekens zijn."))
    free = [] if any(isinstance(check, Email) for check in validators) else [no_citizen_number]
    return StringField(label, [*validators, too_long, one_line, *free], filters=[on_one_line, clean], **options)


def long_text(label: Any, *validators: Any, size: int = LONG, **options: Any) -> TextAreaField:
    """Return a field of running text, at most `size` characters."""
    too_long = Length(max=size, message=_("Dit mag hoogstens %(max)d tekens zijn."))
    return TextAreaField(label, [*validators, too_long, plain_text, no_citizen_number], filters=[clean], **options)


def email(label: Any, *validators: Any, **options: Any) -> StringField:
    """Return a field for an e-mail address."""
    complete = Email(options.pop("incomplete", _("Dit is geen volledig e-mailadres.")))
    return text(label, *validators, complete, mailable, size=320, widget=EmailInput(), **options)


class ShortInteger(IntegerField):
    """A whole number of at most nine digits: validators and databases take no number of any size."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Refuse a longer text as what it is: not a number that anybody means."""
        super().process_formdata([value if len(value.strip()) <= DIGITS else "" for value in valuelist[:1]])


def number(label: Any, *validators: Any, **options: Any) -> IntegerField:
    """Return a field for a whole number: a text box, because a number box loses input that is not a number."""
    return ShortInteger(label, list(validators), widget=TextInput(), render_kw={"inputmode": "numeric"}, **options)


def date(label: Any, *validators: Any, **options: Any) -> DateField:
    """Return a field for a date between the years 2000 and 2100."""
    return DateField(label, [*validators, not_far], **options)


def nonce() -> HiddenField:
    """Return a hidden field with the nonce of one rendering of a form: sent twice, it has one effect."""
    return HiddenField(default=crypto.new_token, validators=[_is_nonce])


def _is_nonce(_form: Any, field: Any) -> None:
    value = (field.raw_data or [""])[0]
    if len(value) != NONCE or not value.replace("-", "a").replace("_", "a").isalnum():
        raise ValidationError(gettext("Dit formulier is niet volledig binnengekomen. Open de bladzijde opnieuw."))


def version() -> HiddenField:
    """Return a hidden field with the version of the row that this form was rendered with."""
    return HiddenField(validators=[_is_version])


def _is_version(form: Any, _field: Any) -> None:
    if version_of(form) < 0:
        raise ValidationError(gettext("Dit formulier is niet volledig binnengekomen. Open de bladzijde opnieuw."))


def version_of(form: Any) -> int:
    """Return the version a form was rendered with; -1, which no row has, for invalid input."""
    value = form.version.data or ""
    return int(value) if value.isdigit() and value.isascii() and len(value) < 10 else -1


def version_data(row: Any) -> dict[str, str] | None:
    """Return the data of a new form on a row: its version; None when the form was sent."""
    return {"version": str(row.version)} if request.method == "GET" else None


class Choices(SelectMultipleField):
    """Several choices as rows of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    many = True


class Questions(Choices):
    """What a form asks before it is saved, as check boxes; absent from the page while there is nothing to ask."""

    errors: Any = ()

    def __init__(self, **options: Any) -> None:
        super().__init__(_("Klopt dit?"), choices=[], validate_choice=False, **options)

    def confirmed(self, questions: Sequence[spans.Question]) -> bool:
        """Whether each of these questions was answered; adds an error when one was not."""
        self.choices = [(one.code, one.text) for one in questions]
        fine = {one.code for one in questions} <= set(self.data or ())
        if not fine:
            error = gettext("Klopt het, zet er dan een vinkje bij en bewaar opnieuw. Er is nog niets bewaard.")
            self.errors = [*self.errors, error]
        return fine


class FieldList(AnyFieldList):
    """Rows of a form; a row number has at most three plain digits, any other is ignored."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        start = f"{prefix}{self._separator}"
        for name in formdata:
            number = name.removeprefix(start).partition(self._field_separator)[0]
            if name.startswith(start) and _ROW.fullmatch(number):
                yield int(number)

    @property
    def own_errors(self) -> list[str]:
        """The errors about the rows together; errors in a row are at its fields."""
        return [str(error) for error in self.errors if not isinstance(error, dict | list | tuple)]
