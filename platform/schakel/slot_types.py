"""What the suppliers of slots give: values, with a template name where a piece of a page is meant."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the main menu: label, path, place in the row."""

    label: str
    url: str
    position: int = 50


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing that asks something of the actor. `kind`: late, week, accept, check, answer; news is what changed."""

    kind: str
    title: str
    why: str
    url: str
    verb: str = ""
    on: date | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is on the list: words for the knot *Aanleiding*, and where to read it, if the actor may."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of an upper feature on a lower one's page: a template and its values."""

    template: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recipients:
    """How many people get a mail of a change: with a place, and waiting for one or with an offer."""

    registered: int
    waiting: int
