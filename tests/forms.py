"""The data a browser sends for a form."""

from collections.abc import Iterator
from typing import Any

from tests.html import quick_tree_of


def typed_in(html: str) -> dict[str, Any]:
    """Return what the first form in `main` sends unchanged (a list where a name occurs more than once)."""
    main = next(quick_tree_of(html).iter("main"))
    form = next(node for node in main.iter("form") if node.get("method") == "post")
    sent: dict[str, list[str]] = {}
    for name, value in _controls(form):
        sent.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def _controls(form: Any) -> Iterator[tuple[str, str]]:
    for node in form.iter():
        kind, name = node.get("type", "text"), node.get("name")
        if not name or node.tag not in ("input", "textarea", "select"):
            continue
        if node.tag == "textarea":
            yield name, node.text or ""
        elif node.tag == "select":
            yield from ((name, value) for value in _chosen(node))
        elif kind not in ("radio", "checkbox") or node.get("checked") is not None:
            yield name, node.get("value", "")


def _chosen(select: Any) -> list[str]:
    """The values of the chosen options; without one a browser sends the first, unless several may be chosen."""
    options = list(select.iter("option"))
    chosen = [one for one in options if one.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    return [one.get("value") for one in chosen]
