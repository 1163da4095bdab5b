"""Turns what a service refuses into errors of the form."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from flask_babel import gettext

from schakel import db, errors


class Refusals:
    """`with form.refusals(): service.verb(…); return redirect(…)`; after a refusal the view continues below the block.

    A Refused is added to its field, or above the form. With `current_state` (row → sentence) a Stale becomes status
    409: the sentence is displayed above the form, which gets the current version. In both cases what the block wrote is
    rolled back, so that the page displays the database as it is, and what was typed stays in the fields. Other errors
    propagate.
    """

    def __init__(self, form: Any, current_state: Callable[[Any], str] | None = None) -> None:
        self._form = form
        self._current_state = current_state

    def __enter__(self) -> None:
        """Do nothing before the block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            db.session().flush()  # constraint errors of the database are raised here, not after the page was rendered
            return False
        if isinstance(error, errors.Refused):
            db.rollback()
            self._refused(error)
            return True
        if isinstance(error, errors.Stale) and self._current_state:
            db.rollback()
            self._stale(self._current_state(error.current), error.current.version)
            return True
        return False

    def _refused(self, no: errors.Refused) -> None:
        form = self._form
        sentence = gettext(no.msgid) % no.values if no.values else gettext(no.msgid)
        if no.field and no.field in form:
            form[no.field].errors = [*form[no.field].errors, sentence]
        else:
            form.form_errors.append(sentence)

    def _stale(self, state: str, version: int) -> None:
        form = self._form
        form.form_errors.append(
            gettext("Iemand anders was u voor. %(nu)s Bekijk wat er staat en bewaar opnieuw.", nu=state)
        )
        form.version.data, form.is_stale = str(version), True
