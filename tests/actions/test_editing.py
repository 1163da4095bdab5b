"""Changing an action point: another owner, other texts, evidence that should not be there; with its history."""

import pytest
import sqlalchemy as sa
from markupsafe import escape

from schakel import errors
from schakel.actions import service
from schakel.actions.editing import service as editing
from schakel.actions.models import Action, Evidence
from schakel.actions.page_data import page_data
from schakel.dates import today
from schakel.files.models import File
from tests import forms, mailbox, make_followup
from tests.actions.objects import PDF
from tests.web_client import make_client


@pytest.fixture
def hospital(in_app):
    return make_followup.make_hospital()


def accepted(hospital, owner=("Een Verzonnen", "een@elders.example.org")) -> Action:
    action = make_followup.make_action(hospital, owner)
    service.move(make_followup.by_link(action), action, "accept")
    return action


@pytest.mark.parametrize("state", ["accepted", "running", "sent_back", "on_hold"])
def test_work_that_was_accepted_is_given_to_another_owner_with_a_reason(in_app, hospital, state):
    action = accepted(hospital)
    action.state = state
    coordinator = hospital.actor("coordinator")
    with pytest.raises(errors.Refused, match="waarom"):
        editing.give_to(coordinator, action, ("Twee", "twee@elders.example.org"))
    editing.give_to(coordinator, action, ("Twee", "twee@elders.example.org"), reason="Een is met verlof.")
    assert action.state == "proposed" and action.owner.name == "Twee"
    assert "Een is met verlof." in page_data(coordinator, action, today()).history[0].text


@pytest.mark.parametrize("state", ["reported_done", "checked", "cancelled"])
def test_work_that_is_done_or_ended_is_given_to_nobody(in_app, hospital, state):
    action = accepted(hospital)
    action.state = state
    with pytest.raises(errors.Refused, match="Dit kan nu niet"):
        editing.give_to(hospital.actor("coordinator"), action, ("Twee", "t@elders.example.org"), reason="Zo.")


def test_accepted_work_is_not_given_to_who_has_it(in_app, hospital):
    action = accepted(hospital)
    with pytest.raises(errors.Refused, match="eigenaar al") as refused:
        editing.give_to(hospital.actor("coordinator"), action, action.owner, reason="Nog eens.")
    assert refused.value.field == "owner"


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_former_owner_is_mailed_and_the_former_link_says_whose_it_is_not(work, client, is_accepted):
    with work():
        hospital = make_followup.make_hospital()
        owner = ("Een Verzonnen", "een@elders.example.org")
        action = accepted(hospital, owner) if is_accepted else make_followup.make_action(hospital, owner)
        title, number = action.title, action.id
        old = mailbox.link_in(mailbox.mails("action.proposed")[0])
    with work() as session:
        coordinator = hospital.actor("coordinator")
        editing.give_to(coordinator, session.get(Action, number), ("Twee", "twee@elders.example.org"), reason="Verlof.")
    with work():
        (mail,) = mailbox.mails("action.given_away")
        assert mail.to_name == "Een Verzonnen" and "niet meer bij u" in mail.content["paragraphs"][1]
        new = mailbox.link_in(mailbox.mails("action.proposed", to="Twee")[0])
    client.get(old)
    page = client.get("/niet-meer-bij-u")
    assert (
        page.status_code == 200
        and str(escape(title)) in page.text
        and "Niet meer bij u" in page.text
        and "Twee" not in page.text
    )
    assert client.get("/mijn-actiepunt").status_code == 404
    assert make_client(client.application).get(new).location == "/mijn-actiepunt"


def test_who_did_the_work_before_does_not_check_it_after_giving_it_away(in_app, hospital):
    coordinator = hospital.people["coordinator"]
    action = make_followup.make_action(hospital, coordinator, requester_id=hospital.people["quality_adviser"].id)
    service.move(hospital.actor("coordinator"), action, "accept")
    editing.give_to(hospital.actor("medical_director"), action, hospital.people["participant"], reason="Verlof.")
    service.move(hospital.actor("participant"), action, "accept")
    service.move(hospital.actor("participant"), action, "done", "Zie de kaart.")
    with pytest.raises(errors.Refused, match="werkte hier zelf aan"):
        service.move(hospital.actor("coordinator"), action, "check", "Goed.")
    service.move(hospital.actor("medical_director"), action, "check", "Goed.")
    assert action.state == "checked"


def test_a_corrected_title_stays_in_the_history_and_is_mailed_to_the_owner(in_app, hospital):
    action = accepted(hospital)
    former = action.title
    editing.correct(hospital.actor("coordinator"), action, "Een betere titel", "En een toelichting.", action.version)
    assert (action.title, action.text) == ("Een betere titel", "En een toelichting.")
    assert former in page_data(hospital.actor("coordinator"), action, today()).history[0].text
    (mail,) = mailbox.mails("action.corrected")
    assert former in " ".join(mail.content["paragraphs"]) and mail.to_name == "Een Verzonnen"


def test_another_text_alone_mails_nobody_and_nothing_changed_leaves_no_trace(in_app, hospital):
    action = accepted(hospital)
    editing.correct(hospital.actor("coordinator"), action, action.title, "Een toelichting.", action.version)
    entries, version = len(action.history), action.version
    editing.correct(hospital.actor("coordinator"), action, action.title, "Een toelichting.", action.version)
    assert mailbox.mails("action.corrected") == []
    assert (len(action.history), action.version) == (entries, version)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(in_app, hospital):
    action = accepted(hospital)
    with pytest.raises(errors.Stale):
        editing.correct(hospital.actor("coordinator"), action, "Anders", "", action.version - 1)


def test_a_removed_file_is_gone_and_its_trace_stays(in_app, hospital):
    action = accepted(hospital)
    owner = make_followup.by_link(action)
    item = service.add_evidence(owner, action, "Met namen erin", "https://example.org/x", ("verkeerd.pdf", PDF))
    with pytest.raises(errors.Refused, match="waarom"):
        editing.remove_evidence(owner, action, item, " ")
    editing.remove_evidence(owner, action, item, "Er staat een patiënt in.")
    in_app.flush()
    assert in_app.scalars(sa.select(File)).all() == []
    row = in_app.scalars(sa.select(Evidence)).one()
    assert (row.text, row.url, row.file_id) == ("", "", None) and row.removed_at is not None
    assert "Er staat een patiënt in." in page_data(owner, action, today()).history[0].text
    with pytest.raises(errors.Refused, match="onderbouwing"):
        service.move(owner, action, "done")


def test_work_whose_evidence_was_removed_is_not_checked(in_app, hospital):
    action = accepted(hospital)
    service.move(make_followup.by_link(action), action, "done", "Zie de kaart.")
    editing.remove_evidence(hospital.actor("coordinator"), action, action.proof[0], "Er staat een patiënt in.")
    with pytest.raises(errors.Refused, match="onderbouwing is verwijderd"):
        service.move(hospital.actor("coordinator"), action, "check", "Goed.")
    service.move(hospital.actor("coordinator"), action, "send_back", "Graag zonder namen.")
    assert action.state == "sent_back"


def test_nobody_else_removes_evidence(in_app, hospital):
    action = accepted(hospital)
    item = service.add_evidence(make_followup.by_link(action), action, "Foto", "", None)
    with pytest.raises(errors.NotAllowed):
        editing.remove_evidence(hospital.actor("facilitator"), action, item, "Zo.")


def test_a_removed_file_cannot_be_downloaded_and_the_page_says_that_it_was_there(work, client_of):
    with work():
        hospital = make_followup.make_hospital()
        action = make_followup.make_action(hospital)
        service.move(hospital.actor("participant"), action, "accept")
        item = service.add_evidence(hospital.actor("participant"), action, "", "", ("verkeerd.pdf", PDF))
        page, number = f"/actiepunten/{action.public_id}", item.id
    owner = client_of(hospital.people["participant"])
    assert owner.get(f"{page}/onderbouwing/{number}").status_code == 200
    form = forms.typed_in(owner.get(f"{page}/onderbouwing/{number}/verwijderen").text)
    assert (
        owner.post(f"{page}/onderbouwing/{number}/verwijderen", data=form | {"text": "Fout bestand."}).status_code
        == 303
    )
    assert owner.get(f"{page}/onderbouwing/{number}").status_code == 404
    text = owner.get(page).text
    assert "Verwijderd op" in text and "verkeerd.pdf" not in text and "Fout bestand." in text


def test_the_reason_with_which_work_came_back_stands_beside_what_can_be_done(work, client_of):
    with work():
        hospital = make_followup.make_hospital()
        action = make_followup.make_action(hospital)
        service.move(hospital.actor("participant"), action, "accept")
        service.move(hospital.actor("participant"), action, "done", "Zie de kaart.")
        service.move(hospital.actor("coordinator"), action, "send_back", "De kaart mist het nummer.")
        path = f"/actiepunten/{action.public_id}"
    text = client_of(hospital.people["participant"]).get(path).text
    assert text.index("De kaart mist het nummer.") < text.index("Van aanleiding tot terugkoppeling")
    assert text.index("Wat kunt u nu doen") < text.index("Van aanleiding tot terugkoppeling")
