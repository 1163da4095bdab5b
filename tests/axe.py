"""Accessibility (axe) and overflow of a page in a browser, in the light and dark themes, with everything unfolded."""

from pathlib import Path
from typing import Any

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that can differ between light and dark
# Transitions off: axe would measure a colour between light and dark.
SETTLED = "() => Promise.all(document.getAnimations().map(one => one.finished.catch(() => null)))"
WIDTHS = (390, 1280)


RULES = {"light": {"type": "tag", "values": TAGS}, "dark": {"type": "rule", "values": COLOURS}}


def complaints(page: Any, width: int, themes: tuple[str, ...] = ("light", "dark")) -> list[str]:
    """Return all faults of the open page, `width` pixels wide; an empty list when there are none."""
    found = []
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"scrolls sideways: {wide} > {width}")
    page.evaluate(AXE)
    for scheme in themes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        found += [f"{scheme}: {fault}" for fault in _axe(page, RULES[scheme])]
    return found


def _axe(page: Any, rules: dict[str, Any]) -> list[str]:
    options = {"runOnly": rules, "resultTypes": ["violations", "incomplete"]}
    seen = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"axe {how}: {one['id']}: {one['nodes'][0]['html'][:120]} ({len(one['nodes'])}x)"
        for how in ("violations", "incomplete")
        for one in seen[how]
    ]


def good(page: Any) -> None:
    """Fail unless the current page, also the response to a form or without scripts, passes at phone and desktop width.

    It is loaded again in a second browser: nothing is sent twice, and axe needs scripts that the visitor may lack.
    """
    visible, address = page.content(), page.url.partition("#")[0]
    for width in WIDTHS:
        context = page.context.browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        try:
            twin = context.new_page()
            twin.route(address, lambda route: route.fulfill(body=visible, content_type="text/html; charset=utf-8"))
            twin.goto(address, wait_until="load")
            wrong = complaints(twin, width)
        finally:
            context.close()
        assert not wrong, f"{address} at {width}: {wrong}"
