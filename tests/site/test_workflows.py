"""One workflow per subject: its table is valid, and routes, buttons, matrix and docs follow from it."""

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from schakel.cli import workflows
from schakel.home.today.rules import TaskKind
from schakel.workflow import Shape, StateInfo, Transition, Workflow
from tests import source_tree as source
from tests.source_tree import ROOT, SOURCE


class State(StrEnum):
    A = "a"
    B = "b"


class Verb(StrEnum):
    GO = "go"
    STAY = "stay"


WORDS = {State.A: StateInfo("A", Shape.PENDING), State.B: StateInfo("B", Shape.DONE)}
GO = Transition(Verb.GO, {State.A}, State.B, "Ga", "Gegaan", slug="gaan")
STAY = Transition(Verb.STAY, {State.B}, None, "Blijf", "Gebleven", slug="blijven")


def test_a_verb_is_allowed_only_from_its_sources():
    one = Workflow("x", WORDS, State.A, (GO, STAY))
    assert one.target("a", "go") == "b" and one.target("b", "go") is None
    assert one.target("b", "stay") == "b" and not one.allows("a", "stay")
    assert one.final == {"b"} and [each.verb for each in one.available("b")] == ["stay"]


@pytest.mark.parametrize("verb", ["gone", "", "GO"])
def test_an_unknown_verb_raises(verb):
    one = Workflow("x", WORDS, State.A, (GO, STAY))
    for ask in (one.allows, one.target):
        with pytest.raises(KeyError):
            ask("a", verb)


@pytest.mark.parametrize(
    ("transitions", "states"),
    [
        ((GO, GO), WORDS),
        ((GO, Transition(Verb.STAY, {State.B}, None, "Blijf", "Gebleven", slug="gaan")), WORDS),
        ((GO,), {State.A: WORDS[State.A]}),
        ((STAY,), WORDS),
    ],
    ids=["a verb twice", "a slug twice", "a state without a word", "a state nothing leads to"],
)
def test_an_inconsistent_table_is_refused(transitions, states):
    with pytest.raises(ValueError, match="x: "):
        Workflow("x", states, State.A, transitions)


def test_the_diagrams_in_the_docs_are_those_of_the_code():
    assert {one.name for one in workflows.WORKFLOWS} == {one.name for one in source.workflows()}
    assert (ROOT / "docs" / "workflows.md").read_text() == workflows.page(), "run `make workflows`"


@pytest.mark.parametrize("one", source.workflows(), ids=lambda one: one.name)
def test_every_slug_is_a_route_and_every_page_an_endpoint(app, one):
    endpoints: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        endpoints.setdefault(rule.endpoint, []).append(rule.rule)
    for each in one.transitions.values():
        assert not each.page or each.page in endpoints, each.page
        served = endpoints[each.page] if each.page else [address for rules in endpoints.values() for address in rules]
        if each.slug:
            assert any(re.search(rf"\b{re.escape(each.slug)}\b", address) for address in served), each.slug


@pytest.mark.parametrize("one", source.workflows(), ids=lambda one: one.name)
def test_every_verb_of_the_generic_page_has_its_audit_event(one):
    """Services name the event after the verb (`AuditEvent(f"measure.{verb}")`)."""
    events = {str(event) for kind in source.enums() if kind.__name__ == "AuditEvent" for event in kind}
    assert {f"{one.name}.{each.verb}" for each in one.by_slug.values()} <= events


# Values of an enum that are also ordinary words in code or templates; a literal of them proves nothing.
ORDINARY = {
    "action", "measure", "none", "report", "return", "check", "start", "close", "write", "release", "edit", "create", "cancel",
    "done", "open", "run", "closed", "now", "past", "notice", "break", "round", "plan", "hold", "publish", "wait", "offer",
    "sign_in", "assign", "embed", "accept", "change", "register", "propose", "resume", "medium", "strong", "weak", "deadline",
    "evidence", "made", "chair", "todo", "proven", "professional", "waiting", "moved", "changed", "sent", "failed", "digest",
    "symposium", "mdo", "taken", "agreement", "decided", "held", "administrator", "registered", "week", "all",
}  # fmt: skip


def distinctive() -> dict[str, str]:
    """Return the values of our enums that are no ordinary word, each with its enum."""
    return {
        str(one): f"{kind.__module__}.{kind.__name__}"
        for kind in source.enums()
        for one in kind
        if str(one) not in ORDINARY
    }


def literals(tree: ast.Module) -> set[tuple[int, str]]:
    """Yield the string constants of a module outside its enums and docstrings."""
    inside = {
        id(node)
        for kind in ast.walk(tree)
        if isinstance(kind, ast.ClassDef) and any("StrEnum" in ast.unparse(base) for base in kind.bases)
        for node in ast.walk(kind)
    }
    return {
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside
    }


def test_no_code_has_a_literal_of_an_enum_value():
    values = distinctive()
    assert len(values) > 80
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} {value!r} is {values[value]}"
        for path, tree in source.code()
        for line, value in sorted(literals(tree))
        if value in values
    ]
    assert wrong == []


def draws(path: Path) -> bool:
    """Whether a template belongs to the macros, which draw each shape, or to /stijl, which displays them all."""
    return "_shared" in path.parts or "stijl" in path.parts


def test_no_template_has_a_literal_of_an_enum_value():
    values = distinctive()
    drawn = {*Shape, *TaskKind}
    quoted = re.compile(r"""["']([a-z_.]+)["']""")
    wrong = [
        f"{path.name}: {found!r} is {values[found]}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for found in quoted.findall("".join(re.findall(r"\{[{%].*?[%}]\}", path.read_text(), re.S)))
        if found in values and not (draws(path) and found in drawn)
    ]
    assert wrong == []


COMPARED = re.compile(r"""(?:==|!=|\bin)\s*[\[(]?\s*["']([a-z_]+)["']""")


def compared(text: str) -> set[str]:
    """Yield values of enums, including ordinary words, that a template compares with."""
    values = {str(one) for kind in source.enums() for one in kind}
    return {found for found in COMPARED.findall("".join(re.findall(r"\{[{%].*?[%}]\}", text, re.S))) if found in values}


def test_templates_of_features_compare_with_no_value_of_an_enum():
    """A template uses a flag from its view. The macros of _shared and the samples on /stijl have their own values."""
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in (ROOT / "templates").rglob("*.html")
        if not draws(path) and (found := compared(path.read_text()))
    }
    assert wrong == {}


def test_a_comparison_with_a_value_is_found():
    assert compared('{% if event.form != "none" %}{% endif %}') == {"none"}
