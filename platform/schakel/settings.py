"""Settings of this installation that the domain needs; `extensions.py` sets them."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class _Settings:
    base_url: str
    undo: timedelta


_settings: _Settings | None = None


def use(base_url: str, undo: timedelta) -> None:
    """Set the base URL of links, and how long a moved event can be undone before calendars are updated."""
    global _settings
    _settings = _Settings(base_url.rstrip("/"), undo)


def base_url() -> str:
    """Return the address of this installation without a trailing slash; links in mails and calendars begin with it."""
    return _current().base_url


def undo() -> timedelta:
    """Return how long a moved event can be undone before calendars are updated."""
    return _current().undo


def _current() -> _Settings:
    assert _settings is not None, "no application has been made"
    return _settings
