"""How a lower feature serves an upper one's content without knowing it: fixed slots, filled only by app.py."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the main menu: label, path, place in the row; `count` tells how many things ask something, if asked."""

    label: str
    url: str
    count: Callable[[], int] | None = None
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


NAMES = (
    "loop.cause",
    "loop.answer",
    "panel.event",
    "panel.action",
    "panel.measure",
    "told.event",
    "work",
    "search",
    "menu",
    "minute",
    "daily",
    "person",
)

_filled: dict[str, list[tuple[str, Callable[..., Any]]]] = {name: [] for name in NAMES}


def empty() -> None:
    """Forget all suppliers (a new application is being made)."""
    for suppliers in _filled.values():
        suppliers.clear()


def fill(slot: str, feature: str, function: Callable[..., Any]) -> None:
    """Let a feature supply a slot. Raises KeyError for a slot that does not exist."""
    _filled[slot].append((feature, function))


def ask(slot: str, *args: Any) -> Iterator[tuple[str, Any]]:
    """Each supplier's answer with its feature, in layer order. Errors are not swallowed."""
    for feature, function in _filled[slot]:
        yield feature, function(*args)


def suppliers(slot: str) -> list[tuple[str, Callable[..., Any]]]:
    """The suppliers themselves, for the worker, which gives each a transaction of its own."""
    return list(_filled[slot])
