"""Flask's extensions: created here, initialised by the factory."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale, gettext, ngettext
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_security import Security, SQLAlchemyUserDatastore
from flask_sqlalchemy import SQLAlchemy

from schakel import crypto, db, i18n, settings
from schakel.audit import service as audit
from schakel.identity.models import Account
from schakel.notifications import service as notifications
from schakel.notifications import smtp

fsa = SQLAlchemy(
    model_class=db.Base, session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
)
migrate = Migrate(compare_type=True)
LANGUAGE = "schakel.language"
DUTCH = Locale(i18n.SOURCE)  # parsed once: flask-babel would do so in every request


def init(app: Flask, home: Path) -> None:
    """Initialise the extensions on an application. Raises RuntimeError when the key ring lacks a key."""
    app.config |= {
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": i18n.SOURCE,
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
        "SECURITY_PASSWORD_SALT": app.config["SECRET_KEY"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_TRACKABLE": False,
        "SECURITY_JOIN_USER_ROLES": False,
    }
    fsa.init_app(app)
    migrate.init_app(app, fsa, directory=str(home / "migrations"), render_as_batch=True)
    Babel(app, locale_selector=lambda: DUTCH)  # who may choose another language, chooses it here
    Bootstrap5(app)
    # Its pages are disabled (ours are in identity/views.py); we use its sessions, hashing and user loading.
    store = SQLAlchemyUserDatastore(fsa, Account, None)  # type: ignore[arg-type]  # our roles have scope and dates
    security = Security(app, store, register_blueprint=False)
    # Flask-Principal, part of Flask-Security, would load the user before each request; nothing uses it.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    db.use_session(lambda: fsa.session())
    ring = crypto.read_keyring(Path(app.config["KEYRING"]))
    for name in ("audit", "links"):
        if not ring.holds(name):
            raise RuntimeError(f"the key ring holds no key '{name}'; make one with `flask sleutelring maak PAD`")
    audit.use_keys(ring)
    notifications.use_keys(ring)
    notifications.use_addresses(app.config["MAIL_FROM"], tuple(app.config["MAIL_DOMAINS"].lower().split()))
    settings.use(app.config["BASE_URL"], timedelta(minutes=app.config["UNDO_MINUTES"]))
    i18n.use(gettext, ngettext, _language)
    jinja: Any = app.jinja_env  # the methods of its i18n extension are unknown to mypy
    jinja.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)
    smtp.flask_mail.init_app(app)
    logging.getLogger("schakel").setLevel(logging.INFO)


def _language() -> str:
    """The language of this request, or of the application outside a request."""
    if not has_request_context():
        return _find_language()
    environ = request.environ  # stored there: flask-babel takes 5 µs to find it, and a list asks for every cell
    if LANGUAGE not in environ:
        environ[LANGUAGE] = _find_language()
    return str(environ[LANGUAGE])


def _find_language() -> str:
    locale = get_locale()
    return locale.language if locale else i18n.SOURCE


def guard(app: Flask) -> None:
    """Hook the engine, and check that the hooks work (else RuntimeError)."""
    with app.app_context():
        db.hook_engine(fsa.engine)
        db.check_engine(fsa.engine)
        fsa.engine.dispose()  # workers are forked from a preloaded parent and must not share a connection
