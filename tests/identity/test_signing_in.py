"""The sign-in page: five attempts, a neutral response, no redirect to another site; signing out ends every session."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from schakel.audit.models import AuditEntry
from schakel.identity import rules
from schakel.identity.models import Attempt
from schakel.identity.start_session import local_target
from tests import make, web_client
from tests.databases import BASE_URL

PASSWORD = "een goede lange zin"
ADDRESS = "tjitske@example.org"


@pytest.fixture
def account(work):
    with work():
        made = make.make_account(make.make_person(email="Tjitske@Example.org"), PASSWORD)
    return made


def enter(client, password: str = PASSWORD, email: str = ADDRESS, path: str = "/inloggen", **more):
    return client.send(path, {"email": email, "password": password, **more})


def test_the_right_password_signs_in(client, account):
    assert client.get("/vandaag").status_code == 302
    answer = enter(client)
    assert (answer.status_code, answer.location) == (303, "/vandaag")
    assert client.get("/vandaag").status_code == 200


@pytest.mark.parametrize("typed", ["TJITSKE@EXAMPLE.ORG", " tjitske@example.org ", "ｔjitske@example.org"])
def test_the_address_may_be_typed_in_any_case(client, account, typed):
    assert enter(client, email=typed).status_code == 303


def test_after_five_wrong_passwords_the_right_one_is_refused_for_a_quarter_of_an_hour(client, account, frozen):
    for _ in range(5):
        assert enter(client, "verkeerd").status_code == 422
    blocked = enter(client)
    assert blocked.status_code == 429 and blocked.headers["Retry-After"] == "900" and "kwartier" in blocked.text
    assert client.get("/vandaag").status_code == 302
    frozen.shift(timedelta(minutes=15, seconds=1))
    assert enter(client).status_code == 303


def test_another_ip_address_does_not_give_more_attempts(client, account):
    for number in range(5):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}"
        enter(client, "verkeerd", email=("TJITSKE@example.org", "tjit\u00adske@example.org")[number % 2])
    assert enter(client).status_code == 429


def test_a_successful_sign_in_clears_the_count(client, account):
    for _ in range(4):
        enter(client, "verkeerd")
    assert enter(client).status_code == 303
    for _ in range(4):
        assert enter(client, "verkeerd").status_code == 422


def test_attempts_on_one_account_do_not_block_another(client, account, work):
    for _ in range(6):
        enter(client, "verkeerd", email="ander@example.org")
    assert enter(client).status_code == 303


def test_a_failed_attempt_is_on_record_without_address_or_password(client, account, work):
    enter(client, "verkeerd wachtwoord")
    with work() as session:
        assert session.scalar(sa.select(sa.func.count(Attempt.id))) == 1
        entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "sign_in.failed"))
        text = " ".join(map(str, vars(entry).values()))
    assert "tjitske" not in text and "verkeerd" not in text


def neutral(page, email: str) -> tuple:
    """Return the page without what the visitor typed and without the token of the form."""
    body = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page.text).replace(email, "")
    return page.status_code, body, sorted(name for name, _ in page.headers)


@pytest.mark.parametrize("other", ["onbekend@example.org", "zonder-wachtwoord@example.org"])
def test_the_answer_to_a_known_and_an_unknown_address_is_the_same(app, account, work, other):
    with work():
        make.make_account(make.make_person(email="zonder-wachtwoord@example.org"))
    answers = []
    for email in (ADDRESS, other):
        client = web_client.make_client(app)
        answers.append([neutral(enter(client, "verkeerd", email), email) for _ in range(6)])
    assert answers[0] == answers[1] and [answer[0] for answer in answers[0]] == [422] * 5 + [429]


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(client, account, monkeypatch):
    from argon2 import low_level

    seen: list[str] = []
    for name in ("hash_secret", "verify_secret"):
        real = getattr(low_level, name)
        monkeypatch.setattr(low_level, name, lambda *a, _real=real, **k: (seen.append("hashed"), _real(*a, **k))[1])
    counts = []
    for email in (ADDRESS, "onbekend@example.org"):
        seen.clear()
        enter(client, "verkeerd", email)
        counts.append(len(seen))
    assert counts[0] == counts[1] == 1


def test_somebody_without_a_password_cannot_sign_in_with_one(client, work):
    with work():
        make.make_account(make.make_person(email=ADDRESS))
    assert enter(client, "").status_code == 422 and enter(client, "None").status_code == 422


def test_a_disabled_account_cannot_sign_in(client, account, work):
    with work() as session:
        session.merge(account).active = False
    assert enter(client).status_code == 422


AWAY = [
    "//evil.test", "/\\evil.test", "\\\\evil.test", "/%09/evil.test", "/\t/evil.test", "https:evil.test", "https:///evil.test",
    "///evil.test", "http://own@evil.test", "/%0d%0aSet-Cookie:a=b", "/\r\nSet-Cookie:a=b", "/..//evil.test", "/.//evil.test",
    "javascript:alert(1)", "evil.test", "", " //evil.test", "/%5cevil.test", "/%2f/evil.test", "https://evil.test/", "/\u2028/evil.test",
    "//[", "//[evil.test", "http://[", "/[//evil.test",
]  # fmt: skip


@pytest.mark.parametrize("how", ["query", "field"])
@pytest.mark.parametrize("wanted", AWAY)
def test_signing_in_never_redirects_to_another_site(client, account, wanted, how):
    more = {"query_string": {"verder": wanted}} if how == "query" else {}
    data = {
        "email": ADDRESS,
        "password": PASSWORD,
        "csrf_token": client.token(),
        **({"verder": wanted} if how == "field" else {}),
    }
    answer = client.post("/inloggen", data=data, **more)
    assert answer.status_code == 303
    assert re.match(r"^/[^/\\]", answer.location) and "\n" not in answer.location and "/.." not in answer.location
    assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if not cookie.startswith("__Host-schakel=")]


def test_signing_in_redirects_to_the_requested_page(client, account):
    target = "/bijeenkomsten?wanneer=geweest&soort=mdo"
    page = client.get("/vandaag?x=1")
    assert page.location == "/inloggen?verder=/vandaag?x%3D1"
    assert f'value="{target.replace("&", "&amp;")}"' in client.get("/inloggen", query_string={"verder": target}).text
    assert enter(client, verder=target).location == target


def test_signing_out_invalidates_a_stolen_cookie(client, account, app):
    enter(client)
    thief = web_client.make_client(app)
    name = app.config["SESSION_COOKIE_NAME"]
    thief.set_cookie(
        name, client.get_cookie(name, "schakel.example.org").value, domain="schakel.example.org", secure=True
    )
    assert thief.get("/vandaag").status_code == 200
    assert client.send("/uitloggen").status_code == 303
    assert client.get("/vandaag").status_code == 302
    assert thief.get("/vandaag").status_code == 302


def test_the_session_is_a_new_one_after_signing_in(client, account):
    client.get("/inloggen")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    enter(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_session_ends_after_twelve_hours(client, account, frozen):
    enter(client)
    assert client.get("/vandaag").status_code == 200
    frozen.shift(timedelta(hours=12, seconds=5))
    assert client.get("/vandaag").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [("", PASSWORD), (ADDRESS, ""), ("a" * 321, PASSWORD), (ADDRESS, "a" * 257), ("a\x00b", PASSWORD)],
)
def test_an_invalid_form_is_refused_before_any_hashing(client, account, monkeypatch, email, password):
    monkeypatch.setattr("schakel.identity.views.hash_password", lambda _: pytest.fail("hashed"))
    assert enter(client, password, email).status_code in (400, 422)


def test_the_demo_sign_in_page_does_not_exist_outside_the_demo(client, account, work):
    with work() as session:
        make.make_demo_person(account)
        public_id = session.merge(account).person.public_id
    assert client.get("/inloggen/demo").status_code == 404
    assert client.send("/inloggen/demo", {"person": public_id}).status_code == 404
    assert client.get("/vandaag").status_code == 302


def test_every_target_after_signing_in_is_an_address_of_this_site_to_a_browser(browser, app):
    with app.test_request_context(base_url=BASE_URL):
        given = [local_target(wanted) for wanted in AWAY]
    page = browser.new_page()
    read = page.evaluate("(all) => all.map(one => new URL(one, 'https://schakel.example.org/inloggen').origin)", given)
    page.close()
    assert set(read) == {BASE_URL}


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert rules.fold(rules.fold(text)) == rules.fold(text)


@pytest.mark.parametrize(
    ("one", "other"), [("Straße", "STRASSE"), ("e\u0301", "é"), ("a\u200bb", "AB"), ("  a   b ", "a b"), ("ﬁ", "fi")]
)
def test_visually_equal_addresses_have_the_same_key(one, other):
    assert rules.fold(one) == rules.fold(other)
