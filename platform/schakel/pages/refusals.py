"""What a service refuses, as errors in the form that called it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext

from schakel import db, errors


@contextmanager
def refusals(form: Any, current_state: Callable[[Any], str] | None = None) -> Iterator[None]:
    """Catch what the block's service refuses and add it to the form; the view then continues after the block.

    Refused: the error is at its field, or above the form. Stale, with `current_state` (row → sentence): the sentence is
    above the form, and the form gets the row's current version; its page has status 409. Both roll back what the block
    wrote, so that the page displays the stored rows; typed input stays. Other exceptions pass.
    """
    try:
        yield
        db.session().flush()  # constraint errors of the database are raised here, not after the page was rendered
    except errors.Refused as refused:
        db.rollback()
        _add_refused(form, refused)
    except errors.Stale as stale:
        if current_state is None:
            raise
        db.rollback()
        sentence = gettext(
            "Iemand anders was u voor. %(nu)s Bekijk wat er staat en bewaar opnieuw.", nu=current_state(stale.current)
        )
        form.form_errors.append(sentence)
        form.version.data, form.is_stale = str(stale.current.version), True


def _add_refused(form: Any, refused: errors.Refused) -> None:
    if refused.field and refused.field in form:
        form[refused.field].errors = [*form[refused.field].errors, refused.sentence]
    else:
        form.form_errors.append(refused.sentence)
