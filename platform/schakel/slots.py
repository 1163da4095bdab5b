"""Extension points: a lower feature displays content of an upper one without importing it. Filled by app.py only."""

from collections.abc import Callable, Iterator
from typing import Any

NAMES = (
    "loop.cause",
    "panel.event",
    "panel.action",
    "panel.measure",
    "recipients.event",
    "queues",
    "work",
    "menu",
    "links_again",
    "minute",
    "daily",
)

_filled: dict[str, list[tuple[str, Callable[..., Any]]]] = {name: [] for name in NAMES}


def empty() -> None:
    """Delete all suppliers (a new application is being created)."""
    for suppliers in _filled.values():
        suppliers.clear()


def fill(slot: str, feature: str, function: Callable[..., Any]) -> None:
    """Add a feature's supplier to a slot. Raises KeyError for a slot that does not exist."""
    _filled[slot].append((feature, function))


def ask(slot: str, *args: Any) -> Iterator[tuple[str, Any]]:
    """Yield each feature with what its supplier returns, in layer order. Exceptions are not caught."""
    for feature, function in _filled[slot]:
        yield feature, function(*args)


def suppliers(slot: str) -> list[tuple[str, Callable[..., Any]]]:
    """Return the suppliers of a slot, for the worker, which runs each in its own transaction."""
    return list(_filled[slot])
