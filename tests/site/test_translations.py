"""The catalogue has exactly the sentences of code and templates, each with a matching English text."""

import gettext
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from tests import catalogue
from tests.catalogue import forms

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalogues")
    path = catalogue.copy_of(folder)
    outcome = catalogue.extract_into(folder)
    assert outcome.returncode == 0, outcome.stderr
    return path


def faults(stored: Catalog, fresh: Catalog) -> list[str]:
    """Return what is wrong with a catalogue, compared with a newly extracted one."""
    known, wanted = ({one.id for one in catalogue.messages(some)} for some in (stored, fresh))
    missing = [f"missing, run make translations: {one}" for one in sorted(map(str, wanted - known))]
    stale = [f"stale, run make translations: {one}" for one in sorted(map(str, known - wanted))]
    return missing + stale + [f"{fault}: {one.id}" for one in catalogue.messages(stored) for fault in _wrong(one)]


def _wrong(message: Message) -> Iterator[str]:
    dutch, english = forms(message.id), forms(message.string)
    if len(dutch) != len(english) or not all(english):
        yield "untranslated"
    elif [set(PLACEHOLDER.findall(one)) for one in dutch] != [set(PLACEHOLDER.findall(one)) for one in english]:
        yield "other placeholders"
    if message.fuzzy:
        yield "fuzzy"


def test_the_catalogue_has_every_sentence_and_no_other_and_all_are_translated(extracted):
    assert faults(catalogue.read(catalogue.STORED), catalogue.read(extracted)) == []


def test_extracting_again_does_not_change_the_catalogue(extracted):
    assert extracted.read_text() == catalogue.STORED.read_text()


def test_the_header_names_no_placeholder():
    header = catalogue.STORED.read_text().partition("\n\n")[0]
    assert "Schakel" in header
    assert not re.search("@|PROJECT|ORGANIZATION|FULL NAME|FIRST AUTHOR|fuzzy", header)


def test_the_catalogue_compiles_to_one_file_and_leaves_no_other(extracted):
    assert {path.name for path in extracted.parents[2].rglob("*") if path.is_file()} == {"messages.po", "messages.mo"}
    with open(extracted.with_suffix(".mo"), "rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Vandaag") == "Today"
    assert compiled.ngettext("%(num)d dag te laat", "%(num)d dagen te laat", 2) == "%(num)d days late"


def _retranslate(stored: Catalog, msgid: str, english: str | tuple[str, str]) -> None:
    stored.get(msgid).string = english


PLANTED = {
    "untranslated: Vandaag": lambda it: _retranslate(it, "Vandaag", ""),
    "untranslated: ('%(num)d dag": lambda it: _retranslate(it, "%(num)d dag te laat", ("%(num)d day late", "")),
    "stale": lambda it: it.add("Deze zin staat nergens meer.", "This sentence is nowhere any more."),
    "missing": lambda it: it.delete("Vandaag"),
    "other placeholders": lambda it: _retranslate(it, "Beste %(name)s,", "Dear %(naam)s,"),
    "fuzzy": lambda it: it.get("Vandaag").flags.add("fuzzy"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault, extracted):
    stored = catalogue.read(catalogue.STORED)
    PLANTED[fault](stored)
    assert any(one.startswith(fault) for one in faults(stored, catalogue.read(extracted)))


def test_every_way_to_write_a_sentence_is_extracted(tmp_path):
    code = tmp_path / "platform" / "new.py"
    page = tmp_path / "templates" / "_shared" / "new.html"
    for path, text in (
        (
            code,
            'N_("a"), gettext("b"), lazy_gettext("c"), _("d"), ngettext("e", "f", 2)\nraise Refused("g", field="h")',
        ),
        (page, '<p title="{{ _("i") }}">{{ ngettext("j", "k", 2) }}</p>'),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    path = catalogue.copy_of(tmp_path / "catalogues")
    outcome = catalogue.extract_into(tmp_path / "catalogues", tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    found = [one.id for one in catalogue.messages(catalogue.read(path))]
    assert found == ["a", "b", "c", "d", ("e", "f"), "g", "i", ("j", "k")]


def test_a_template_with_a_syntax_error_stops_the_extraction(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "broken.html").write_text('{{ _("a" }}')
    catalogue.copy_of(tmp_path / "catalogues")
    assert catalogue.extract_into(tmp_path / "catalogues", tmp_path).returncode != 0
