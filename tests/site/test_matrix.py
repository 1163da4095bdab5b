"""Closed by default: every running route against matrix.yaml, for every role, the neighbours and strangers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from flask import Flask

from schakel import dates, web
from tests import make
from tests.browsing import Client

MATRIX = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text())
ACTORS = ("anonymous", *make.ROLES, "foreign")
FILES = {"static": "css/schakel.css", "bootstrap.static": "css/bootstrap.min.css"}
NOWHERE_ID = 987_654


def methods_of(entry: dict) -> list[str]:
    return [name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if name in entry]


def expected(cell: dict, actor: str) -> int:
    named = {name.strip(): status for names, status in cell.items() for name in names.split(",")}
    assert set(named) <= {*ACTORS, "rest"}, f"unknown actors in {cell}"
    return named.get(actor, named.get("rest"))


def filled(path: str, endpoint: str, case: str, tenant: make.Tenant | None) -> str:
    """The address of a route for a case: an event of the tenant, or one that is nowhere."""
    state, _, verb = case.partition(" ")
    known = tenant and tenant.events.get(state)
    values = {"slug": known.slug if known else "nergens", "slot_id": tenant.slots[state] if known else NOWHERE_ID}
    values |= {"word": verb, "filename": FILES.get(endpoint, ""), "part": "html", "number": 1}
    values |= {name: "A" * 22 for name in ("token", "public_id", "nonce")}
    return re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda found: str(values[found[1]]), path)


def cells(unsafe: bool) -> Iterator[tuple[str, str, str, str, dict]]:
    for endpoint, entry in MATRIX.items():
        for method in methods_of(entry):
            if (method != "GET") == unsafe:
                for path in entry["paths"]:
                    yield from ((endpoint, method, path, case, cell) for case, cell in entry[method].items())


def test_every_route_stands_in_the_matrix_with_its_rule(app: Flask):
    running: dict[str, dict] = {}
    for rule in app.url_map.iter_rules():
        one = running.setdefault(rule.endpoint, {"paths": set(), "methods": set()})
        one["paths"].add(rule.rule)
        one["methods"] |= rule.methods - {"HEAD", "OPTIONS"}
    for endpoint, one in running.items():
        declared = web.rule_of(app, endpoint)
        one |= {"rule": declared.text, "writes": declared.writes or declared.logs_look}
    written = {
        endpoint: {
            "paths": set(entry["paths"]),
            "methods": set(methods_of(entry)),
            **{k: entry[k] for k in ("rule", "writes")},
        }
        for endpoint, entry in MATRIX.items()
    }
    assert running == written


@pytest.fixture
def people(work, app, client_of, client):
    """Clients of both tenants, by actor; page checks are for other tests."""
    with work():
        first, second = make.two_tenants()

    def client_as(actor: str) -> Client:
        account = second.accounts["coordinator"] if actor == "foreign" else first.accounts.get(actor)
        one = client_of(account) if account else app.test_client()
        one.check_pages = actor in ("anonymous", "coordinator")
        return one

    return first, second, client_as


@pytest.mark.parametrize("actor", ACTORS)
def test_looking_gets_what_the_matrix_says(people, actor):
    tenant, _, client_as = people
    client, wrong = client_as(actor), []
    for endpoint, method, path, case, cell in cells(unsafe=False):
        address = filled(path, endpoint, case, tenant)
        got, want = client.open(address, method=method).status_code, expected(cell, actor)
        if got != want:
            wrong.append(f"{method} {address} as {actor}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", ACTORS)
def test_doing_gets_what_the_matrix_says(people, undone, dump, actor):
    tenant, _, client_as = people
    wrong, before = [], dump("audit", "audit_seal")
    for endpoint, method, path, case, cell in cells(unsafe=True):
        address, want = filled(path, endpoint, case, tenant), expected(cell, actor)
        with undone():
            client = client_as(actor)
            answer = client.open(address, method=method, data={"csrf_token": client.token()})
            looked = answer.status_code >= 400 and actor in ("anonymous", "participant", "foreign", "coordinator")
            traces = looked and dump("audit", "audit_seal") != before
        if answer.status_code != want or traces:
            wrong.append(f"{method} {address} as {actor}: {answer.status_code}, not {want}{' and a trace' * traces}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", ["anonymous", "foreign", "participant", "administrator"])
def test_a_foreign_draft_is_byte_for_byte_what_does_not_exist(people, actor, frozen):
    tenant, _, client_as = people
    client, seen = client_as(actor), 0
    frozen.move_to(
        dates.now()
    )  # CSRF marks hold the second in which they were made: nothing is left out of the comparison
    client.get("/")
    for endpoint, method, path, case, _ in cells(unsafe=False):
        if not case.startswith("draft"):
            continue
        there = client.open(filled(path, endpoint, case, tenant), method=method)
        nowhere = client.open(filled(path, endpoint, case.replace("draft", "nowhere"), None), method=method)
        if there.status_code == 302:
            continue  # the way to the door; see the next test
        assert (there.status_code, there.data) == (nowhere.status_code, nowhere.data), path
        assert list(there.headers) == list(nowhere.headers), path
        seen += 1
    assert seen


def test_a_stranger_is_shown_the_door_also_for_what_does_not_exist(people):
    tenant, _, client_as = people
    client = client_as("anonymous")
    for endpoint, method, path, case, cell in cells(unsafe=False):
        if expected(cell, "anonymous") == 302:
            address = filled(path, endpoint, case, tenant)
            answer = client.open(address, method=method)
            assert answer.status_code == 302 and answer.location == f"/inloggen?verder={address}", address


@pytest.mark.parametrize("actor", ["anonymous", "participant", "foreign", "coordinator"])
def test_no_canary_of_the_neighbour_is_on_any_page(people, actor):
    tenant, other, client_as = people
    theirs = other if actor != "foreign" else tenant
    client = client_as(actor)
    for endpoint, method, path, case, _ in cells(unsafe=False):
        for owner in (tenant, other):
            if endpoint.startswith("events.") and case != "draft":
                continue  # published to everybody
            body = client.open(filled(path, endpoint, case, owner), method=method).get_data(as_text=True)
            assert f"draft {theirs.canary}" not in body, path
            if endpoint.startswith("desk."):
                assert f"chosen published {theirs.canary}" not in body, path


def test_a_method_that_a_route_does_not_have_is_refused(client, app):
    for endpoint, entry in MATRIX.items():
        for path in entry["paths"]:
            missing = {"POST", "PUT", "PATCH", "DELETE"} - set(methods_of(entry))
            address = filled(path, endpoint, "nowhere publiceren", None)
            for method in missing:
                answer = client.open(address, method=method)
                assert answer.status_code == 405 and "Allow" in answer.headers, f"{method} {address}"


def test_a_route_without_a_rule_keeps_the_application_from_starting(app: Flask, monkeypatch):
    web.check_rules(app)
    monkeypatch.setitem(app.view_functions, "planted", lambda: "open to all")
    with pytest.raises(RuntimeError, match="planted"):
        web.check_rules(app)


def test_the_factory_itself_refuses_a_route_without_a_rule(engines, run_folder, monkeypatch):
    from schakel.home.views import pages
    from tests import databases

    def plant(state):
        state.app.add_url_rule("/achterdeur", "planted", lambda: "open to all")

    monkeypatch.setattr(pages, "deferred_functions", [*pages.deferred_functions, plant])
    with pytest.raises(RuntimeError, match="planted"):
        databases.make_app(engines("sqlite").empty(), run_folder)
