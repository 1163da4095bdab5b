"""The ways to say no. Everything else that is raised is a defect and becomes a 500 that tells nothing."""

from typing import Any, TypeVar

Thing = TypeVar("Thing")


class NotAllowed(Exception):
    """The actor may see the thing but not do this to it (403, no detail)."""


class NotFound(Exception):
    """Not visible to the actor, which is the same as not existing (404, byte for byte)."""


class Refused(Exception):
    """A rule says no, in a Dutch sentence the user can act on; `field` is the form field it belongs to, if any."""

    def __init__(self, msgid: str, /, field: str | None = None, **values: object) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.field = field
        self.values = values


class Stale(Exception):
    """Somebody else saved first (409); `current` is the row as it stands now, so that both texts can be shown."""

    def __init__(self, current: Any) -> None:
        super().__init__("stale")
        self.current = current


def require(allowed: bool) -> None:
    """Raise NotAllowed unless a policy said yes."""
    if not allowed:
        raise NotAllowed


def found(thing: Thing | None) -> Thing:
    """The thing, or NotFound when the select under the actor's visibility gave none."""
    if thing is None:
        raise NotFound
    return thing
