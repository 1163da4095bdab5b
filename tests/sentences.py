"""Dutch text in code and templates that does not go through gettext, so that `make translations` cannot find it."""

import ast
import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

from tests import catalogue

# The arguments that hold a msgid, by the name of the function.
KEYWORDS = {"_": 1, "gettext": 1, "lazy_gettext": 1, "N_": 1, "Refused": 1, "ngettext": 2}
# Words that occur in Dutch sentences and not in English ones.
DUTCH = re.compile(
    r"(?<![\w-])(aan|alle|alleen|bij|deze|die|dit|een|eigen|er|geen|haar|het|hij|hoe|iemand|kan|maar|maatregel|met|meer|"
    r"moet|naar|niet|niets|nog|nu|ook|om|staat|tot|u|uit|uw|van|vanaf|voor|waar|wat|weer|wie|wordt|zijn|"
    r"zonder)(?![\w-])",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"(?<!\w)(the|a|an|to|no|not|and|that|with|has|be|on|for)(?!\w)")


def is_dutch(text: str) -> bool:
    """Whether a text is a Dutch sentence, or a word of the catalogue as displayed on a screen."""
    words = text.strip()
    if words[:1].isupper() and words in catalogue.msgids():
        return True
    return " " in words and bool(DUTCH.search(words)) and not ENGLISH.search(words)


def in_code(tree: ast.Module) -> list[tuple[int, str]]:
    """Yield line and text of every Dutch sentence in a module that is no docstring and does not go through gettext."""
    return [(line, text) for line, text in _texts(tree) if is_dutch(text)]


def _texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _texts(part.value)
    else:
        for child in _children(node):
            yield from _texts(child)


def _children(node: ast.AST) -> list[ast.AST]:
    """Yield the parts of a node, without the arguments of gettext and without its docstring."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        taken = [one for one in node.args[: KEYWORDS.get(name, 0)] if isinstance(one, ast.Constant)]
        return [child for child in ast.iter_child_nodes(node) if child not in taken]
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
        children.remove(node.body[0])
    return children


# Text that people do not read or that is the same in every language; the classes of a page are in their own block.
_SKIPPED = re.compile(r"\{#.*?#\}|\{% block \w+_class %\}.*?\{% endblock %\}|<(style|script)\b.*?</\1>", re.DOTALL)
_MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_SPOKEN = re.compile(r'\b(?:alt|aria-label|placeholder|title)="([^"]*)"')
_NAMES = re.compile(r"Schakel|English|METHOD|afspraak-|\.ics|-error|-hint|&nbsp;")


def in_template(source: str) -> list[str]:
    """Yield every text of a template that does not go through gettext: between tags, in labels, in expressions."""
    html = _MARKUP.sub(" ", _SKIPPED.sub(" ", source))
    texts = [*_SPOKEN.findall(html), *re.split(r"<[^>]*>", html)]
    words = [one.strip() for one in texts if re.search(r"[^\W\d_]{2}", _NAMES.sub("", one))]
    return words + [one for one in _constants(Environment().parse(source)) if is_dutch(one)]


def _constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    taken = []
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        taken = [one for one in node.args[: KEYWORDS.get(node.node.name, 0)] if isinstance(one, nodes.Const)]
    for child in node.iter_child_nodes():
        if child not in taken:
            yield from _constants(child)
