"""The quick parser of pages gives the same elements as a browser's."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import html, make, matrix


def outline(node: Any) -> list[Any]:
    """Return an element and its content: tags, attributes and text, without comments and namespaces."""
    inside = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str):
            inside.append(outline(child))
        inside.append(child.tail or "")
    parts: list[Any] = []
    for part in inside:  # text on both sides of a comment is one text
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    attributes = {name.rpartition("}")[2].lower(): value for name, value in node.attrib.items()}
    return [node.tag.rpartition("}")[2].lower(), attributes, *parts]


def main_of(tree: Any) -> list[Any]:
    return outline(next(tree.iter("main")))


def tenant_and_objects() -> tuple[make.Tenant, dict[str, dict]]:
    tenant = make.make_tenant("KANARIEA")
    return tenant, matrix.objects_of(tenant)


def pages_of(role: str) -> Iterator[tuple[str, str, str, str]]:
    """Return (endpoint, method, path, case) of each page and each refused form that a role gets, once per route."""
    met = set()
    for endpoint, method, path, case, cell in (*matrix.cells(unsafe=False), *matrix.cells(unsafe=True)):
        if matrix.expected(cell, role) in (200, 409, 422) and (endpoint, method) not in met:
            met.add((endpoint, method))
            yield endpoint, method, path, case


@pytest.mark.prepared(by=tenant_and_objects)
@pytest.mark.parametrize("role", ["coordinator", "medical_director"])
def test_both_parsers_give_the_same_elements_of_every_page_and_refused_form(prepared, client_of, undone, role):
    tenant, things = prepared
    client, read = client_of(tenant.accounts[role]), 0
    client.check_pages = False
    for endpoint, method, path, case in pages_of(role):
        address = matrix.filled(path, endpoint, case, things)
        typed = {"title": "<b>&amp;\r\n'\"", "text": "\n<p>é", **matrix.sent(client, endpoint, case)}
        with undone():
            page = client.open(address, method=method, data=typed if method == "POST" else {})
        if page.mimetype == "text/html" and not page.location:  # the body of a redirect is Werkzeug's
            assert main_of(html.quick_tree_of(page.text)) == main_of(html.tree_of(page.text)), f"{method} {address}"
            read += 1
    assert read > 20


@pytest.mark.parametrize(
    "text", ["<main><p>Een<p>Twee</main>", "<main><b>Een</main>", "<main>Een</p></main>", "<main>"]
)
def test_the_quick_parser_refuses_a_page_with_an_omitted_tag(text):
    with pytest.raises((AssertionError, IndexError)):
        html.quick_tree_of(text)


@pytest.mark.parametrize(
    "inside",
    ["a &amp; b &eacute; &#39; &lt;b&gt;", "<textarea>\n\nEen\n</textarea>", "<input value='&quot;\n'><br>x", "a<!-- b -->c",
     "<svg viewBox='0 0 1 1'><path d='M0'/><use href='#a'/></svg>", "Een\r\nTwee\rDrie", "<INPUT DISABLED Name=a>", "<script>a<b</script>"],
)  # fmt: skip
def test_both_parsers_give_the_same_elements_of_these(inside):
    page = f"<!doctype html><html><head><title>T</title></head><body><main>{inside}</main></body></html>"
    assert main_of(html.quick_tree_of(page)) == main_of(html.tree_of(page))
