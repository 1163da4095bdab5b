"""The settings of an installation: completed, and refused when unsafe. `home` is where templates and seeds are."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from schakel import crypto

MIN_SECRET = 32


def check(app: Flask, home: Path) -> None:
    """Complete the settings: secrets, addresses, cookies. Raises RuntimeError for unsafe settings."""
    config = app.config
    var = Path(config.get("VAR") or Path.cwd() / "instance")
    if config["DEMO"]:
        var.mkdir(parents=True, exist_ok=True)
        config["SECRET_KEY"] = config["SECRET_KEY"] or _own_secret(var / "demo-secret")
        config["KEYRING"] = config["KEYRING"] or str(_own_keyring(var / "demo-keyring"))
        config["DATABASE_URL"] = config["DATABASE_URL"] or f"sqlite:///{var / 'demo.db'}"
    if len(config["SECRET_KEY"]) < MIN_SECRET:
        raise RuntimeError(
            f"SCHAKEL_SECRET_KEY is missing or shorter than {MIN_SECRET} characters; make one, it has no default"
        )
    if not config["KEYRING"]:
        raise RuntimeError("SCHAKEL_KEYRING is missing: make a key ring with `flask sleutelring maak PAD`")
    if not config["DATABASE_URL"]:
        raise RuntimeError("SCHAKEL_DATABASE_URL is missing, for instance sqlite:////var/lib/schakel/schakel.db")
    if not config["DEMO"] and not config.get("TESTING") and not config["BASE_URL"].startswith("https://"):
        raise RuntimeError("SCHAKEL_BASE_URL must be an https:// address: links in mails are built from it")
    config["VAR"] = var
    _settle_mail(app)
    config["SEEDS"] = config.get("SEEDS") or str(home / "seeds")
    config["AUDIT_HEAD"] = config["AUDIT_HEAD"] or str(var / "audit-head.json")
    config["SQLALCHEMY_DATABASE_URI"] = config["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    secure = config["BASE_URL"].startswith("https://")
    config["SESSION_COOKIE_SECURE"] = secure
    config["SESSION_COOKIE_NAME"] = "__Host-schakel" if secure else "schakel"
    config["SESSION_COOKIE_PATH"] = "/"
    config["TRUSTED_HOSTS"] = _own_names(config["BASE_URL"], config["LISTEN"] if config["DEMO"] else None)


def _own_names(base_url: str, demo_listens: str | None) -> list[str] | None:
    """Return the host names to serve: that of the base URL; for a demo also its listen address (None: all)."""
    own = urlsplit(base_url).hostname or ""
    if demo_listens is None:
        return [own]
    return None if demo_listens in ("0.0.0.0", "::") else [own, "localhost", "127.0.0.1", demo_listens]  # noqa: S104


def _settle_mail(app: Flask) -> None:
    """Set Flask-Mail's settings. SCHAKEL_SMTP is host[:port]; without it mails wait in the outbox (demo: /postvak)."""
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
