"""The application factory and the list of features."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

from schakel import configuration, extensions, request_hooks, slots
from schakel.extensions import fsa as fsa
from schakel.manifest import Feature

PACKAGE = Path(__file__).resolve().parent
# The checkout, or the package itself when installed from a wheel: wherever the templates are.
HOME = next(folder for folder in (PACKAGE, PACKAGE.parent.parent) if (folder / "templates").is_dir())

# In layer order, lowest first; slots are asked in this order. Deleting a row switches that feature off.
FEATURES = (
    "audit",
    "identity",
    "identity.links",
    "identity.own_account",
    "identity.staff",
    "actions",
    "actions.editing",
    "measures",
    "measures.planning",
    "measures.theme",
    "events",
    "events.editing",
    "events.followup",
    "registrations",
    "registrations.self_service",
    "registrations.organiser",
    "registrations.retention",
    "agreements",
    "reports",
    "reports.loops",
    "home",
    "home.today",
    "home.postbox",
    "cli",
)


def create_app(**overrides: Any) -> Flask:
    """Create the application. `overrides` replace settings (tests). Raises RuntimeError for unsafe settings."""
    app = Flask(__name__, template_folder=str(HOME / "templates"), static_folder=str(PACKAGE / "static"))
    app.config.from_pyfile(str(HOME / "config.py"))
    app.config |= overrides
    configuration.check(app, HOME)
    extensions.init(app, HOME)
    slots.empty()
    app.config |= {"LINK_HOMES": {}, "LINK_NAMES": {}}
    for feature in manifests(app.config["WITHOUT"].split()):
        _add(app, feature)
    request_hooks.init(app)
    extensions.guard(app)
    return app


def manifests(without: list[str]) -> Iterator[Feature]:
    """Return the manifests of enabled features. Raises RuntimeError for a feature that cannot be disabled."""
    if unknown := set(without) - set(FEATURES):
        raise RuntimeError(f"SCHAKEL_WITHOUT names what is no feature: {', '.join(sorted(unknown))}")
    for name in FEATURES:
        feature: Feature = import_module(f"schakel.{name}.feature").FEATURE
        if name not in without:
            yield feature
        elif feature.required:
            raise RuntimeError(f"SCHAKEL_WITHOUT names {name}, which other features use")


def _add(app: Flask, feature: Feature) -> None:
    if feature.blueprint:
        app.register_blueprint(feature.blueprint)
    jobs = [*(("minute", job) for job in feature.minute), *(("daily", job) for job in feature.daily)]
    for slot, function in (*feature.slots.items(), *jobs):
        slots.fill(slot, feature.name, function)
    for home in feature.link_homes:
        app.config["LINK_HOMES"][home.kind] = home.path
        app.config["LINK_NAMES"][home.kind] = home.name_of
    for command in feature.commands:
        app.cli.add_command(command)
