"""*Mijn gegevens*, and a forgotten password."""

from datetime import time, timedelta

import pytest
import time_machine

from schakel import dates, errors
from schakel.access import Actor, system
from schakel.home.today import jobs
from schakel.identity.models import Account, Deputy
from schakel.identity.own_account import service as own_account
from schakel.notifications import mailer
from schakel.notifications import service as notifications
from tests import forms, html, mailbox, make
from tests.web_client import make_client, sign_in

PASSWORD, NEW = "een goede lange zin", "een heel andere lange zin"
ADDRESS = "tjitske@example.org"


@pytest.fixture
def mine(work, client, app):
    """A signed-in coordinator with a password, and a colleague."""
    with work():
        organisation = make.make_organisation()
        person = make.make_person(email=ADDRESS, organisation=organisation)
        account = make.make_account(person, PASSWORD)
        make.make_grant(person, "coordinator", organisation)
        make.make_staff("coordinator", organisation, "Oane Fictiefstra")
    return sign_in(client, app, account)


def ask(client, address: str) -> tuple:
    """Ask for a new password; return what the page says."""
    sent = client.send("/wachtwoord-vergeten", {"email": address})
    return sent.status_code, sent.location, html.bare(client.get(sent.location).text)


def test_the_name_in_the_header_leads_to_the_own_page(mine):
    assert 'href="/mijn-gegevens"' in mine.get("/vandaag").text
    page = mine.get("/mijn-gegevens").text
    assert "Tjitske Voorbeeldsma" in page and ADDRESS in page and "Coördinator" in page


def test_a_forgotten_password_is_chosen_anew_by_a_link_in_the_mail(mine, app, work):
    visitor = make_client(app)
    assert ask(visitor, ADDRESS.upper())[0] == 303
    with work():
        (mail,) = mailbox.mails("password_link")
        link = mailbox.link_in(mail)
    assert mail.to_address == ADDRESS and "Tjitske" not in mail.subject
    visitor.get(link)
    assert visitor.send("/wachtwoord", {"password": NEW}).status_code == 303
    assert mine.get("/vandaag").status_code == 302, "other sessions have ended"
    assert visitor.send("/inloggen", {"email": ADDRESS, "password": PASSWORD}).status_code == 422
    assert visitor.send("/inloggen", {"email": ADDRESS, "password": NEW}).status_code == 303
    assert visitor.get(link).status_code == 404, "the link works once"


def test_asking_for_a_password_says_nothing_about_an_address(mine, app, work):
    with work():
        closed = make.make_account(make.make_person(email="weg@example.org"), PASSWORD)
        closed.active = False
    answers = {ask(make_client(app), address) for address in (ADDRESS, "niemand@example.org", "weg@example.org")}
    assert len(answers) == 1
    with work():
        assert [mail.to_address for mail in mailbox.mails("password_link")] == [ADDRESS]


def test_at_most_three_mails_an_hour_leave_for_one_address(mine, app, work, frozen):
    for _ in range(5):
        ask(make_client(app), ADDRESS)
    with work():
        assert len(mailbox.mails("password_link")) == 3
    frozen.shift(timedelta(hours=1, seconds=1))
    ask(make_client(app), ADDRESS)
    with work():
        assert len(mailbox.mails("password_link")) == 4


def test_the_password_is_changed_by_who_knows_the_present_one(mine, work):
    assert mine.send("/mijn-gegevens/wachtwoord", {"password_now": "fout", "password": NEW}).status_code == 422
    answer = mine.send("/mijn-gegevens/wachtwoord", {"password_now": PASSWORD, "password": NEW})
    assert answer.status_code == 303 and mine.get("/vandaag").status_code == 302
    assert mine.send("/inloggen", {"email": ADDRESS, "password": NEW}).status_code == 303


def test_five_wrong_passwords_on_the_own_page_are_as_many_as_at_the_door(mine):
    for _ in range(5):
        mine.send("/mijn-gegevens/wachtwoord", {"password_now": "fout", "password": NEW})
    page = mine.send("/mijn-gegevens/wachtwoord", {"password_now": PASSWORD, "password": NEW})
    assert page.status_code == 422 and "Te veel pogingen" in page.text


def test_the_own_name_is_changed(mine):
    assert mine.send("/mijn-gegevens/naam", {"name": ""}).status_code == 422
    assert mine.send("/mijn-gegevens/naam", {"name": "Tjitske Anders"}).status_code == 303
    assert "Tjitske Anders" in mine.get("/vandaag").text


def test_somebody_arranges_and_ends_their_own_deputy(mine, work):
    path = "/mijn-gegevens/waarneming"
    form = forms.typed_in(mine.get(path).text)
    today = dates.today()
    days = {"from_on": today.isoformat(), "until_on": (today + timedelta(days=7)).isoformat()}
    assert mine.send(path, form | days | {"until_on": "2020-01-01"}).status_code == 422
    assert mine.post(path, data=form | days).status_code == 303
    page = mine.get("/mijn-gegevens").text
    assert "Oane Fictiefstra" in page
    with work() as session:
        deputy = session.query(Deputy).one()
        assert deputy.organisation_id is not None and deputy.role == "coordinator"
    assert mine.send(f"{path}/{deputy.id}/einde").status_code == 303
    assert "Oane Fictiefstra" not in mine.get("/mijn-gegevens").text


def test_a_deputy_of_somebody_else_is_not_found(mine, work, client_of):
    with work() as session:
        organisation = make.make_organisation()
        away, by = (make.make_staff("coordinator", organisation, name) for name in ("Weg", "Er"))
        number = make.make_deputy(away, by).id
    assert mine.send(f"/mijn-gegevens/waarneming/{number}/einde").status_code == 404
    with work() as session:
        assert session.get(Deputy, number).until_on == dates.today()


def test_a_form_with_a_role_or_colleague_that_is_not_offered_is_refused(mine, work):
    with work():
        stranger = make.make_staff("coordinator", make.make_organisation("Elders"), "Een Vreemde")
    form = forms.typed_in(mine.get("/mijn-gegevens/waarneming").text)
    today = dates.today().isoformat()
    page = mine.post(
        "/mijn-gegevens/waarneming", data=form | {"by": str(stranger.id), "from_on": today, "until_on": today}
    )
    assert page.status_code == 422 and "Een Vreemde" not in page.text


def test_signing_out_on_the_own_page_ends_every_session(mine, app, work):
    with work() as session:
        account = session.query(Account).filter_by(email=ADDRESS).one()
    other = sign_in(make_client(app), app, account)
    mine.send("/uitloggen")
    assert other.get("/vandaag").status_code == 302


def test_the_weekly_mail_is_stopped_by_its_link_without_signing_in_and_started_again(mine, app, work):
    with work() as session:
        account = session.query(Account).filter_by(email=ADDRESS).one()
        letter = jobs.digest("Tjitske", [], own_account.stop_link(account.id))
        notifications.queue(
            letter, ("Tjitske", ADDRESS), notifications.Sender("Schakel", ""), ("account", str(account.id))
        )
        mail = mailbox.mails("digest")[0]
    with app.app_context():
        made = mailer.build(mail, "https://schakel.example.org", "s@example.org")
    link = made["List-Unsubscribe"].strip("<>").removeprefix("https://schakel.example.org")
    reader = make_client(app)
    assert reader.get(link).location == "/weekmail-stoppen"
    assert "Op maandag een mail" in mine.get("/mijn-gegevens").text, "opening the link changes nothing"
    assert reader.send("/weekmail-stoppen").status_code == 200
    assert "Geen weekmail" in mine.get("/mijn-gegevens").text
    monday = dates.today() + timedelta(days=-dates.today().weekday() % 7)
    with time_machine.travel(dates.at(monday, time(9)), tick=False), work():
        assert jobs.weekly_digest(system("digest")) == 0
    assert mine.send("/mijn-gegevens/weekmail/aan").status_code == 303
    assert "Op maandag een mail" in mine.get("/mijn-gegevens").text


def test_nobody_stops_the_weekly_mail_of_somebody_else(mine, work):
    with work() as session:
        account = session.query(Account).filter_by(email=ADDRESS).one()
        for actor in (Actor(), Actor(account_id=account.id + 1), Actor(auth_method=f"link:account:{account.id}")):
            with pytest.raises(errors.NotAllowed):
                own_account.choose_weekly_mail(actor, account.id, False)


def test_somebody_with_roles_in_two_organisations_chooses_among_the_people_of_both(mine, work):
    with work() as session:
        person = session.query(Account).filter_by(email=ADDRESS).one().person
        elsewhere = make.make_organisation("Elders")
        make.make_grant(person, "facilitator", elsewhere)
        make.make_staff("coordinator", elsewhere, "Sietse Oefenhof")
    page = mine.get("/mijn-gegevens/waarneming").text
    assert "Oane Fictiefstra" in page and "Sietse Oefenhof" in page
