"""The factory: the only place where all parts meet."""

import logging
import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_security import Security, SQLAlchemyUserDatastore
from flask_sqlalchemy import SQLAlchemy

from schakel import crypto, db, settings, slots, web
from schakel.actions import queries as actions_queries
from schakel.actions import service as actions
from schakel.actions import views as actions_views
from schakel.agreements import service as agreements
from schakel.agreements import views as agreements_views
from schakel.audit import service as audit
from schakel.cli import commands
from schakel.events import service as events_service
from schakel.events import views as events_views
from schakel.events.desk import views as desk_views
from schakel.events.followup import service as followup
from schakel.events.followup import views as followup_views
from schakel.events.work import queries as events_work
from schakel.home import views as home_views
from schakel.home.postbox import views as postbox_views
from schakel.home.today import queries as today_queries
from schakel.home.today import service as today
from schakel.home.today import views as today_views
from schakel.identity import views as identity_views
from schakel.identity.links import views as links_views
from schakel.identity.models import Account
from schakel.identity.staff import service as staff
from schakel.identity.staff import views as staff_views
from schakel.measures import queries as measures_queries
from schakel.measures import service as measures
from schakel.measures import views as measures_views
from schakel.measures.desk import views as measure_desk_views
from schakel.measures.theme import panel as theme_panel
from schakel.measures.work import queries as measures_work
from schakel.notifications import mailer
from schakel.notifications import service as notifications
from schakel.registrations import views as registrations_views
from schakel.registrations.changing import views as my_registration_views
from schakel.registrations.following import service as following
from schakel.registrations.organiser import queries as organiser_queries
from schakel.registrations.organiser import views as organiser_views
from schakel.registrations.retention import service as retention
from schakel.registrations.work import queries as registrations_work
from schakel.reports import service as reports
from schakel.reports import views as reports_views

PACKAGE = Path(__file__).resolve().parent
# The checkout, or the package itself when installed from a wheel: wherever the templates are.
HOME = next(folder for folder in (PACKAGE, PACKAGE.parent.parent) if (folder / "templates").is_dir())
MIN_SECRET = 32

fsa = SQLAlchemy(
    model_class=db.Base, session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
)
migrate = Migrate(compare_type=True)


@dataclass(frozen=True)
class Feature:
    """A part of Schakel: its pages, and the slots it fills. Leaving its line out switches it off."""

    name: str
    blueprint: Blueprint | None = None
    fills: dict[str, Any] = field(default_factory=dict)
    link_home: tuple[str, str] | None = None  # kind of link → where it leads


# In layer order, lowest first; slots are asked in this order.
FEATURES = (
    Feature("notifications"),
    Feature("identity", identity_views.pages),
    Feature("identity.links", links_views.pages),
    Feature("identity.staff", staff_views.pages, {"menu": (staff.menu,)}, link_home=("account", "/wachtwoord")),
    Feature(
        "actions",
        actions_views.pages,
        {"menu": (actions.menu,), "work": (actions_queries.work,)},
        link_home=("action", "/mijn-actiepunt"),
    ),
    Feature(
        "measures",
        measures_views.pages,
        {"menu": (measures.menu,), "work": (measures_work.work,), "loop.cause": (measures_queries.causes,)},
    ),
    Feature("measures.desk", measure_desk_views.pages),
    Feature(
        "measures.theme",
        None,
        {"panel.action": (theme_panel.on_action,), "panel.measure": (theme_panel.on_measure,)},
    ),
    Feature("events", events_views.pages, {"menu": (events_service.menu,), "work": (events_work.work,)}),
    Feature("events.desk", desk_views.pages),
    Feature(
        "events.followup",
        followup_views.pages,
        {"loop.cause": (followup.causes,), "panel.event": (followup.panel,)},
    ),
    Feature("registrations", registrations_views.pages, {"work": (registrations_work.work,)}),
    Feature("registrations.changing", my_registration_views.pages, link_home=("registration", "/mijn-aanmelding")),
    Feature("registrations.organiser", organiser_views.pages, {"told.event": (organiser_queries.told,)}),
    Feature(
        "registrations.following",
        None,
        {"minute": (following.lapse_offers, following.fill_freed, following.follow_events)},
    ),
    Feature("registrations.retention", None, {"daily": (retention.forget,)}),
    Feature(
        "agreements",
        agreements_views.pages,
        {"loop.cause": (agreements.causes,), "panel.event": (agreements.panel,)},
    ),
    Feature("reports", reports_views.pages, {"menu": (reports.menu,)}),
    Feature("home", home_views.pages),
    Feature("home.today", today_views.pages, {"menu": (today_queries.menu,), "daily": (today.weekly_digest,)}),
    Feature("home.postbox", postbox_views.pages),
)


def create_app(**overrides: Any) -> Flask:
    """Make the application. `overrides` replace settings (tests). Raises RuntimeError rather than start unsafely."""
    app = Flask(__name__, template_folder=str(HOME / "templates"), static_folder=str(PACKAGE / "static"))
    app.config.from_pyfile(str(HOME / "config.py"))
    app.config |= overrides
    _settle(app)
    _extensions(app)
    slots.empty()
    for feature in FEATURES:
        if feature.blueprint:
            app.register_blueprint(feature.blueprint)
        for slot, functions in feature.fills.items():
            for function in functions:
                slots.fill(slot, feature.name, function)
    app.config["LINK_HOMES"] = dict(feature.link_home for feature in FEATURES if feature.link_home)
    web.init(app)
    commands.init(app)
    _guard(app)
    return app


def _settle(app: Flask) -> None:
    """Settle secrets, addresses and cookies; refuse what is unsafe."""
    config = app.config
    var = Path(config.get("VAR") or Path.cwd() / "instance")
    if config["DEMO"]:
        var.mkdir(parents=True, exist_ok=True)
        config["SECRET_KEY"] = config["SECRET_KEY"] or _own_secret(var / "demo-secret")
        config["KEYRING"] = config["KEYRING"] or str(_own_keyring(var / "demo-keyring"))
        config["DATABASE_URL"] = config["DATABASE_URL"] or f"sqlite:///{var / 'demo.db'}"
    if len(config["SECRET_KEY"]) < MIN_SECRET:
        raise RuntimeError(
            f"SCHAKEL_SECRET_KEY is missing or shorter than {MIN_SECRET} signs; make one, it has no default"
        )
    if not config["KEYRING"]:
        raise RuntimeError("SCHAKEL_KEYRING is missing: make a key ring with `flask sleutelring maak PAD`")
    if not config["DATABASE_URL"]:
        raise RuntimeError("SCHAKEL_DATABASE_URL is missing, for instance sqlite:////var/lib/schakel/schakel.db")
    if not config["DEMO"] and not config.get("TESTING") and not config["BASE_URL"].startswith("https://"):
        raise RuntimeError("SCHAKEL_BASE_URL must be an https:// address: links in mails are built from it")
    config["VAR"] = var
    _settle_mail(app)
    config["SEEDS"] = config.get("SEEDS") or str(HOME / "seeds")
    config["AUDIT_HEAD"] = config["AUDIT_HEAD"] or str(var / "audit-head.json")
    config["SQLALCHEMY_DATABASE_URI"] = config["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    secure = config["BASE_URL"].startswith("https://")
    config["SESSION_COOKIE_SECURE"] = secure
    config["SESSION_COOKIE_NAME"] = "__Host-schakel" if secure else "schakel"
    config["SESSION_COOKIE_PATH"] = "/"
    config["TRUSTED_HOSTS"] = _own_names(config["BASE_URL"], config["LISTEN"] if config["DEMO"] else None)


def _own_names(base_url: str, demo_listens: str | None) -> list[str] | None:
    """The names this house answers to: that of its own address. A demo also answers where it listens (None: to all)."""
    own = urlsplit(base_url).hostname or ""
    if demo_listens is None:
        return [own]
    return None if demo_listens in ("0.0.0.0", "::") else [own, "localhost", "127.0.0.1", demo_listens]  # noqa: S104


def _settle_mail(app: Flask) -> None:
    """SCHAKEL_SMTP is host[:port]; without it mails wait in the outbox (in the demo they stand in /postvak)."""
    config = app.config
    host, _, port = config["SMTP"].partition(":")
    config["MAIL_SERVER"], config["MAIL_PORT"] = host, int(port or 25)
    config["MAIL_USERNAME"] = config["SMTP_USER"] or None
    config["MAIL_PASSWORD"] = config["SMTP_PASSWORD"] or None
    config["MAIL_USE_TLS"] = config["SMTP_TLS"]
    config["MAIL_SUPPRESS_SEND"] = False
    if config["DEMO"]:
        config["BASE_URL"] = config["BASE_URL"] or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        config["UNDO_MINUTES"] = 0
        config["MAIL_DOMAINS"] = config["MAIL_DOMAINS"] or "example.org"
    config["MAIL_FROM"] = config["MAIL_FROM"] or "schakel@schakel.example.org"
    config["MAIL_DOMAINS"] = config["MAIL_DOMAINS"] or config["MAIL_FROM"].rpartition("@")[2]


def _own_secret(path: Path) -> str:
    if not path.exists():
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _own_keyring(path: Path) -> Path:
    if not path.exists():
        crypto.write_keyring(path)
    return path


def _extensions(app: Flask) -> None:
    app.config |= {
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "nl",
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "SECURITY_PASSWORD_SALT": app.config["SECRET_KEY"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_TRACKABLE": False,
        "SECURITY_JOIN_USER_ROLES": False,
    }
    fsa.init_app(app)
    migrate.init_app(app, fsa, directory=str(HOME / "migrations"), render_as_batch=True)
    Babel(app)
    Bootstrap5(app)
    # Its pages stay off (ours are in identity/views.py); its sessions, hashing and user loading serve us.
    store = SQLAlchemyUserDatastore(fsa, Account, None)  # type: ignore[arg-type]  # roles are ours, with scope and dates
    security = Security(app, store, register_blueprint=False)
    # It brings Flask-Principal, which reads the user before each request; nobody here asks for identities: detached.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    db.use(lambda: fsa.session())
    ring = crypto.read_keyring(Path(app.config["KEYRING"]))
    for name in ("audit", "links"):
        if not ring.holds(name):
            raise RuntimeError(f"the key ring holds no key '{name}'; make one with `flask sleutelring maak PAD`")
    audit.use_keys(ring)
    notifications.use_keys(ring)
    notifications.use_addresses(app.config["MAIL_FROM"], tuple(app.config["MAIL_DOMAINS"].lower().split()))
    settings.use(app.config["BASE_URL"], timedelta(minutes=app.config["UNDO_MINUTES"]))
    mailer.flask_mail.init_app(app)
    logging.getLogger("schakel").setLevel(logging.INFO)


def _guard(app: Flask) -> None:
    with app.app_context():
        db.guard(fsa.engine)
        db.check_guard(fsa.engine)
        fsa.engine.dispose()  # workers are forked from a preloaded parent: no connection may cross
