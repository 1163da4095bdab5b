"""Reading a page: its elements, its text, the error at a field."""

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import TreeBuilder

import html5lib

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@lru_cache(maxsize=8)
def tree_of(html: str) -> Any:
    """Return a page as elements, as a browser parses it. Cached, so do not change them."""
    return html5lib.parse(html, namespaceHTMLElements=False)


class _Reader(HTMLParser):
    """Builds the elements of a page in which no tag is omitted."""

    def __init__(self) -> None:
        super().__init__()
        self.builder, self.open, self.starts = TreeBuilder(), [], False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in reversed(attrs)})
        self.starts = tag in ("textarea", "pre")
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        expected = self.open.pop()
        assert tag == expected, f"</{tag}> closes <{expected}>"
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.builder.data(data.removeprefix("\n") if self.starts else data)
        self.starts = False


@lru_cache(maxsize=8)
def quick_tree_of(html: str) -> Any:
    """Return the same elements (`tests/test_html.py`) in a tenth of the time; fails on an open tag. Cached too."""
    reader = _Reader()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    assert not reader.open, f"not closed: {reader.open}"
    return reader.builder.close()


def said_at(html: str, name: str) -> str:
    """Return the error at a field; '' when there is none."""
    found = [node for node in quick_tree_of(html).iter() if node.get("id") == f"{name}-error"]
    return " ".join("".join(found[0].itertext()).split()) if found else ""


def bare(html: str) -> str:
    """Return a page without its CSRF token and form nonce: the rest must not differ between people."""
    html = re.sub(r'(name="(?:csrf_token|nonce)"[^>]*value=")[^"]*', r"\1", html)
    return re.sub(r"(/aangemeld/)[\w-]{22}", r"\1", html)
