"""A page with a list: filters and cursor are in its URL, and its files contain the rows of the same filters."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from flask import g, has_request_context, render_template, request

from schakel.pages.cursors import cursor_of, cursor_text

Options = Sequence[tuple[Any, str]]
WORD = 100  # characters of a search word
AFTER, ALL, BACK = "na", "alles", "terug"
MOST = 1000  # rows on the page for printing


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
        self.has_all_rows = request.args.get(ALL) == "ja"
        if self.after or any(self.values.values()):
            g.list_address = self.address(**{AFTER: request.args.get(AFTER) if self.after else None})

    def size(self, usual: int) -> int:
        """Return how many rows the page has: the usual number, or all of them for printing."""
        return MOST if self.has_all_rows else usual

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

    @property
    def all_rows_url(self) -> str:
        """The address of the list on one page, for printing."""
        return self.address(**{ALL: "ja"})

    def render(
        self,
        template: str,
        rows: Sequence[Any],
        more: tuple[Any, int] | int | None,
        total_rows: int = 0,
        **context: Any,
    ) -> str:
        """Render the page with these rows; `more` is the key or the id of the last row when there is a next page.

        `total_rows`: how many rows the list has; displayed when the page does not have them all.
        """
        all_rows = "ja" if self.has_all_rows else None
        next_url = self.address(**{AFTER: cursor_text(more), ALL: all_rows}) if more else None
        return render_template(template, list=self, rows=rows, next_url=next_url, total_rows=total_rows, **context)


def list_address(paths: Collection[str]) -> tuple[str, str] | None:
    """Return (path, address) of the list that this page was opened from, when it is one of these; else None.

    The address is made again from its path and its arguments, so it never leads to another site or page.
    """
    path, _, query = request.args.get(BACK, "").partition("?")
    if path not in paths or len(query) > MOST:
        return None
    wanted = [(name, value[:WORD]) for name, value in parse_qsl(query, max_num_fields=20)]
    return path, f"{path}?{urlencode(wanted)}" if wanted else path


def add_list_address(_endpoint: str, values: dict[str, Any]) -> None:
    """Give the addresses of items, on a list and on the pages of an item, the list they are opened from.

    Not those of files and of parts of a mail: they lead nowhere.
    """
    opened_from = g.get("list_address") or request.args.get(BACK) if has_request_context() else None
    if opened_from and "public_id" in values and not values.keys() & {"part", "number"}:
        values.setdefault(BACK, opened_from)
