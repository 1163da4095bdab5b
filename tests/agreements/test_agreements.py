"""Agreements between lines of care: listed on the page of an event for everybody, and an action point made from one."""

import html
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.actions import service as actions
from schakel.actions.models import Action
from schakel.agreements import service as agreements
from schakel.agreements import slots
from schakel.agreements.models import AgreementAction
from schakel.audit.models import AuditEntry
from schakel.notifications.models import Mail
from schakel.reports.loops.queries import faults
from tests import make, make_followup
from tests.html import said_at

TEXT = "Wie verwijst, zet een rechtstreeks nummer op de brief <en> belt bij spoed."
HEAD = "Deze afspraken liggen op tafel"


@pytest.fixture
def world(work):
    """A hospital with an event in two states, each with an agreement, and a coordinator of another hospital."""
    with work():
        made = make_followup.make_hospital()
        made.event, made.draft = make.make_event(made.organisation), make.make_event(made.organisation, "draft")
        coordinator = made.actor("coordinator")
        made.lies = agreements.add_to_event(coordinator, made.event, TEXT, "2024", None)
        made.hidden = agreements.add_to_event(coordinator, made.draft, "Nog in concept.", "", None)
        made.stranger = make.make_staff("coordinator", make.make_organisation("Ander"), "Vreemde")
    return made


@pytest.fixture
def editor(world, client_of):
    return client_of(world.people["coordinator"])


def path_of(agreement) -> str:
    return f"/samenwerkingsafspraken/{agreement.public_id}/actiepunt"


def typed(world, **more: object) -> dict:
    values = {
        "nonce": "n" * 22,
        "title": "Nummers verzamelen",
        "text": "Van beide kanten.",
        "tier": "action",
        "theme": "",
        "owner": "",
    }
    values |= {"owner_name": "Sietse Buitenom", "owner_email": "sietse@elders.example.org"}
    return {**values, "due_on": (dates.today() + timedelta(days=30)).isoformat(), **more}


# On the page of an event


def test_everybody_reads_the_agreements_and_the_coordinator_can_make_an_action_point_from_one(world, client, editor):
    page = client.get(f"/bijeenkomsten/{world.event.slug}").text
    assert HEAD in page and TEXT in html.unescape(page) and "<en>" not in page
    assert path_of(world.lies) not in page
    assert path_of(world.lies) in editor.get(f"/bijeenkomsten/{world.event.slug}").text


def test_an_event_without_agreements_has_no_panel_for_them(world, client, work):
    with work():
        other = make.make_event(world.organisation).slug
    assert HEAD not in client.get(f"/bijeenkomsten/{other}").text


@pytest.mark.parametrize(
    ("since", "confirmed", "said"),
    [
        ("2024", date(2026, 3, 2), "Geldt sinds 2024, laatst bevestigd op ma 2 mrt 2026."),
        ("", "2025", "Geldt, laatst bevestigd in 2025."),
        ("juni 2023", None, "Geldt sinds juni 2023, nog niet eerder samen besproken."),
    ],
)
def test_the_panel_says_since_when_an_agreement_holds_and_when_it_was_last_confirmed(
    world, client, work, since, confirmed, said
):
    with work() as session:
        event = session.merge(world.event)
        agreements.add_to_event(world.actor("coordinator"), event, "Wij bellen elkaar terug.", since, confirmed)
    assert said in html.unescape(client.get(f"/bijeenkomsten/{world.event.slug}").text)


def test_an_agreement_added_later_is_listed_last_and_is_on_the_page_at_once(world, client, work):
    path = f"/bijeenkomsten/{world.event.slug}"
    first = client.get(path)
    with work() as session:
        agreements.add_to_event(world.actor("coordinator"), session.merge(world.event), "De tweede afspraak.", "", None)
    page = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert page.status_code == 200
    assert html.unescape(page.text).index(TEXT) < page.text.index("De tweede afspraak.")


def test_only_the_coordinator_of_the_organisation_adds_an_agreement(in_app):
    hospital = make_followup.make_hospital()
    event = make.make_event(hospital.organisation)
    others = [hospital.actor(role) for role in hospital.people if role != "coordinator"]
    for actor in (*others, make.Actor(), make.coordinator_of(make.make_organisation("Ander"))):
        with pytest.raises(errors.NotAllowed):
            agreements.add_to_event(actor, event, TEXT, "", None)
    assert not slots.panel(make.Actor(), event.id)


# An action point from an agreement


def test_an_action_point_from_an_agreement_displays_it_as_cause_and_is_mailed_to_its_owner(world, editor, work):
    assert TEXT in html.unescape(editor.get(path_of(world.lies)).text)
    done = editor.send(path_of(world.lies), typed(world))
    assert done.status_code == 303
    page = html.unescape(editor.get(done.location).text)
    assert f"Afspraak: {TEXT}" in page and "Nummers verzamelen" in page
    with work() as session:
        action = session.scalars(sa.select(Action)).one()
        tie = session.scalars(sa.select(AgreementAction)).one()
        assert (tie.agreement_id, tie.action_id) == (world.lies.id, action.id)
        assert (action.organisation_id, action.state) == (world.organisation.id, "proposed")
        assert session.scalars(sa.select(Mail.to_address)).all() == ["sietse@elders.example.org"]
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "agreement.action"))
        assert (entry.object_id, entry.detail) == (str(world.lies.id), {"action": action.id})
        assert faults() == []


def test_a_form_sent_twice_makes_one_action_point_and_one_record(world, editor, work):
    sent = typed(world)
    assert editor.send(path_of(world.lies), sent).location == editor.send(path_of(world.lies), sent).location
    with work() as session:
        assert len(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "agreement.action")).all()) == 1


def test_an_error_is_at_its_field_and_no_input_is_lost(world, editor, dump):
    before = dump()
    for name, value, said in (("title", "", ""), ("title", "a" * 201, "hoogstens 200"), ("due_on", "morgen", "")):
        page = editor.send(path_of(world.lies), typed(world, **{name: value}))
        assert page.status_code == 422 and said in said_at(page.text, name) and said_at(page.text, name)
        assert "Van beide kanten." in page.text
    assert dump() == before


def test_nobody_else_makes_an_action_point_from_an_agreement(world, client_of, client, dump):
    before = dump()
    stranger = client_of(world.stranger)
    assert client.get(path_of(world.lies)).status_code == 302
    assert client_of(world.people["participant"]).send(path_of(world.lies), typed(world)).status_code == 403
    for path, status in ((path_of(world.lies), 403), (path_of(world.hidden), 404), (path_of(world.lies) + "x", 404)):
        assert stranger.get(path).status_code == stranger.send(path, typed(world)).status_code == status, path
    assert dump() == before


def test_the_service_refuses_an_actor_who_does_not_coordinate_the_hospital(in_app):
    hospital, other = make_followup.make_hospital(), make_followup.make_hospital("Ander")
    event = make.make_event(hospital.organisation)
    lies = agreements.add_to_event(hospital.actor("coordinator"), event, TEXT, "", None)
    facts = actions.Facts(
        title="Ingebroken",
        organisation_id=other.organisation.id,
        owner=other.people["participant"],
        requester_id=other.people["coordinator"].id,
    )
    with pytest.raises(errors.NotAllowed):
        agreements.make_action(other.actor("coordinator"), event, lies, facts)
    elsewhere = make.make_event(other.organisation)
    with pytest.raises(errors.NotFound):  # it is not discussed at the actor's own event
        agreements.make_action(other.actor("coordinator"), elsewhere, lies, facts)
    assert db.session().scalar(sa.select(sa.func.count(Action.id))) == 0


def test_an_action_point_from_elsewhere_has_no_agreement_as_its_cause(in_app):
    hospital = make_followup.make_hospital()
    action = make_followup.make_action(hospital)
    assert slots.causes(hospital.actor("coordinator"), [action.id]) == {}
