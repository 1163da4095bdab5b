"""Rules for every page: valid HTML5, one h1, a matching title, nothing inline, nothing from other sites."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import html5lib
from html5lib.html5parser import ParseError

from tests.html import quick_tree_of

LOADS = {"src", "srcset", "action", "formaction", "poster", "data", "xlink:href"}
_fine: set[int] = set()
_valid: set[int] = set()  # hashes of skeletons


def _text(node: object) -> str:
    return " ".join("".join(node.itertext()).split())


def _far(name: str, tag: str, value: str) -> bool:
    if name not in LOADS and not (name == "href" and tag not in ("a", "area")):
        return value.lstrip().lower().startswith(("javascript:", "data:text", "vbscript:")) if name == "href" else False
    parts = urlsplit(value.strip())
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def _elements(tree: object) -> Iterator[str]:
    ids = Counter(node.get("id") for node in tree.iter() if node.get("id") is not None)
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1)
    for node in tree.iter():
        tag = str(node.tag)
        if (
            tag == "script"
            and not node.get("src")
            and node.get("type") not in ("application/json", "application/ld+json")
        ):
            yield "an inline script"
        if tag == "style":
            yield "a style element"
        for name, value in node.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"attribute {name}={value!r} on {tag}"
            if _far(name, tag, value):
                yield f"{tag} {name}={value!r} leaves this site"
            if name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
                yield from (f"{tag} {name}={one!r} points at nothing" for one in value.split() if one not in ids)


# Characters that are a parse error in a text or a value; all other parse errors are in tags and attribute names.
UNUSUAL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]")


def skeleton(body: str) -> str:
    """Return the page without its texts and attribute values, except those with a `<` or `&`."""
    values = re.sub(r'="[^"<>&]*"', '=""', body)
    return re.sub(r">[^<&]*", ">", values)


def _parse(body: str) -> str:
    """Return the first parse error of a page; empty when it is valid HTML5."""
    try:
        html5lib.HTMLParser(strict=True).parse(body)
    except ParseError as fault:
        loose = html5lib.HTMLParser()
        loose.parse(body)
        line = loose.errors[0][0][0]
        return f"not valid HTML5: {fault} near {body.splitlines()[line - 1].strip()[:200]!r}"
    return ""


def _invalid(body: str) -> str:
    """Return what `_parse` does, but parse each skeleton once: that takes ten times as long as the other rules."""
    key = hash(skeleton(body))
    if key in _valid and not UNUSUAL.search(body):
        return ""
    found = _parse(body)
    if not found:
        _valid.add(key)
    return found


def faults_of(body: str) -> list[str]:
    """Everything that is wrong with a page."""
    if invalid := _invalid(body):
        return [invalid]
    tree = quick_tree_of(body)
    found = list(_elements(tree))
    heads = [_text(node) for node in tree.iter("h1")]
    if len(heads) != 1:
        return [*found, f"{len(heads)} h1 elements: {heads}"]
    title = next((_text(node) for node in tree.iter("title")), "")
    if not heads[0] or not re.sub("^(Fout|Error): ", "", title).startswith(heads[0]):
        found.append(f"title {title!r} does not begin with the h1 {heads[0]!r}")
    if tree.get("lang") not in ("nl", "en"):
        found.append("the page does not say in which language it is")
    return found


def check(body: str, where: str) -> None:
    """Fail with all faults of a page; the same page is checked once."""
    digest = hash(re.sub(r'name="csrf_token"[^>]*', "", body))
    if digest not in _fine:
        faults = faults_of(body)
        assert not faults, f"{where}:\n  " + "\n  ".join(faults)
        _fine.add(digest)
