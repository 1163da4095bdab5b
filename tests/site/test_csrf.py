"""A form without a valid CSRF token has no effect; with an expired token the typed input is not lost."""

import pytest

from tests import make, matrix
from tests.web_client import Client

TYPED = 'getypt "met" <tekens> & zorg'
UNSAFE = sorted({cell[:3] for cell in matrix.cells(unsafe=True)})


pytestmark = pytest.mark.prepared(by=make.one_tenant)


@pytest.fixture
def coordinator(prepared, client_of) -> tuple[make.Tenant, Client]:
    return prepared, client_of(prepared.accounts["coordinator"])


def addresses(tenant: make.Tenant) -> list[tuple[str, str]]:
    draft = {"draft": {"slug": f"draft-{tenant.canary.lower()}", "item_id": tenant.items["draft"]}}

    def filled(endpoint: str, path: str) -> str:
        return matrix.filled(path, endpoint, f"draft {matrix.first_verb_of(endpoint)}", draft)

    return [(method, filled(endpoint, path)) for endpoint, method, path in UNSAFE]


def refused(client, tenant, dump, wrong: dict, **options):
    """Send every unsafe verb with this flaw; each must get a 400 and leave no trace in the database."""
    before = dump()
    for method, address in addresses(tenant):
        data = {"title": TYPED, **wrong.get("data", {})}
        page = client.open(address, method=method, data=data, headers=wrong.get("headers"), **options)
        assert page.status_code == 400, f"{method} {address}: {page.status_code}"
        yield address, page
    assert dump() == before


def opens_by_link_only(address: str) -> bool:
    """Whether the page of a form needs the link from a mail."""
    return address in ("/wachtwoord", "/weekmail-stoppen") or (
        address.startswith("/mijn-aanmelding/") and not address.endswith("link-kwijt")
    )


def test_there_are_unsafe_routes_to_check():
    assert len(UNSAFE) >= 9


def test_a_form_with_an_expired_token_is_displayed_with_everything_typed(coordinator, dump):
    tenant, client = coordinator
    for address, page in refused(client, tenant, dump, {"headers": {"Sec-Fetch-Site": "same-origin"}}):
        if not opens_by_link_only(address):  # there the link must be opened again first
            assert "Het formulier was verlopen" in page.text and f'action="{address}"' in page.text
        assert "getypt &#34;met&#34; &lt;tekens&gt; &amp; zorg" in page.text


def test_an_expired_token_is_refused(coordinator, dump, frozen):
    tenant, client = coordinator
    old = client.token()
    frozen.shift(12 * 3600 + 1)
    for address, page in refused(client, tenant, dump, {"data": {"csrf_token": old}}):
        assert "Het formulier was verlopen" in page.text or opens_by_link_only(address)


def test_the_token_of_another_session_is_refused(coordinator, client, dump):
    tenant, mine = coordinator
    client.get("/inloggen")
    assert all(refused(mine, tenant, dump, {"data": {"csrf_token": client.token()}}))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_of_another_site_is_not_displayed_again(coordinator, dump, site):
    tenant, client = coordinator
    for _, page in refused(client, tenant, dump, {"headers": {"Sec-Fetch-Site": site}}):
        assert "verlopen" not in page.text and "getypt" not in page.text


def test_a_form_of_another_site_is_recognised_by_its_origin_alone(coordinator, dump):
    tenant, client = coordinator
    for _, page in refused(client, tenant, dump, {"headers": {"Origin": "https://evil.test"}}):
        assert "verlopen" not in page.text and "getypt" not in page.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}], ids=str)
def test_a_valid_token_from_another_site_is_refused(coordinator, dump, headers):
    tenant, client = coordinator
    assert all(refused(client, tenant, dump, {"data": {"csrf_token": client.token()}, "headers": headers}))


def test_a_machine_gets_json(coordinator, dump):
    tenant, client = coordinator
    for _, answer in refused(client, tenant, dump, {"headers": {"Accept": "application/json"}}):
        assert answer.mimetype == "application/json"


def test_the_displayed_form_can_be_sent_again(coordinator, work):
    _, client = coordinator
    page = client.post("/bijeenkomsten/draft-kanariea/publiceren")
    assert page.status_code == 400
    token = page.text.split('name="csrf_token" value="')[-1].split('"')[0]
    assert client.post("/bijeenkomsten/draft-kanariea/publiceren", data={"csrf_token": token}).status_code == 303


def test_a_password_is_never_in_a_response(client):
    page = client.post("/inloggen", data={"email": "a@example.org", "password": "mijn geheime zin"})
    assert page.status_code == 400 and "a@example.org" in page.text and "geheime" not in page.text
