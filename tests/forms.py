"""The data a browser sends for a form."""

from collections.abc import Iterator
from typing import Any

from tests.html import quick_tree_of


def typed_in(html: str) -> dict[str, Any]:
    """Return what the first form in `main` sends unchanged (a list where a name occurs twice)."""
    main = next(quick_tree_of(html).iter("main"))
    form = next(node for node in main.iter("form") if node.get("method") == "post")
    sent: dict[str, Any] = {}
    for name, value in _controls(form):
        sent[name] = value if name not in sent else [sent[name], value]
    return sent


def _controls(form: Any) -> Iterator[tuple[str, str]]:
    for node in form.iter():
        kind, name = node.get("type", "text"), node.get("name")
        if not name or node.tag not in ("input", "textarea", "select"):
            continue
        if node.tag == "textarea":
            yield name, node.text or ""
        elif node.tag == "select":
            yield from ((name, one.get("value")) for one in node.iter("option") if one.get("selected") is not None)
        elif kind not in ("radio", "checkbox") or node.get("checked") is not None:
            yield name, node.get("value", "")


def fields(page: Any) -> dict[str, str]:
    """Return what a browser sends from this page when nothing is changed: texts, hidden fields and chosen options."""
    tree = quick_tree_of(page.text)
    found: dict = {}
    for node in tree.find(".//main").iter():
        name, kind = node.get("name"), node.get("type", "text")
        if node.tag == "textarea":
            found[name] = (node.text or "").removeprefix("\n")
        elif node.tag == "select":
            chosen = [one.get("value") for one in node.iter("option") if one.get("selected") is not None]
            found[name] = chosen[0] if chosen else next(one.get("value") for one in node.iter("option"))
        elif node.tag == "input" and name and (kind not in ("checkbox", "radio") or node.get("checked") is not None):
            found.setdefault(name, node.get("value", ""))
    return found
