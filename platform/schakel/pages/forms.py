"""The base class of every form, and the page of a form."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Form as PlainForm
from wtforms.i18n import get_translations

from schakel import i18n
from schakel.pages import typed
from schakel.pages.refusals import refusals


@cache
def _messages(language: str) -> Any:
    """Return WTForms' own messages in a language, read from disk once."""
    return get_translations([language])


class _Translated:
    def get_translations(self, form: Any) -> Any:
        return _messages(i18n.language())


def _once(form: Any) -> bool:
    """Whether no field of a form was sent twice; adds an error to those that were."""
    twice = [field for field in form if len(field.raw_data or ()) > 1 and not _takes_many(field)]
    for field in twice:
        field.errors = [*field.errors, gettext("Dit veld kwam twee keer binnen. Vul het één keer in.")]
    return not twice


def _takes_many(field: Any) -> bool:
    return getattr(field, "many", False) or field.type == "SelectMultipleField"


class Form(FlaskForm):
    """The base class of every form: messages in the language of the page, and no field sent twice."""

    is_stale = False

    class Meta(_Translated):
        pass

    def is_submitted(self) -> bool:
        """Whether the form is to be handled; one that comes back after signing in is displayed first."""
        return super().is_submitted() and typed.AGAIN not in request.form

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return _once(self) and fine

    def refusals(self, current_state: Callable[[Any], str] | None = None) -> AbstractContextManager[None]:
        """Return a context manager for the one call of a service: what it refuses becomes an error in this form."""
        return refusals(self, current_state)

    def page(self, template: str, **context: Any) -> tuple[str, int]:
        """Render the page of this form: 200 when new, 422 when refused, 409 when its row had changed."""
        wrong = bool(self.errors or self.form_errors)
        page = render_template(template, form=self, form_has_errors=wrong, **context)
        return page, 409 if self.is_stale else 422 if wrong else 200


class VerbForm(Form):
    """A button: nothing but its CSRF token."""


class Part(PlainForm):
    """The base class of rows inside a form: the same, without a CSRF token."""

    class Meta(_Translated):
        pass

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return _once(self) and fine
