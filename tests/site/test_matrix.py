"""Closed by default: every running route against the matrix (tests/matrix.py), for every role, the neighbours and strangers."""

import pytest
from flask import Flask

from schakel import dates, db, request_hooks
from schakel.identity.links.models import Link
from tests import make
from tests.matrix import ACTORS, LINKS, MATRIX, cells, expected, filled, first_verb_of, methods_of, objects_of, sent
from tests.web_client import Client

INNER = ("medical_director", "quality_adviser", "board_secretary", "secretary", "department_head")
HIDDEN = ("anonymous", "foreign", "participant", "administrator", "complaints_officer", "coordinator", *LINKS)


def test_every_route_stands_in_the_matrix_with_its_rule(app: Flask):
    running: dict[str, dict] = {}
    for rule in app.url_map.iter_rules():
        one = running.setdefault(rule.endpoint, {"paths": set(), "methods": set()})
        one["paths"].add(rule.rule)
        one["methods"] |= rule.methods - {"HEAD", "OPTIONS"}
    for endpoint, one in running.items():
        declared = request_hooks.rule_of(app, endpoint)
        one |= {"rule": declared.text, "writes": declared.writes or declared.logs_read}
    written = {
        endpoint: {
            "paths": set(entry["paths"]),
            "methods": set(methods_of(entry)),
            **{k: entry[k] for k in ("rule", "writes")},
        }
        for endpoint, entry in MATRIX.items()
    }
    assert running == written


def two_tenants_with_objects() -> tuple:
    """What both tenants have, and what the sessions of those with a link hold."""
    first, second = make.two_tenants()
    things, theirs = objects_of(first), objects_of(second)
    opened = {"link:action": ("action", "asked"), "link:other": ("action", "aside")}
    opened["link:registration"] = ("registration", "registration")
    scopes = {}
    for actor, (kind, state) in opened.items():
        link = db.session().query(Link).filter_by(kind=kind, object_id=things[state]["id"]).one()
        scopes[actor] = [[link.public_id, link.generation, "raw"]]
    return (first, things), (second, theirs), scopes


with_tenants = pytest.mark.prepared(by=two_tenants_with_objects)


@pytest.fixture
def people(prepared, app, client_of, client):
    """What both tenants have, and clients by actor; page checks are for other tests."""
    (first, things), (second, theirs), scopes = prepared

    def client_as(actor: str) -> Client:
        account = second.accounts["coordinator"] if actor == "foreign" else first.accounts.get(actor)
        one = client_of(account) if account else app.test_client()
        if actor in scopes:
            with one.session_transaction() as session:
                session["links"] = scopes[actor]
        one.check_pages = actor in ("anonymous", "coordinator", "medical_director", "link:action")
        return one

    return (first, things), (second, theirs), client_as


@with_tenants
@pytest.mark.parametrize("actor", ACTORS)
def test_reading_gets_the_status_in_the_matrix(people, actor):
    (_, things), _, client_as = people
    client, wrong = client_as(actor), []
    for endpoint, method, path, case, cell in cells(unsafe=False):
        address = filled(path, endpoint, case, things)
        got, want = client.open(address, method=method).status_code, expected(cell, actor)
        if got != want:
            wrong.append(f"{method} {address} ({case}) as {actor}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)


@with_tenants
@pytest.mark.parametrize("actor", ACTORS)
def test_writing_gets_the_status_in_the_matrix(people, undone, dump, actor):
    (_, things), _, client_as = people
    wrong, before = [], dump("audit", "audit_seal")
    for endpoint, method, path, case, cell in cells(unsafe=True):
        address, want = filled(path, endpoint, case, things), expected(cell, actor)
        with undone():
            client = client_as(actor)
            answer = client.open(address, method=method, data=sent(client, endpoint, case))
            refused = answer.status_code >= 400 and actor in ("anonymous", "participant", "foreign", "link:other")
            traces = refused and dump("audit", "audit_seal") != before
        if answer.status_code != want or traces:
            wrong.append(
                f"{method} {address} ({case}) as {actor}: {answer.status_code}, not {want}{' and a trace' * traces}"
            )
    assert not wrong, "\n".join(wrong)


@with_tenants
@pytest.mark.parametrize("actor", HIDDEN)
def test_what_is_not_for_you_is_byte_for_byte_what_does_not_exist(people, undone, actor, frozen):
    (_, things), _, client_as = people
    client, seen, differences = client_as(actor), 0, []
    frozen.move_to(
        dates.now()
    )  # CSRF tokens hold the second in which they were made: nothing is left out of the comparison
    client.get("/")
    client.send("/bijeenkomsten/nergens/aanmelden")  # from here on the session stays as it is
    for endpoint, method, path, case, cell in (*cells(unsafe=False), *cells(unsafe=True)):
        state, _, verb = case.partition(" ")
        nowhere = next(
            (
                MATRIX[endpoint][method][name]
                for name in (f"nowhere {verb}", "nowhere")
                if name in MATRIX[endpoint][method]
            ),
            None,
        )
        if nowhere is None or state == "nowhere" or expected(cell, actor) not in (403, 404):
            continue
        if expected(cell, actor) != expected(nowhere, actor):
            continue  # it may be seen, only this may not be done with it
        data = {"data": sent(client, endpoint, case)} if method != "GET" else {}
        there = client.open(filled(path, endpoint, case, things), method=method, **data)
        none = client.open(filled(path, endpoint, f"nowhere {verb}", {}), method=method, **data)
        if (there.status_code, there.data, list(there.headers)) != (none.status_code, none.data, list(none.headers)):
            differences.append(f"{method} {path} ({case}) as {actor}: {there.status_code} beside {none.status_code}")
        seen += 1
    assert seen and not differences, "\n".join(differences)


@with_tenants
def test_an_anonymous_visitor_is_sent_to_the_sign_in_page_also_for_what_does_not_exist(people):
    (_, things), _, client_as = people
    client = client_as("anonymous")
    for endpoint, method, path, case, cell in cells(unsafe=False):
        if expected(cell, "anonymous") == 302:
            address = filled(path, endpoint, case, things)
            answer = client.open(address, method=method)
            assert answer.status_code == 302 and answer.location == f"/inloggen?verder={address}", address


@with_tenants
@pytest.mark.parametrize("actor", ["anonymous", "participant", "foreign", "coordinator", "medical_director", *LINKS])
def test_no_canary_of_the_neighbour_is_on_any_page(people, actor):
    first, second, client_as = people
    theirs = (first if actor == "foreign" else second)[0].canary
    client = client_as(actor)
    for endpoint, method, path, case, _ in cells(unsafe=False):
        for _tenant, things in (first, second):
            if endpoint.startswith("events.") and case != "draft":
                continue  # published to everybody
            body = client.open(filled(path, endpoint, case, things), method=method).get_data(as_text=True)
            for word in ("draft", "hidden"):
                assert f"{word} {theirs}" not in body, f"{path} ({case})"
            if endpoint.startswith("editing."):
                assert f"chosen published {theirs}" not in body, path


@with_tenants
@pytest.mark.parametrize("role", [role for role in make.ROLES if role not in INNER])
def test_outside_the_inner_ring_no_page_shows_an_official_text_or_an_unreleased_measure(people, role):
    (tenant, things), _, client_as = people
    client = client_as(role)
    for endpoint, method, path, case, _ in cells(unsafe=False):
        body = client.open(filled(path, endpoint, case, things), method=method).get_data(as_text=True)
        for word in ("officieel", "geheim", "binnen"):
            assert f"{word} hidden {tenant.canary}" not in body, f"{word} on {path} ({case}) as {role}"


def test_a_method_that_a_route_does_not_have_is_refused(client, app):
    for endpoint, entry in MATRIX.items():
        for path in entry["paths"]:
            missing = {"POST", "PUT", "PATCH", "DELETE"} - set(methods_of(entry))
            address = filled(path, endpoint, f"nowhere {first_verb_of(endpoint)}", {})
            for method in missing:
                answer = client.open(address, method=method)
                assert answer.status_code == 405 and "Allow" in answer.headers, f"{method} {address}"


def test_a_route_without_a_rule_keeps_the_application_from_starting(app: Flask, monkeypatch):
    request_hooks.check_rules(app)
    monkeypatch.setitem(app.view_functions, "planted", lambda: "open to all")
    with pytest.raises(RuntimeError, match="planted"):
        request_hooks.check_rules(app)


def test_the_factory_itself_refuses_a_route_without_a_rule(engines, run_folder, monkeypatch):
    from schakel.home.views import pages
    from tests import databases

    def plant(state):
        state.app.add_url_rule("/achterdeur", "planted", lambda: "open to all")

    monkeypatch.setattr(pages, "deferred_functions", [*pages.deferred_functions, plant])
    with pytest.raises(RuntimeError, match="planted"):
        databases.make_app(engines("sqlite").empty(), run_folder)
