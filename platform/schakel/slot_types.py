"""The values that suppliers of slots return; with a template name where they are part of a page."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An item of the main menu: label, path, position."""

    label: str
    url: str
    position: int = 50


class WorkKind(StrEnum):
    """Why something requires action; news does not, it is a change."""

    LATE = "late"
    WEEK = "week"
    ACCEPT = "accept"
    CHECK = "check"
    ANSWER = "answer"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something that requires action from the actor, or news."""

    kind: WorkKind
    title: str
    why: str
    url: str
    verb: str = ""
    on: date | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """The cause of a row: the text of the knot *Aanleiding*, and a link to it, if the actor may see it."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Part of a page, supplied by an upper feature to a lower one: a template and its values."""

    template: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recipients:
    """How many people get a mail about a change: with a place, and waiting for one or with an offer."""

    registered: int
    waiting: int
