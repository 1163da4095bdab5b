"""The manifests: without each feature that may be disabled the others work; the rest are `required`."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from schakel import db, slots
from schakel.app import FEATURES, create_app, manifests
from tests import databases, make, web_client
from tests.source_tree import ROOT

SWITCHABLE = [feature.name for feature in manifests([]) if not feature.required]


def test_the_switchable_features_are_these():
    assert SWITCHABLE == [
        "identity.staff",
        "events.followup",
        "registrations.retention",
        "reports",
        "reports.loops",
        "home.postbox",
    ]


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("schakel")


def feature_of(module: str) -> str:
    """Return the feature of a module: the longest name on the list that it starts with."""
    path = module.removeprefix("schakel.")
    return max((name for name in FEATURES if f"{path}.".startswith(f"{name}.")), key=len, default="")


@pytest.mark.parametrize("name", SWITCHABLE)
def test_no_other_feature_imports_one_that_may_be_disabled(imports, name):
    """The loader of the stories may, and tables may be read: they exist even if the feature is disabled."""
    users = {
        user
        for module in imports.modules
        if feature_of(module) == name and not module.endswith(".models")
        for user in imports.find_modules_that_directly_import(module)
    }
    assert {feature_of(user) for user in users} <= {name, "cli"}


@pytest.fixture(params=SWITCHABLE)
def without(request, engines, run_folder, monkeypatch) -> Iterator:
    """An application over its own database with one feature disabled, and the name of that feature."""
    monkeypatch.setattr(slots, "_filled", {name: [] for name in slots.NAMES})
    url = engines("sqlite").copy()
    app = databases.make_app(url, run_folder, WITHOUT=request.param)
    app.test_client_class = web_client.Client
    yield request.param, app
    databases.let_go(app)
    engines("sqlite").drop(url)


def test_without_a_feature_the_pages_of_the_others_open(without):
    name, app = without
    with app.app_context():
        tenant = make.make_tenant("Half")
        db.end_transaction(True)
    (feature,) = (one for one in manifests([]) if one.name == name)
    if feature.blueprint:
        assert feature.blueprint.name not in app.blueprints
    assert all(feature.name != supplier for slot in slots.NAMES for supplier, _ in slots.suppliers(slot))
    event = f"/bijeenkomsten/{tenant.events['published'].slug}"
    for role in ("coordinator", "medical_director"):
        client = web_client.sign_in(app.test_client(), app, tenant.accounts[role])
        for path in ("/", "/vandaag", "/bijeenkomsten", event):
            page = client.get(path)
            assert page.status_code == 200, path
            for link in links_of(page.text):
                assert client.get(link).status_code in (200, 302, 403), f"{link} on {path}"


def links_of(page: str) -> set[str]:
    """Return the links of a page within this site, without files."""
    found = {html.unescape(link) for link in re.findall(r'<a [^>]*href="(/[^"#]*)', page)}
    assert found, "no links"
    return found


@pytest.mark.parametrize("name", ["identity", "events", "home.today", "nowhere"])
def test_a_required_or_unknown_feature_cannot_be_disabled(name):
    with pytest.raises(RuntimeError, match=name):
        list(manifests([name]))


def test_the_factory_is_a_list():
    source = Path(ROOT / "platform" / "schakel" / "app.py").read_text()
    assert source.count("\n") < 150 and create_app.__module__ == "schakel.app"
