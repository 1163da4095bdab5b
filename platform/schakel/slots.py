"""How a lower feature serves an upper one's content without knowing it: fixed slots, filled only by app.py."""

from collections.abc import Callable, Iterator
from typing import Any

NAMES = (
    "loop.cause",
    "loop.answer",
    "panel.event",
    "panel.action",
    "panel.measure",
    "recipients.event",
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
