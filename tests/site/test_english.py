"""For an English reader no page or mail contains a Dutch sentence of the application; typed text stays."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import catalogue, mailbox, make
from tests.html import tree_of
from tests.matrix import cells, expected, filled, objects_of
from tests.registrations import make_registrations
from tests.sentences import is_dutch

SPOKEN = ("alt", "aria-label", "placeholder", "title")
TYPED = ("KANARIEA", "Avond over bereikbaarheid", "Aanwezigen", "Tjitske Voorbeeldsma")


@pytest.fixture(autouse=True)
def english(app, monkeypatch):
    """English as the language of every request of a test."""
    babel = app.extensions["babel"]
    with app.app_context():
        domain = babel.instance.domain_instance
    monkeypatch.setitem(domain.cache, ("en", "messages"), catalogue.english())
    monkeypatch.setattr(babel, "locale_selector", lambda: "en")


def texts_of(html: str) -> list[str]:
    """Return every piece of text of a page, with labels for screen readers."""
    nodes = [node for node in tree_of(html).iter() if node.tag not in ("script", "style")]
    texts = [text for node in nodes for text in (node.text, node.tail, *(node.get(name) for name in SPOKEN))]
    return [" ".join(text.split()) for text in texts if text and text.strip()]


def dutch_of(texts: list[str]) -> list[str]:
    return [text for text in texts if is_dutch(text) and not any(typed in text for typed in TYPED)]


@pytest.mark.parametrize("actor", ["anonymous", "coordinator", "medical_director", "administrator"])
def test_every_page_of_a_role_is_english(app, work, client_of, client, actor):
    with work():
        tenant = make.make_tenant("KANARIEA")
        things = objects_of(tenant)
    visitor = client_of(tenant.accounts[actor]) if actor in tenant.accounts else client
    left, read = {}, 0
    for endpoint, method, path, case, cell in cells(unsafe=False):
        if expected(cell, actor) == 200 and not endpoint.startswith("home.stijl"):
            page = visitor.open(filled(path, endpoint, case, things), method=method)
            if page.mimetype == "text/html":
                left[path] = [*left.get(path, []), *dutch_of(texts_of(page.text))]
                read += tree_of(page.text).get("lang") == "en"
    assert {path: texts for path, texts in left.items() if texts} == {}
    assert read >= len(left) > 5


def test_the_page_of_an_event_has_text_and_dates_in_english_and_a_dutch_reader_gets_dutch(
    app, work, client, monkeypatch
):
    hall = make_registrations.make_hall(work, {"huisarts": 3}, sessions=(5, 5))
    page = client.get(hall.path).text
    assert "Register" in page and "Add to my calendar" in page and hall.starts_at.strftime("%a ") in page
    assert not [word for word in ("Aanmelden", "Meld u aan", "Zet in mijn agenda", " uur", "vrij") if word in page]
    monkeypatch.setattr(app.extensions["babel"], "locale_selector", lambda: "nl")
    assert "Zet in mijn agenda" in client.get(hall.path).text


def test_refusals_and_error_pages_are_in_english(work, client):
    hall = make_registrations.make_hall(work, {"huisarts": 3}, sessions=(5, 5))
    refused = client.send(f"{hall.path}/aanmelden", {"name": "", "email": "geen adres"})
    assert refused.status_code == 422 and "Fill in your name." in refused.text
    assert dutch_of(texts_of(refused.text)) == []
    assert dutch_of(texts_of(client.get("/bijeenkomsten/nergens").text)) == []


def test_the_mail_of_a_registration_is_english(work, client):
    hall = make_registrations.make_hall(work, {"huisarts": 3}, sessions=(5, 5))
    make_registrations.sign_up(client, hall)
    with work():
        (mail,) = mailbox.mails()
        texts = [mail.subject, *_strings(mail.content)]
    assert any("You are registered" in text for text in texts)
    assert dutch_of(texts) == []


def _strings(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _strings(part)
