"""The manifest of a feature: all that the factory needs to know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class LinkHome:
    """Where the links of one kind lead, and what their object is called on a page that names it."""

    kind: str
    path: str
    name_of: Callable[[int], str]  # of the id of the object


@dataclass(frozen=True)
class Feature:
    """One feature: its routes, the slots it fills, the targets of its links, its commands and its jobs.

    `required`: other features import this one or link to its pages, so it cannot be disabled.
    """

    name: str
    blueprint: Any = None  # a flask.Blueprint; this module imports nothing of Flask
    slots: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # name of the slot → supplier
    link_homes: tuple[LinkHome, ...] = ()
    commands: tuple[Any, ...] = ()  # click commands, under `flask`
    minute: tuple[Callable[..., Any], ...] = ()  # jobs of the worker, in each round
    daily: tuple[Callable[..., Any], ...] = ()  # jobs of the worker, once a day
    required: bool = False
