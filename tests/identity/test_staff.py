"""*Beheer*: an administrator sees and changes accounts, roles and deputies, inside their own organisations only."""

import html
from datetime import timedelta

import pytest
import sqlalchemy as sa

from schakel import dates, db, errors
from schakel.audit.models import AuditEntry
from schakel.identity import actors, rules
from schakel.identity.models import Account, Deputy, Person, RoleGrant
from schakel.identity.own_account import service as own_account
from schakel.identity.roles import service as roles
from schakel.identity.staff import queries
from schakel.identity.staff import service as staff
from schakel.notifications.models import Mail
from tests import make
from tests.forms import typed_in
from tests.html import said_at
from tests.mailbox import link_in
from tests.web_client import make_client

TODAY = dates.today()
DAY = timedelta(days=1)
NEW = {"name": "Nieuwe Collega", "email": "nieuw@huis.example.org", "role": "facilitator"}


class World:
    """Two hospitals, each with an administrator and a coordinator; the first has a department."""


@pytest.fixture
def world(work):
    made = World()
    with work():
        made.hospital, made.other = make.make_organisation("Huis"), make.make_organisation("Ander")
        made.department = make.make_organisation("Afdeling", parent=made.hospital)
        made.admin = make.make_staff("administrator", made.hospital, "Bea Beheer")
        made.theirs = make.make_staff("administrator", made.other, "Vreemde Beheerder")
        made.anna = make.make_staff("coordinator", made.hospital, "Anna Actief")
        made.ward = make.make_staff("department_head", made.department, "Hilde Hoofd")
        made.stranger = make.make_staff("coordinator", made.other, "Vreemde Vrouw")
        made.guest = make.make_staff("facilitator", made.other, "Gast Elders")
        make.make_grant(made.guest, "facilitator", made.hospital)
        made.nobody = make.make_person("Zonder Account", organisation=made.hospital)
    return made


@pytest.fixture
def editor(world, client_of):
    return client_of(world.admin)


def grants_of(work, person) -> list[tuple[str, object, object]]:
    with work() as session:
        rows = session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == person.id).order_by(RoleGrant.id))
        return [(row.role, row.organisation_id, row.until_on) for row in rows]


def grant_of(work, person, organisation) -> int:
    with work() as session:
        query = sa.select(RoleGrant.id).where(RoleGrant.person_id == person.id)
        return session.scalar(query.where(RoleGrant.organisation_id == organisation.id))


def recorded(work, action: str) -> list[AuditEntry]:
    with work() as session:
        return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


# What an administrator sees


def test_the_list_has_the_own_hospital_its_departments_and_everybody_with_a_role_there(editor, world):
    page = editor.get("/beheer")
    assert page.status_code == 200
    for name in ("Beheer, Bea", "Actief, Anna", "Hoofd, Hilde", "Elders, Gast"):
        assert name in page.text, name
    for name in ("Vreemde", "Zonder Account"):
        assert name not in page.text, name


def test_of_somebody_from_elsewhere_only_roles_in_the_own_hospital_are_visible(editor, world):
    page = html.unescape(editor.get(f"/beheer/mensen/{world.guest.public_id}").text)
    assert "Facilitator" in page and page.count("Trek in") == 1 and "hoort bij een andere organisatie" in page


@pytest.mark.both_databases
def test_the_list_is_searched_and_paged_by_name(editor, world, work):
    assert (
        "Actief, Anna" not in editor.get("/beheer?q=hilde").text
        and "Hoofd, Hilde" in editor.get("/beheer?q=hilde").text
    )
    assert "Niemand gevonden" in editor.get("/beheer?q=%25").text
    with work():
        actor, seen, after = make.actor_of(world.admin), [], None
        while True:
            rows, after = queries.listed(actor, "", after, size=2)
            seen += [row.name for row in rows]
            if after is None:
                break
        assert seen == sorted(seen, key=str.casefold) and len(seen) == len(set(seen)) == 4
        rows, _ = queries.listed(actor, "", world.stranger.id, size=2)
        assert [row.name for row in rows] == seen[:2], "a cursor from elsewhere is ignored"


def test_beheer_is_in_the_menu_of_administrators_only(editor, world, client_of):
    assert ">Beheer<" in editor.get("/vandaag").text
    assert ">Beheer<" not in client_of(world.anna).get("/vandaag").text


# What an administrator does


def test_a_new_person_gets_an_account_a_role_and_a_mail_with_the_account_link(editor, world, work):
    done = editor.send(
        "/beheer/mensen/nieuw", {**NEW, "organisation": world.hospital.id, "until_on": str(TODAY + 9 * DAY)}
    )
    assert done.status_code == 303 and "Nieuwe Collega" in editor.get(done.location).text
    with work() as session:
        account = session.scalars(sa.select(Account).where(Account.email == NEW["email"])).one()
        person, mail = account.person, session.scalars(sa.select(Mail)).one()
        assert account.password is None and person.organisation_id == world.hospital.id
        assert (mail.to_address, mail.kind, mail.about_kind) == (NEW["email"], "way_in", "account")
    assert grants_of(work, person) == [("facilitator", world.hospital.id, TODAY + 9 * DAY)]
    for action in ("person.added", "account.opened", "role.granted", "account.way_in"):
        assert recorded(work, action)[-1].actor == f"person:{world.admin.id}", action


def test_a_person_with_an_account_gets_the_role_only(editor, world, work):
    with work():
        email = db.session().get(Person, world.stranger.id).email
    done = editor.send("/beheer/mensen/nieuw", {**NEW, "email": email.upper(), "organisation": world.hospital.id})
    assert done.location == f"/beheer/mensen/{world.stranger.public_id}"
    assert ("facilitator", world.hospital.id, None) in grants_of(work, world.stranger)
    with work() as session:
        assert (
            session.get(Person, world.stranger.id).name == "Vreemde Vrouw"
            and not session.scalars(sa.select(Mail)).all()
        )


def test_granting_and_withdrawing_a_role_take_effect_on_the_next_request(editor, world, work, client_of):
    theirs = client_of(world.ward)
    assert theirs.get("/bijeenkomsten/nieuw").status_code == 403
    role = {"role": "coordinator", "organisation": world.department.id}
    assert editor.send(f"/beheer/mensen/{world.ward.public_id}/rol", role).status_code == 303
    assert theirs.get("/bijeenkomsten/nieuw").status_code == 200
    with work() as session:
        number = session.scalar(sa.select(sa.func.max(RoleGrant.id)))
    path = f"/beheer/rollen/{number}/intrekken"
    assert "Hilde Hoofd" in editor.get(path).text
    assert editor.send(path).status_code == 303
    assert theirs.get("/bijeenkomsten/nieuw").status_code == 403
    (row,) = recorded(work, "role.withdrawn")
    assert row.detail == {"role": "coordinator", "organisation": world.department.id, "last_day": str(TODAY - DAY)}


def test_withdrawing_a_role_after_a_day_never_makes_it_longer(editor, world, work):
    path = f"/beheer/rollen/{grant_of(work, world.anna, world.hospital)}/intrekken"
    assert editor.send(path, {"last_day": str(TODAY + 5 * DAY)}).status_code == 303
    assert grants_of(work, world.anna)[0][2] == TODAY + 5 * DAY
    page = editor.send(path, {"last_day": str(TODAY + 9 * DAY)})
    assert page.status_code == 422 and "Deze rol eindigt al op" in said_at(page.text, "last_day")
    page = editor.send(path, {"last_day": str(TODAY - DAY)})
    assert (
        page.status_code == 422
        and said_at(page.text, "last_day") == "Kies vandaag of een latere dag, of laat het leeg."
    )
    assert grants_of(work, world.anna)[0][2] == TODAY + 5 * DAY


def test_an_administrator_cannot_withdraw_their_own_role(editor, world, work):
    page = editor.send(f"/beheer/rollen/{grant_of(work, world.admin, world.hospital)}/intrekken")
    assert page.status_code == 422 and "Uw eigen rol van beheerder" in page.text
    assert grants_of(work, world.admin) == [("administrator", world.hospital.id, None)]


def test_a_deputy_is_appointed_acts_at_once_and_is_ended(editor, world, work, client_of):
    theirs = client_of(world.ward)
    number = grant_of(work, world.anna, world.hospital)
    stand_in = {"grant": number, "by": world.ward.id, "from_on": str(TODAY), "until_on": str(TODAY + DAY)}
    assert editor.send("/beheer/waarneming", stand_in).location == "/beheer"
    assert theirs.get("/bijeenkomsten/nieuw").status_code == 200
    assert "Hilde Hoofd" in editor.get("/beheer").text.partition("Waarneming")[2]
    with work() as session:
        made = session.scalars(sa.select(Deputy)).one()
        assert (made.for_person_id, made.organisation_id, made.role) == (
            world.anna.id,
            world.hospital.id,
            "coordinator",
        )
    assert editor.send(f"/beheer/waarneming/{made.id}/einde").status_code == 303
    assert theirs.get("/bijeenkomsten/nieuw").status_code == 403
    assert recorded(work, "deputy.arranged") and len(recorded(work, "deputy.ended")) == 1
    editor.send(f"/beheer/waarneming/{made.id}/einde")
    assert len(recorded(work, "deputy.ended")) == 1


def test_a_deputy_over_one_hospital_gets_nothing_of_the_other(in_app):
    """An administrator of one hospital grants nothing over another, even if the same person has the role in both."""
    hospital, other = make.make_organisation("Huis"), make.make_organisation("Ander")
    admin, away, by = (
        make.make_staff("administrator", hospital),
        make.make_staff("coordinator", hospital),
        make.make_person(),
    )
    make.make_grant(away, "coordinator", other)
    roles.appoint_deputy(make.actor_of(admin), away, by, "coordinator", TODAY, TODAY, hospital)
    (grant,) = actors.grants_of(by.id, TODAY)
    assert grant.organisation_ids == {hospital.id}


# What an administrator cannot do


def test_nothing_outside_the_own_organisations_can_be_reached(editor, world, work, dump):
    with work():
        deputy = make.make_deputy(world.stranger, world.theirs)
        db.session().flush()
        deputy.organisation_id = world.other.id
    elsewhere = grant_of(work, world.stranger, world.other)
    paths = [f"/beheer/mensen/{world.stranger.public_id}{more}" for more in ("", "/rol", "/link")]
    paths += [f"/beheer/mensen/{world.nobody.public_id}", f"/beheer/rollen/{elsewhere}/intrekken"]
    paths += [f"/beheer/rollen/{grant_of(work, world.guest, world.other)}/intrekken"]
    before = dump()
    for path in paths:
        assert editor.get(path).status_code == 404, path
        assert editor.send(path).status_code in (404, 405), path
    assert editor.send(f"/beheer/waarneming/{deputy.id}/einde").status_code == 404
    assert dump() == before


@pytest.mark.parametrize("path", ["/beheer/mensen/nieuw", "/beheer/mensen/{anna}/rol"])
def test_a_role_outside_the_own_organisations_or_of_no_kind_is_refused(editor, world, dump, path):
    before = dump()
    path = path.format(anna=world.anna.public_id)
    wrong = [{"organisation": world.other.id}, {"organisation": 999_999}, {"organisation": "x"}, {"organisation": ""}]
    wrong += [
        {"role": "emperor"},
        {"role": ""},
        {"from_on": "morgen"},
        {"from_on": "2027-02-31"},
        {"until_on": "9999-12-31"},
    ]
    wrong += [{"from_on": str(TODAY), "until_on": str(TODAY - DAY)}]
    for more in wrong:
        page = editor.send(path, {**NEW, "organisation": world.hospital.id, **more})
        assert page.status_code == 422 and 'role="alert"' in page.text, more
    assert dump() == before


def test_the_same_role_twice_is_refused(editor, world, dump):
    before = dump()
    role = {"role": "coordinator", "organisation": world.hospital.id}
    page = editor.send(f"/beheer/mensen/{world.anna.public_id}/rol", role)
    assert page.status_code == 422 and "Anna Actief heeft deze rol daar in die tijd al." in page.text
    assert dump() == before


WRONG_NEW = [
    ("name", "", "Vul de naam in."), ("name", "a" * 201, "hoogstens 200"), ("name", "A\u200bB", "niet te zien"), ("name", ["A", "B"], "twee keer"),
    ("email", "", "Vul het e-mailadres in."), ("email", "geen adres", "geen volledig"), ("email", "jürgen@huis.example.org", "gewone letters"),
    ("email", "a@b.nl\r\nBcc: x@evil.test", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "said"), WRONG_NEW, ids=lambda value: str(value)[:20])
def test_an_error_is_at_its_field_and_no_input_is_lost(editor, world, dump, name, value, said):
    before = dump()
    page = editor.send(
        "/beheer/mensen/nieuw", {**NEW, "organisation": world.hospital.id, "until_on": "2030-01-01", name: value}
    )
    assert page.status_code == 422 and said in html.unescape(said_at(page.text, name)) and said_at(page.text, name)
    assert typed_in(page.text)["until_on"] == "2030-01-01" and typed_in(page.text)["role"] == "facilitator"
    assert dump() == before


def test_a_deputy_of_a_role_elsewhere_of_an_unknown_person_or_of_oneself_is_refused(editor, world, work, dump):
    mine, theirs = grant_of(work, world.anna, world.hospital), grant_of(work, world.stranger, world.other)
    days = {"from_on": str(TODAY), "until_on": str(TODAY)}
    before = dump()
    wrong = [
        {"grant": theirs, "by": world.ward.id},
        {"grant": mine, "by": world.stranger.id},
        {"grant": mine, "by": world.anna.id},
    ]
    wrong += [{"grant": mine, "by": world.ward.id, "until_on": str(TODAY - DAY)}, {"grant": "x", "by": "y"}, {}]
    for more in wrong:
        assert editor.send("/beheer/waarneming", {**days, **more}).status_code == 422, more
    assert dump() == before


def test_the_service_refuses_an_administrator_outside_their_own_organisations(in_app):
    hospital, other = make.make_organisation("Huis"), make.make_organisation("Ander")
    admin = make.actor_of(make.make_staff("administrator", hospital))
    person, by = make.make_staff("coordinator", other), make.make_person(organisation=hospital)
    deputy = roles.appoint_deputy(make.ANY_ROLE, person, by, "coordinator", TODAY, TODAY, other)
    grant = in_app.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == person.id)).one()
    verbs = (
        lambda: staff.welcome(admin, "A", "a@example.org", "facilitator", other),
        lambda: staff.send_account_link(admin, person),
        lambda: roles.grant_role(admin, by, "administrator", other),
        lambda: roles.withdraw_role(admin, grant),
        lambda: roles.appoint_deputy(admin, person, by, "coordinator", TODAY, TODAY, other),
        lambda: roles.appoint_deputy(admin, person, by, "coordinator", TODAY, TODAY),
        lambda: roles.end_deputy(admin, deputy),
    )
    for number, verb in enumerate(verbs):
        with pytest.raises(errors.NotAllowed):
            verb()
            raise AssertionError(number)


def test_a_deputy_of_an_administrator_is_one_for_that_hospital_only(world, work, client_of):
    with work() as session:
        away, hospital = session.get(Person, world.admin.id), world.hospital
        roles.appoint_deputy(
            make.ANY_ROLE, away, session.get(Person, world.ward.id), "administrator", TODAY, TODAY, hospital
        )
    assert "Actief, Anna" in client_of(world.ward).get("/beheer").text


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ((None, None), (TODAY, TODAY), True),
        ((TODAY, TODAY), (TODAY, None), True),
        ((TODAY, TODAY), (TODAY + DAY, None), False),
        ((None, TODAY), (TODAY + DAY, None), False),
        ((None, TODAY), (None, TODAY - DAY), True),
    ],
)
def test_two_periods_overlap_when_they_share_a_day(first, second, shared):
    assert rules.overlap(first, second) is rules.overlap(second, first) is shared


# The account link


@pytest.fixture
def account_link(editor, world, work):
    """Return the path of the link in the mail to a new person."""
    editor.send("/beheer/mensen/nieuw", {**NEW, "organisation": world.hospital.id})
    with work() as session:
        return link_in(session.scalars(sa.select(Mail)).one())


GOOD = "een lange zin met paarden"


def test_an_account_link_lets_its_reader_choose_a_password_once(account_link, client, work):
    assert client.get(account_link).location == "/wachtwoord"
    assert NEW["email"] in client.get("/wachtwoord").text
    assert client.send("/wachtwoord", {"password": GOOD}).location == "/inloggen"
    assert client.get(account_link).status_code == client.get("/wachtwoord").status_code == 404
    assert client.send("/wachtwoord", {"password": "een heel andere zin"}).status_code == 404
    assert client.send("/inloggen", {"email": NEW["email"], "password": GOOD}).status_code == 303
    assert client.get("/vandaag").status_code == 200
    assert recorded(work, "account.password")[0].actor.startswith("link:account:")


@pytest.mark.parametrize("password", ["", "te kort", "a" * 257])
def test_a_password_that_is_too_short_or_too_long_is_refused(account_link, client, dump, password):
    client.get(account_link)
    before = dump()
    page = client.send("/wachtwoord", {"password": password})
    assert page.status_code == 422 and said_at(page.text, "password") and "a" * 257 not in page.text
    assert dump() == before


def test_a_new_link_invalidates_the_old_one_and_leaves_the_password(account_link, editor, client, work, world):
    client.get(account_link)
    client.send("/wachtwoord", {"password": GOOD})
    with work() as session:
        person = session.scalars(sa.select(Person).where(Person.email == NEW["email"])).one()
    path = f"/beheer/mensen/{person.public_id}/link"
    assert NEW["email"] in editor.get(path).text
    paths = []
    for _ in range(2):
        assert editor.send(path).status_code == 303
        with work() as session:
            paths.append(link_in(session.scalars(sa.select(Mail).order_by(Mail.id.desc()).limit(1)).one()))
    visitor = make_client(client.application)
    assert [visitor.get(one).status_code for one in paths] == [404, 303]
    assert visitor.send("/inloggen", {"email": NEW["email"], "password": GOOD}).status_code == 303


def test_an_account_link_expires_after_a_week(account_link, client, frozen):
    frozen.shift(own_account.LINK_LASTS + timedelta(seconds=5))
    assert client.get(account_link).status_code == 404


def test_an_account_link_opens_nothing_else(account_link, client):
    client.get(account_link)
    assert client.get("/vandaag").status_code == client.get("/beheer").status_code == 302
    assert client.get("/mijn-aanmelding").status_code == 404


@pytest.mark.both_databases
def test_people_are_sorted_by_surname_and_found_by_plain_letters_in_any_order(work, editor, world):
    found = {"walesa": "Wałęsa, Lech", "Test Jan": "Test, Jan de la", "vries anneke": "Vries, Anneke de"}
    with work():
        for name in ("Anneke de Vries", "Lech Wałęsa", "Jan de la Test"):
            make.make_staff("coordinator", world.hospital, name)
    page = editor.get("/beheer").text
    places = [page.index(name) for name in ("Actief, Anna", "Hoofd, Hilde", "Test, Jan de la", "Vries, Anneke de")]
    assert places == sorted(places)
    for word, name in found.items():
        page = editor.get("/beheer", query_string={"q": word}).text
        assert name in page and "Actief, Anna" not in page, word
