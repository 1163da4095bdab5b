"""The errors that services raise on purpose. Every other exception is a defect and becomes a 500 without details."""

from typing import Any, TypeVar

from schakel.i18n import gettext

T = TypeVar("T")


class NotAllowed(Exception):
    """The actor may see the object but not do this to it (403, no detail)."""


class NotFound(Exception):
    """The object is not visible to the actor; the response equals that of an unknown address (404, byte for byte)."""


class DeadLink(Exception):
    """A link from a mail is unknown, replaced or expired, or its page was opened without it (404, with what to do)."""


class Refused(Exception):
    """A rule refuses, with a Dutch sentence for the user; `field` is the form field it belongs to, if any."""

    def __init__(self, msgid: str, /, field: str | None = None, **values: object) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.field = field
        self.values = values

    @property
    def sentence(self) -> str:
        """The sentence in the reader's language, with its values."""
        return gettext(self.msgid, **self.values)


class Stale(Exception):
    """Somebody else saved first (409); `current` is the current row, so that both texts can be displayed."""

    def __init__(self, current: Any) -> None:
        super().__init__("stale")
        self.current = current


def require(allowed: bool) -> None:
    """Raise NotAllowed unless a policy allowed it."""
    if not allowed:
        raise NotAllowed


def found(value: T | None) -> T:
    """Return the object. Raises NotFound when it is None."""
    if value is None:
        raise NotFound
    return value
