"""The rules for every page find each planted fault, on a page of a new skeleton and on one of a known skeleton."""

import pytest

from tests import html_rules

PAGE = """<!doctype html>
<html lang="nl"><head><title>Kop - Schakel</title></head><body><main id="top"><h1>Kop</h1>
<form method="post" action="/x"><label for="naam">Naam</label><input id="naam" name="naam" value="a"></form>
<p class="fine">Een &amp; twee</p><a href="/verder">Verder</a></main></body></html>
"""
# What is replaced by what, and a part of the sentence about it.
OF_VALUES = [
    ('lang="nl"', 'lang="xx"', "which language"),
    ('for="naam"', 'for="nergens"', "points at nothing"),
    ('id="top"', 'id="naam"', "stands 2 times"),
    ('action="/x"', 'action="https://elders.test/x"', "leaves this site"),
    ('href="/verder"', 'href="javascript:alert(1)"', "leaves this site"),
    ("<title>Kop", "<title>Anders", "does not begin with the h1"),
    ("Een &amp; twee", "Een &onbekend; twee", "not valid HTML5"),
    ("Een &amp; twee", "Een \x01 twee", "not valid HTML5"),
    ("Een &amp; twee", "Een < twee", "not valid HTML5"),
    ('value="a"', 'value="&onbekend;"', "not valid HTML5"),
]
OF_TAGS = [
    ("<h1>Kop</h1>", "<h1>Kop</h1><h1>Kop</h1>", "2 h1 elements"),
    ("<p class", '<p style="color:red" class', "attribute style"),
    ("</main>", "<script>alert(1)</script></main>", "inline script"),
    ("</main>", "<style>p{}</style></main>", "style element"),
    ("</main>", "<div></main>", "not valid HTML5"),
    ('<p class="fine">', '<p class="fine" class="two">', "not valid HTML5"),
    ("<!doctype html>", "", "not valid HTML5"),
]


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(html_rules, "_valid", set())
    monkeypatch.setattr(html_rules, "_fine", set())


def test_a_good_page_has_no_faults():
    assert html_rules.faults_of(PAGE) == []
    html_rules.check(PAGE, "here")


@pytest.mark.parametrize(("old", "new", "sentence"), OF_VALUES + OF_TAGS)
@pytest.mark.parametrize("known", [False, True])
def test_a_planted_fault_is_found(old, new, sentence, known):
    if known:
        html_rules.check(PAGE, "here")
    planted = PAGE.replace(old, new, 1)
    assert planted != PAGE
    with pytest.raises(AssertionError, match=sentence):
        html_rules.check(planted, "here")


def test_a_page_with_other_texts_and_values_is_not_parsed_again(monkeypatch):
    html_rules.check(PAGE, "here")
    monkeypatch.setattr(html_rules, "_parse", lambda _body: pytest.fail("parsed"))
    html_rules.check(PAGE.replace("Kop", "Andere kop").replace('value="a"', 'value="b"'), "here")
