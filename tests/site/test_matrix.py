"""Closed by default: every running route against matrix.yaml, for every role, the neighbours and strangers."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
import yaml
from flask import Flask

from schakel import crypto, dates, db, web
from schakel.access import ANONYMOUS
from schakel.actions import service as actions
from schakel.actions.models import Evidence
from schakel.agreements import service as agreements
from schakel.events import service as events
from schakel.events.followup import service as followup
from schakel.files import service as files
from schakel.identity import service as identity
from schakel.identity.links.models import Link
from schakel.identity.models import RoleGrant
from schakel.measures import service as measures
from schakel.measures.desk import service as measures_desk
from schakel.measures.theme import service as theme
from schakel.registrations import service as registrations
from schakel.registrations.models import Registration
from tests import make
from tests.web_client import Client

MATRIX = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text())
LINKS = ("link:action", "link:other", "link:registration")
ACTORS = ("anonymous", *make.ROLES, "foreign", *LINKS)
INNER = ("medical_director", "quality_adviser", "board_secretary", "secretary", "department_head")
HIDDEN = ("anonymous", "foreign", "participant", "administrator", "complaints_officer", "coordinator", *LINKS)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
FILES = {"static": "css/schakel.css", "bootstrap.static": "css/bootstrap.min.css"}
NOWHERE_ID = 987_654
WORDS = {"actions.move": "aannemen", "measures.move": "beginnen", "measure_desk.answer": "ja"}


def methods_of(entry: dict) -> list[str]:
    return [name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if name in entry]


def expected(cell: dict, actor: str) -> int:
    """What an actor gets; a link opens one thing, and everywhere else its holder is a stranger."""
    named = {name.strip(): status for names, status in cell.items() for name in names.split(",")}
    assert set(named) <= {*ACTORS, "rest"}, f"unknown actors in {cell}"
    otherwise = named.get("anonymous", named.get("rest")) if actor in LINKS else named.get("rest")
    return named.get(actor, otherwise)


def filled(path: str, endpoint: str, case: str, things: dict[str, dict]) -> str:
    """The address of a route for a case: one of the things of a house, or what is nowhere."""
    state, _, verb = case.partition(" ")
    values = {"slug": "nergens", "slot_id": NOWHERE_ID, "part": "html", "number": NOWHERE_ID}
    values |= {"word": verb, "filename": FILES.get(endpoint, "")}
    values |= {name: "A" * 22 for name in ("token", "public_id", "nonce", "action_id")}
    values |= things.get(state, {})
    return re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda found: str(values[found[1]]), path)


def sent(client: Client, endpoint: str, case: str) -> dict[str, str]:
    """An empty form; a proposal says from which side it comes, and calling off says why."""
    verb = case.partition(" ")[2]
    said = {"measure_desk.propose": {"kant": verb}, "desk.move": {"reason": "Daarom."}}
    return {"csrf_token": client.token(), **said.get(endpoint, {})}


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


def things_of(tenant: make.Tenant) -> dict[str, dict]:
    """Everything in a house that an address can name, by the state that the matrix calls it."""
    found = {
        state: {"slug": event.slug, "slot_id": tenant.slots[state], "number": 1}
        for state, event in tenant.events.items()
    }
    secret, event = f"hidden {tenant.canary}", tenant.events["published"]
    coordinator, director = (make.actor_of(tenant.people[role]) for role in ("coordinator", "medical_director"))

    def facts(title: str, role: str = "participant", **wishes: object) -> actions.Facts:
        values = {"organisation_id": tenant.organisation.id, "owner": tenant.people[role], "text": f"tekst {secret}"}
        values |= {"requester_id": tenant.people["coordinator"].id, "due_on": dates.today() + timedelta(days=30)}
        return actions.Facts(title=f"{title} {secret}", **{**values, **wishes})

    asked = followup.make_action(coordinator, event, None, facts("gevraagd"))
    aside = followup.make_action(coordinator, event, None, facts("ernaast", owner=("Buiten", "buiten@example.org")))
    proof = Evidence(action_id=asked.id, at=dates.now(), file_id=files.keep(f"{secret}.pdf", PDF).id)
    db.session().add(proof)
    db.session().flush()
    department = make.make_organisation(f"Afdeling {tenant.canary}", parent=tenant.organisation)

    def measure(title: str) -> measures.Measure:
        wishes = {"department_id": department.id, "cause_kind": "committee", "cause_year": dates.today().year}
        days = {"decided_on": dates.today(), "due_on": dates.today() + timedelta(days=60)}
        decided = {"kind": "measure", "organisation_id": tenant.organisation.id, "official": f"officieel {secret}"}
        return measures.decide(director, measures.Facts(title=f"{title} {tenant.canary}", **decided, **wishes, **days))

    unreleased, released = measure("geheim hidden"), measure("vrijgegeven")
    for one in (unreleased, released):
        measures.write_working_text(
            make.actor_of(tenant.people["secretary"]), one, f"werktekst van {one.title}", one.version
        )
    measures.release(make.actor_of(tenant.people["quality_adviser"]), released)
    asks = {"tier": "measure", "requester_id": tenant.people["medical_director"].id}
    under = measures_desk.make_action(director, released, facts("onder", **asks))
    inside = measures_desk.make_action(director, unreleased, facts("binnen", "department_head", **asks))
    theme.propose(director, released, asked, "measure")

    for state, row in {"asked": asked, "under": under, "inside": inside, "aside": aside}.items():
        found[state] = {"public_id": row.public_id, "id": row.id}
    found["asked"]["number"] = proof.id
    for state, one in {"unreleased": unreleased, "released": released}.items():
        found[state] = {"public_id": one.public_id, "action_id": asked.public_id}
    for state in ("draft", "published"):
        laid = agreements.put_on_table(coordinator, tenant.events[state], f"{state} afspraak", "2024", None)
        found[state] |= {"public_id": laid.public_id}
    answers = registrations.Answers(
        name="Gast", email=f"gast-{tenant.canary}@example.org".lower(), profession=None, organisation="", sessions=()
    )
    other = make.make_event(tenant.organisation)  # held places would keep the room of `published` from changing
    registrations.register(ANONYMOUS, other, answers, crypto.new_token())
    mine = db.session().query(Registration).filter_by(event_id=other.id).one()
    found["registration"] = {"id": mine.id}
    member = tenant.people["participant"]
    role = db.session().query(RoleGrant).filter_by(person_id=member.id).one()
    found["member"] = {"public_id": member.public_id, "number": role.id}
    away, house, later = tenant.people["facilitator"], tenant.organisation, dates.today() + timedelta(days=1)
    stands_in = identity.stand_in(make.ANY_ROLE, away, member, "facilitator", later, later, house)
    found["deputised"] = {"number": stands_in.id}
    begun = make.make_event(tenant.organisation, days=(events.Day(dates.today(), time(0), time(1)),))
    found["begun"] = {"slug": begun.slug}
    return found


@pytest.fixture
def people(work, app, client_of, client):
    """What both tenants have, and clients by actor; page checks are for other tests."""
    with work():
        first, second = make.two_tenants()
        things, theirs = things_of(first), things_of(second)
        opened = {"link:action": ("action", "asked"), "link:other": ("action", "aside")}
        opened["link:registration"] = ("registration", "registration")
        scopes = {}
        for actor, (kind, state) in opened.items():
            link = db.session().query(Link).filter_by(kind=kind, object_id=things[state]["id"]).one()
            scopes[actor] = {"kind": kind, "id": link.object_id, "link": link.id, "generation": link.generation}

    def client_as(actor: str) -> Client:
        account = second.accounts["coordinator"] if actor == "foreign" else first.accounts.get(actor)
        one = client_of(account) if account else app.test_client()
        if actor in scopes:
            with one.session_transaction() as session:
                session["link"] = scopes[actor]
        one.check_pages = actor in ("anonymous", "coordinator", "medical_director", "link:action")
        return one

    return (first, things), (second, theirs), client_as


@pytest.mark.parametrize("actor", ACTORS)
def test_looking_gets_what_the_matrix_says(people, actor):
    (_, things), _, client_as = people
    client, wrong = client_as(actor), []
    for endpoint, method, path, case, cell in cells(unsafe=False):
        address = filled(path, endpoint, case, things)
        got, want = client.open(address, method=method).status_code, expected(cell, actor)
        if got != want:
            wrong.append(f"{method} {address} ({case}) as {actor}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", ACTORS)
def test_doing_gets_what_the_matrix_says(people, undone, dump, actor):
    (_, things), _, client_as = people
    wrong, before = [], dump("audit", "audit_seal")
    for endpoint, method, path, case, cell in cells(unsafe=True):
        address, want = filled(path, endpoint, case, things), expected(cell, actor)
        with undone():
            client = client_as(actor)
            answer = client.open(address, method=method, data=sent(client, endpoint, case))
            looked = answer.status_code >= 400 and actor in ("anonymous", "participant", "foreign", "link:other")
            traces = looked and dump("audit", "audit_seal") != before
        if answer.status_code != want or traces:
            wrong.append(
                f"{method} {address} ({case}) as {actor}: {answer.status_code}, not {want}{' and a trace' * traces}"
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", HIDDEN)
def test_what_is_not_for_you_is_byte_for_byte_what_does_not_exist(people, undone, actor, frozen):
    (_, things), _, client_as = people
    client, seen, told = client_as(actor), 0, []
    frozen.move_to(
        dates.now()
    )  # CSRF marks hold the second in which they were made: nothing is left out of the comparison
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
            told.append(f"{method} {path} ({case}) as {actor}: {there.status_code} beside {none.status_code}")
        seen += 1
    assert seen and not told, "\n".join(told)


def test_a_stranger_is_shown_the_door_also_for_what_does_not_exist(people):
    (_, things), _, client_as = people
    client = client_as("anonymous")
    for endpoint, method, path, case, cell in cells(unsafe=False):
        if expected(cell, "anonymous") == 302:
            address = filled(path, endpoint, case, things)
            answer = client.open(address, method=method)
            assert answer.status_code == 302 and answer.location == f"/inloggen?verder={address}", address


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
            if endpoint.startswith("desk."):
                assert f"chosen published {theirs}" not in body, path


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
            address = filled(path, endpoint, f"nowhere {WORDS.get(endpoint, 'publiceren')}", {})
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
