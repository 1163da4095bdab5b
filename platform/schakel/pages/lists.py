"""A page with a list: filters and cursor are in its URL, and its files contain the rows of the same filters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from flask import render_template, request

from schakel.pages.cursors import cursor_of, cursor_text

Options = Sequence[tuple[Any, str]]
WORD = 100  # characters of a search word
AFTER = "na"


@dataclass(frozen=True)
class Filter:
    """One argument of the URL. Without `options` it is a search word; `options` may be a function, called once.

    `active`: the text of an active value, when it differs from its option. `known_only`: unknown values are ignored;
    otherwise they are used, and match no row.
    """

    name: str
    label: str
    options: Options | Callable[[], Options] = ()
    active: Mapping[str, str] = field(default_factory=dict)
    known_only: bool = True

    @cached_property
    def choices(self) -> Options:
        """The options; the function is called once."""
        return self.options() if callable(self.options) else self.options

    @property
    def value(self) -> str:
        """The value in the URL; empty when it is absent or unknown."""
        text = request.args.get(self.name, "").strip()[:WORD]
        unknown = self.options and self.known_only and text not in {str(value) for value, _ in self.choices}
        return "" if unknown else text

    @property
    def words(self) -> dict[str, str]:
        """The text of each value when it is active."""
        return {str(value): word for value, word in self.choices} | dict(self.active)


class ListPage:
    """The list at this URL. `files` is the path of its files without extension; `kind` converts a cursor's value."""

    def __init__(self, filters: Sequence[Filter], kind: Callable[[str], Any] = str, files: str = "") -> None:
        self.filters = filters
        self.values = {one.name: one.value for one in filters}
        self.after = cursor_of(request.args.get(AFTER), kind)
        self._files = files or request.path

    @property
    def after_id(self) -> int | None:
        """The id of the row after which the page starts, for lists whose cursor holds no value."""
        return self.after[1] if self.after else None

    def __getitem__(self, name: str) -> str:
        """Return the value of a filter."""
        return self.values[name]

    def address(self, path: str = "", /, **changes: str | None) -> str:
        """Return the address of the first page, with filters changed or, with None, removed."""
        wanted = {name: value for name, value in (self.values | changes).items() if value}
        path = quote(path or request.path)
        return f"{path}?{urlencode(wanted)}" if wanted else path

    @property
    def bar(self) -> list[dict[str, Any]]:
        """The form with the filters, for the macro `f.filters`."""
        return [
            {
                "kind": "select" if one.options else "search",
                "name": one.name,
                "label": one.label,
                "value": self[one.name],
                "options": one.choices,
            }
            for one in self.filters
        ]

    @property
    def active(self) -> list[tuple[str, str]]:
        """The active filters, each with the address without it."""
        return [
            (one.words.get(self[one.name], self[one.name]), self.address("", **{one.name: None}))
            for one in self.filters
            if self[one.name]
        ]

    @property
    def bare_url(self) -> str:
        """The address of the list without any filter."""
        return quote(request.path)

    @property
    def files(self) -> list[tuple[str, str]]:
        """The files of the list: (name of the format, address)."""
        return [(name, self.address(f"{self._files}.{ending}")) for name, ending in (("CSV", "csv"), ("Excel", "xlsx"))]

    @property
    def first_url(self) -> str | None:
        """The address of the first page; None on the first page."""
        return self.address() if self.after else None

    def render(self, template: str, rows: Sequence[Any], more: tuple[Any, int] | int | None, **context: Any) -> str:
        """Render the page with these rows; `more` is the key or the id of the last row when there is a next page."""
        next_url = self.address(**{AFTER: cursor_text(more)}) if more else None
        return render_template(template, list=self, rows=rows, next_url=next_url, **context)
