"""The older calls around a verb; new views use `form.refusals()` and `form.page()`."""

from collections.abc import Callable
from typing import Any

from schakel.pages.forms import Form


def attempt(form: Form, verb: Callable[[], Any]) -> Any:
    """Do `verb` when the form is valid; what it returns, or None when the form was refused."""
    return attempt_on(form, verb, None)


def attempt_on(form: Any, verb: Callable[[], Any], how_it_stands: Callable[[Any], str] | None) -> Any:
    """`attempt` for a form that carries the version of a row."""
    if form.validate_on_submit():
        with form.refusals(how_it_stands):
            done = verb()
            return done if done is not None else True
    return None


def show_form(template: str, form: Form, **context: Any) -> tuple[str, int]:
    """The page with the form."""
    return form.page(template, **context)
