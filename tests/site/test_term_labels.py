"""The labels of a time line never overlap, so axe can decide the contrast of each, for every position of today."""

from itertools import product

import pytest
from flask import render_template_string

from tests import axe, databases, web_client

PAGE = """{% extends "_shared/layout.html" %}{% import "_shared/pieces.html" as p with context %}
{% block title %}Termijnen{% endblock %}{% block body_class %}work{% endblock %}
{% block content %}<h1>Termijnen</h1><section><h2>Elke stand</h2><div class="split split--wide">
<div class="sheet">{{ p.terms(items) }}</div></div></section>{% endblock %}"""
# The widest date in every place, the worst case for each position; target and latest differ, or one label is left out.
WIDE = {"start_on": "wo 30 mrt", "today": "wo 30 mrt", "target_on": "wo 30 mrt", "latest_on": "wo 31 mrt"}
EVERY = range(0, 101, 4)
SOME = (
    0,
    3,
    12,
    30,
    48,
    52,
    62,
    86,
    100,
)  # on both sides of the limit at which the two labels above the line become one
# Differences between machines and readers: the installed fonts and the size of the text.
LETTERS = {
    "as designed": ":root{}",
    "a wide font": ":root{--font-text:'DejaVu Sans'!important}",
    "large": ":root{font-size:150%}",
}
OVERLAPS = """() => [...document.querySelectorAll('.plot--term')].flatMap(plot => {
  const box = plot.getBoundingClientRect(), name = plot.closest('.term').querySelector('h3').textContent;
  const labels = [...plot.querySelectorAll('.lbl')].map(one => [one.textContent, one.getBoundingClientRect()]);
  const lie = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;
  return [
    ...labels.filter(([, at]) => at.left < box.left - 1 || at.right > box.right + 1).map(([text]) => `${name}: ${text} sticks out`),
    ...labels.flatMap(([text, at], n) => labels.slice(n + 1).filter(other => lie(at, other[1]))
      .map(other => `${name}: ${text} and ${other[0]} overlap`)),
  ];
})"""


def positions(steps):
    """Return (today, target, latest) in percentages: in time, and late with the latest date anywhere on the line."""
    yield from ((today, target, 100) for today, target in product(steps, steps))
    yield from ((100, target, latest) for target, latest in product(steps, steps) if target <= latest < 100)


def term(today, target, latest):
    late = latest < 100
    return WIDE | {
        "name": f"Termijn {today} {target} {latest}", "article": "artikel 1", "status": "late" if late else "calm", "note": "",
        "days_left": "3", "today_at": today, "target_at": target, "latest_at": latest,
    }  # fmt: skip


@pytest.fixture
def page_of_terms(app, browser):
    """Open a page with these terms in a browser of this width, with the application's style sheets."""
    client, contexts = web_client.make_client(app), []
    client.check_pages = False

    def open_page(items, width):
        with app.test_request_context(base_url=databases.BASE_URL):
            html = render_template_string(PAGE, items=items)
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce"))
        page = contexts[-1].new_page()

        def serve(route):
            path = route.request.url.removeprefix("https://schakel.example.org")
            if path == "/termijnen":
                return route.fulfill(body=html, content_type="text/html; charset=utf-8")
            answer = client.get(path)
            return route.fulfill(
                body=answer.data, content_type=answer.headers["Content-Type"], status=answer.status_code
            )

        page.route("**/*", serve)
        page.goto("https://schakel.example.org/termijnen", wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("width", axe.WIDTHS)
def test_labels_are_inside_the_plot_and_apart_for_every_position_of_today(page_of_terms, width, letters):
    page = page_of_terms([term(*place) for place in positions(EVERY)], width)
    page.add_style_tag(content=LETTERS[letters])
    assert page.locator(".plot--term").count() == len(list(positions(EVERY)))
    assert page.evaluate(OVERLAPS) == []


def test_labels_that_overlap_or_stick_out_are_found(page_of_terms):
    page = page_of_terms([term(88, 55, 100)], 390)
    page.add_style_tag(content=".lbl-row .lbl { position: absolute; left: 70%; white-space: nowrap }")
    found = page.evaluate(OVERLAPS)
    assert "Termijn 88 55 100: uiterlijk wo 31 mrt sticks out" in found
    assert "Termijn 88 55 100: wo 30 mrt and uiterlijk wo 31 mrt overlap" in found


@pytest.mark.parametrize("width", axe.WIDTHS)
def test_axe_decides_the_contrast_of_every_label_in_light_and_dark(page_of_terms, width):
    page = page_of_terms([term(*place) for place in positions(SOME)], width)
    assert axe.complaints(page, width) == []


def test_a_term_whose_target_is_its_first_day_has_a_label_on_that_day(app):
    with app.test_request_context(base_url=databases.BASE_URL):
        html = render_template_string(PAGE, items=[term(60, 0, 100)])
    assert '<span class="lbl-gap x0"></span><span class="lbl lbl--strong">streef wo 30 mrt</span>' in html
