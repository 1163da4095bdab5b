"""What every view shares: the base form, answering a form, and telling a machine from a person."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from flask import current_app, g, render_template, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import FieldList as AnyFieldList
from wtforms import Form as PlainForm
from wtforms import HiddenField as HiddenField
from wtforms import IntegerField, StringField, TextAreaField, ValidationError
from wtforms.i18n import get_translations
from wtforms.validators import Email, Length
from wtforms.widgets import TextInput

from schakel import citizen, crypto, db, errors
from schakel.access import Actor
from schakel.pages.addresses import here as here
from schakel.pages.addresses import number_of as number_of

LONG, SHORT = 20_000, 200
NONCE = 22
EARLIEST, LATEST = 2000, 2100
_ROW = re.compile(r"[0-9]{1,3}")
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


def actor() -> Actor:
    """Who acts in this request; built once (by the builder that web.py laid ready)."""
    if "actor" not in g:
        g.actor = current_app.extensions["schakel.actor"]()
    made: Actor = g.actor
    return made


def counted_now(count: int) -> None:
    """Tell the menu of this page how many things ask something: the page has just counted them."""
    g.asks = count


@cache
def _messages() -> Any:
    """WTForms' own sentences in Dutch: read from disk once, not once a form."""
    return get_translations(["nl"])


class _Dutch:
    locales = ("nl",)

    def get_translations(self, form: Any) -> Any:
        return _messages()


def _once(form: Any) -> bool:
    """Whether no field of a form came twice; says so at the ones that did."""
    twice = [field for field in form if len(field.raw_data or ()) > 1 and not _takes_many(field)]
    for field in twice:
        field.errors = [*field.errors, gettext("Dit veld kwam twee keer binnen. Vul het één keer in.")]
    return not twice


def _takes_many(field: Any) -> bool:
    return getattr(field, "many", False) or field.type == "SelectMultipleField"


class Form(FlaskForm):
    """The base of every form: Dutch messages, and no field given twice."""

    class Meta(_Dutch):
        pass

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return _once(self) and fine


class VerbForm(Form):
    """A button: nothing but its CSRF mark."""


class Part(PlainForm):
    """The base of the rows inside a form: the same, without a mark of its own."""

    class Meta(_Dutch):
        pass

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return _once(self) and fine


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
    if citizen.holds_citizen_number(field.data or ""):
        raise ValidationError(gettext(citizen.SENTENCE))


def not_far(_form: Any, field: Any) -> None:
    """A date people can live to see, and not before this platform existed."""
    if field.data and not EARLIEST <= field.data.year <= LATEST:
        raise ValidationError(gettext("Deze datum ligt te ver weg."))


def text(label: str, *validators: Any, size: int = SHORT, **options: Any) -> StringField:
    """A field of one line, at most `size` signs. An e-mail address is no free text: its digits are what they are."""
    too_long = Length(max=size, message=gettext_lazy("Dit mag hoogstens %(max)d tekens zijn."))
    free = [] if any(isinstance(check, Email) for check in validators) else [no_citizen_number]
    return StringField(label, [*validators, too_long, one_line, *free], filters=[clean], **options)


def long_text(label: str, *validators: Any, size: int = LONG, **options: Any) -> TextAreaField:
    """A field of running text, at most `size` signs."""
    too_long = Length(max=size, message=gettext_lazy("Dit mag hoogstens %(max)d tekens zijn."))
    return TextAreaField(label, [*validators, too_long, plain_text, no_citizen_number], filters=[clean], **options)


def email(label: str, *validators: Any, **options: Any) -> StringField:
    """A field for an e-mail address."""
    complete = Email(options.pop("incomplete", gettext_lazy("Dit is geen volledig e-mailadres.")))
    return text(label, *validators, complete, mailable, size=320, **options)


def number(label: str, *validators: Any, **options: Any) -> IntegerField:
    """A field for a whole number: a text box, because a number box hides what is no number, and it would be lost."""
    return IntegerField(label, list(validators), widget=TextInput(), render_kw={"inputmode": "numeric"}, **options)


def gettext_lazy(msgid: str) -> Any:
    """A sentence translated when it is shown."""
    from flask_babel import lazy_gettext

    return lazy_gettext(msgid) if "%(" not in msgid else msgid


def nonce() -> HiddenField:
    """What makes one showing of a form one submission: sent twice, it has one effect."""
    return HiddenField(default=crypto.new_token, validators=[_is_nonce])


def _is_nonce(_form: Any, field: Any) -> None:
    said = (field.raw_data or [""])[0]
    if len(said) != NONCE or not said.replace("-", "a").replace("_", "a").isalnum():
        raise ValidationError(gettext("Dit formulier is niet volledig binnengekomen. Open de bladzijde opnieuw."))


def version() -> HiddenField:
    """The version of the row that this form was shown with."""
    return HiddenField(validators=[_is_version])


def first_shown(row: Any) -> dict[str, str] | None:
    """What a form on a row begins with: the version it is shown with; nothing when the form was sent."""
    return {"version": str(row.version)} if request.method == "GET" else None


def _is_version(form: Any, _field: Any) -> None:
    if version_of(form) < 0:
        raise ValidationError(gettext("Dit formulier is niet volledig binnengekomen. Open de bladzijde opnieuw."))


def attempt(form: Form, verb: Callable[[], Any]) -> Any:
    """Do `verb` when the form is valid; its answer, or None after putting a Refused at its field.

    After a refusal what was written so far is undone, so that showing the form again reads the truth.
    """
    if not form.validate_on_submit():
        return None
    try:
        done = verb()
        db.session().flush()
        return done if done is not None else True
    except errors.Refused as no:
        db.drop()
        sentence = gettext(no.msgid) % no.values if no.values else gettext(no.msgid)
        if no.field and no.field in form:
            form[no.field].errors = [*form[no.field].errors, sentence]
        else:
            form.form_errors.append(sentence)
        return None


def attempt_on(form: Any, verb: Callable[[], Any], how_it_stands: Callable[[Any], str]) -> Any:
    """`attempt` for a form that was shown with the version of a row: when somebody was first, nothing is done.

    The page comes back with what was typed, a sentence of how it stands now, and status 409.
    """
    try:
        return attempt(form, verb)
    except errors.Stale as stale:
        db.drop()
        form.form_errors.append(
            gettext(
                "Iemand anders was u voor. %(nu)s Bekijk wat er staat en bewaar opnieuw.",
                nu=how_it_stands(stale.current),
            )
        )
        form.version.data, form.is_stale = str(stale.current.version), True
        return None


def show_form(template: str, form: Form, **context: Any) -> tuple[str, int]:
    """The page with the form: 200 when it is fresh, 422 when what was sent did not hold."""
    wrong = bool(form.errors or form.form_errors)
    page = render_template(template, form=form, form_has_errors=wrong, **context)
    return page, 409 if getattr(form, "is_stale", False) else 422 if wrong else 200


def version_of(form: Any) -> int:
    """The version a form was shown with; -1, which no row has, for anything that is no number."""
    value = form.version.data or ""
    return int(value) if value.isdigit() and value.isascii() and len(value) < 10 else -1


def wants_json() -> bool:
    """Whether a machine asks: it prefers JSON over a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
