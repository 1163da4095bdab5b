"""Reading a page as a person would: its elements, its words, what is said at a field."""

import re
from typing import Any

import html5lib


def tree_of(html: str) -> Any:
    """A page as elements."""
    return html5lib.parse(html, namespaceHTMLElements=False)


def said_at(html: str, name: str) -> str:
    """The sentence of error that stands at a field; '' when none does."""
    found = [node for node in tree_of(html).iter() if node.get("id") == f"{name}-error"]
    return " ".join("".join(found[0].itertext()).split()) if found else ""


def bare(html: str) -> str:
    """A page without its CSRF mark and form nonce: what is left must not differ between people."""
    html = re.sub(r'(name="(?:csrf_token|nonce)"[^>]*value=")[^"]*', r"\1", html)
    return re.sub(r"(/aangemeld/)[\w-]{22}", r"\1", html)
