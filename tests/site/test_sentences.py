"""Every Dutch sentence in code and templates goes through gettext."""

import ast

import pytest

from tests import sentences
from tests.source_tree import ROOT, SOURCE, TEMPLATES, code

# Read by operators on a command line or in a log, or by developers on /stijl.
COMMAND_LINE = {"audit/rules.py", "audit/service.py", "reports/loops/queries.py", "notifications/mailer.py"}
SAMPLES = ("home/sample", "home/style_sample")


def is_exempt(name: str) -> bool:
    return name.startswith(("cli/", *SAMPLES)) or name.endswith("commands.py") or name in COMMAND_LINE


def test_every_dutch_sentence_in_the_code_goes_through_gettext():
    found = [
        f"{name}:{line}: {text}"
        for path, tree in code()
        if not is_exempt(name := path.relative_to(SOURCE).as_posix())
        for line, text in sentences.in_code(tree)
    ]
    assert found == []


def test_every_text_in_the_templates_goes_through_gettext():
    found = [
        f"{name}: {text}"
        for path in TEMPLATES
        if path.is_file() and not (name := path.relative_to(ROOT / "templates").as_posix()).startswith("home/stijl")
        for text in sentences.in_template(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'subject = "Er is een plaats voor u"',
        'subject = f"Er is een plaats voor {name}"',
        'subject = gettext(f"Er is een plaats voor {name}")',
        'raise ValidationError("Dit is geen getal.")',
        'raise Refused("Nee.", because="Dit mag u niet.")',
        'button = ("Bekijk", link)',
        'HEADS = ("Eigenaar", "Thema")',
    ],
)
def test_a_sentence_planted_in_the_code_is_found(line):
    assert sentences.in_code(ast.parse(line))


@pytest.mark.parametrize(
    "line",
    [
        '"""De maatregel is van u."""',
        'def f():\n    """De maatregel is van u."""',
        'subject = gettext("Er is een plaats voor %(name)s", name=name)',
        'raise errors.Refused("Dit mag u niet.", field="name")',
        'text = ngettext("één van de dagen", "%(num)d van de dagen", 2)',
        'raise ValueError("a verb stands in the table twice")',
        'KEYS = ("staat", "thema")',
    ],
)
def test_translated_text_and_text_not_for_people_are_not_found(line):
    assert sentences.in_code(ast.parse(line)) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>Kies een dag</p>",
        "<p>{{ name }} kiest</p>",
        '<img alt="Een kaart">',
        '{{ f.submit("Bekijk") }}',
        '{% set title = "Er is een plaats voor u" %}',
        '{{ p.state("done", "Dit is klaar", _("Klaar")) }}',
    ],
)
def test_a_text_planted_in_a_template_is_found(text):
    assert sentences.in_template(text)


@pytest.mark.parametrize(
    "text",
    [
        '<p class="lead">{{ _("Kies een dag") }}</p>{# niet voor u #}',
        '{{ ngettext("%(num)d van u", "%(num)d van u allen", 2) }} · 17.30',
        '{% block main_class %}wrap narrow{% endblock %}<svg viewBox="0 0 1 1"><path d="M1 2"/></svg>',
    ],
)
def test_nothing_is_found_in_a_translated_template(text):
    assert sentences.in_template(text) == []
