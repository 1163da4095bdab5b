"""The style sheets of the site: every class and every token in them is used; icons are drawn in one place."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from schakel.home.today.rules import TaskKind
from schakel.loop import KnotKind
from schakel.workflow import Shape
from tests.source_tree import ROOT, SOURCE

SHEETS = sorted((SOURCE / "static" / "css").glob("*.css"))
PAGES = sorted((ROOT / "templates").rglob("*.html"))
ATTRIBUTE = re.compile(r'\bclass="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"')
BLOCKS = ("body_class", "main_class")
KEYWORDS = ("class_", "cls")
ANY = "\0"  # stands for a value that only the page knows
JINJA = Environment(autoescape=True)


def defined(sheet: str) -> set[str]:
    """The classes in the selectors of a style sheet."""
    bare = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheet, flags=re.S)
    return set(re.findall(r"\.(-?[_a-zA-Z][\w-]*)", bare))


def joined(parts: list[nodes.Node]) -> set[str]:
    """Every text that these parts of a template can become, one after the other."""
    return {"".join(one) for one in itertools.product(*map(texts, parts))}


def texts(node: nodes.Node) -> set[str]:
    """Every text that a part of a template can become; what only the page knows is ANY."""
    match node:
        case nodes.TemplateData(data=text) | nodes.Const(value=str(text)):
            return {text}
        case nodes.Output(nodes=parts) | nodes.Concat(nodes=parts):
            return joined(parts)
        case nodes.CondExpr(expr1=one, expr2=other):
            return texts(one) | (texts(other) if other else {""})
        case nodes.If(body=body, elif_=others, else_=otherwise):
            return joined(body) | joined(otherwise) | {text for one in others for text in joined(one.body)}
        case _:
            return {ANY}


def values(template: str) -> Iterator[set[str]]:
    """What stands in each class attribute of a template, in its blocks for classes, and in arguments for them."""
    for value in ATTRIBUTE.findall(template):
        yield joined(JINJA.parse(value).body)
    tree = JINJA.parse(template)
    yield from (joined(block.body) for block in tree.find_all(nodes.Block) if block.name in BLOCKS)
    yield from (texts(one.value) for one in tree.find_all(nodes.Keyword) if one.key in KEYWORDS)
    for macro in tree.find_all(nodes.Macro):
        arguments = macro.args[len(macro.args) - len(macro.defaults) :]
        yield from (
            texts(value) for name, value in zip(arguments, macro.defaults, strict=True) if name.name in KEYWORDS
        )


def used(template: str) -> set[str]:
    """The classes that a template gives to elements, with ANY where a part is known to the page only."""
    return {name for one in values(template) for text in one for name in text.split() if name != ANY}


def unused(sheet: str, templates: list[str]) -> list[str]:
    """The classes of a style sheet that no template uses."""
    names = set().union(*map(used, templates))
    built = re.compile("|".join(re.escape(name).replace(ANY, r"[\w-]+") for name in names) or "(?!)")
    return sorted(one for one in defined(sheet) if not built.fullmatch(one))


def texts_of(paths: list[Path]) -> list[str]:
    return [path.read_text() for path in paths]


def test_every_class_of_the_style_sheets_is_used():
    sheet = "\n".join(texts_of(SHEETS))
    assert len(defined(sheet)) > 200 and not unused(sheet, texts_of(PAGES))


def test_an_unused_class_is_found():
    sheet = ".a { top: 1.5rem; } @media print { .b > .c:not(.d) { left: 0; } } /* .gone */ .t--x { } .t { } .e { }"
    page = '{% block body_class %}a{% endblock %}<i class="b{% if x %} c{% endif %} t{{ "" if x else "--" ~ y }}">{{ f(cls="d") }}'
    assert unused(sheet, [page]) == ["e"]
    assert unused(sheet, ["<p>a b c d t</p>"]) == ["a", "b", "c", "d", "e", "t", "t--x"]


# Classes that a template builds from a value of an enum: what stands before the value, and the enum.
BUILT = {"state--": Shape, "p-": Shape, "key-": Shape, "knot--": KnotKind, "task--": TaskKind}


def strangers(sheet: str) -> set[str]:
    """The built classes of a style sheet whose value is in no enum; `state--flat` is a modifier."""
    known = {f"{prefix}{value}" for prefix, kind in BUILT.items() for value in kind} | {"state--flat"}
    return {one for one in defined(sheet) if one.startswith(tuple(BUILT))} - known


def test_every_built_class_has_a_value_of_its_enum():
    assert not strangers("\n".join(texts_of(SHEETS)))


def test_a_built_class_without_a_value_is_found():
    assert strangers(".state--late { } .task--late { } .task--stop { } .p-never { }") == {"task--stop", "p-never"}


def test_every_shape_has_its_icon():
    icons = (SOURCE / "static" / "icons.svg").read_text()
    assert not [shape for shape in Shape if f'id="s-{shape}"' not in icons]


def idle_tokens(sheet: str) -> set[str]:
    """The custom properties that are set and never read; those of Bootstrap are read by its own sheet."""
    written = set(re.findall(r"(?<![\w-])(--[\w-]+)\s*:", re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)))
    return {name for name in written - set(re.findall(r"var\((--[\w-]+)", sheet)) if not name.startswith("--bs-")}


def test_every_token_is_used():
    assert not idle_tokens("\n".join(texts_of(SHEETS)))


def test_an_unused_token_is_found():
    assert idle_tokens("a { --a: 1; --b: 2; top: var(--a); } .t--open:hover { --bs-gap: 0; }") == {"--b"}


def test_icons_are_drawn_by_one_macro():
    drawn = [path.name for path in PAGES if re.search(r'<svg class="icon|macro ic(on)?\b', path.read_text())]
    assert drawn == ["icons.html"]
