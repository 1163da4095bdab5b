"""What every template can use: macros of forms and pages, addresses of files, the menu, the actor."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for

from schakel import i18n, pages, slots


def init(app: Flask) -> None:
    """Register globals and context; call after the extensions, whose globals the macros use."""
    environment = app.jinja_env
    environment.globals.update(asset=asset, icons=icons)
    for name, template in (("f", "_shared/forms.html"), ("p", "_shared/pieces.html")):
        environment.globals[name] = environment.get_template(template).module
    app.context_processor(_context)
    app.url_defaults(pages.add_list_address)


def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=200)
def _asset(_root: str, folder: str, name: str) -> str:
    return url_for("static", filename=name, v=_fingerprint(str(Path(folder) / name)))


def asset(name: str) -> str:
    """Return the address of a static file with its fingerprint, so that a browser may cache it for ever."""
    return _asset(request.script_root, current_app.static_folder or "", name)


def icons() -> str:
    """Return the address of the file with all icons."""
    return asset("icons.svg")


def _addresses(demo: bool, postbox: bool) -> dict[str, str]:
    """Return the addresses that every page uses."""
    return {
        "bootstrap_css": url_for("bootstrap.static", filename="css/bootstrap.min.css"),
        "sign_in_url": url_for("home.demo" if demo else "identity.sign_in"),
        "sign_out_url": url_for("identity.sign_out"),
        "own_url": url_for("own_account.show"),
        "home_url": url_for("home.front"),
        "events_url": url_for("events.index"),
        "accessibility_url": url_for("home.accessibility"),
        "privacy_url": url_for("home.privacy"),
        "postbox_url": url_for("postbox.index") if postbox else "",
    }


def _list_crumb(menu: list[dict[str, Any]]) -> Callable[[str, str], tuple[str, str]]:
    """Return a function that makes the breadcrumb of a list: the one this page was opened from, else the given one."""

    def crumb(label: str, url: str) -> tuple[str, str]:
        labels = {item["url"]: item["label"] for item in menu}
        found = pages.list_address(labels)
        return (labels[found[0]], found[1]) if found else (label, url)

    return crumb


def _context() -> dict[str, Any]:
    if not has_request_context():  # a mail, rendered by the worker: no visitor, no menu
        return {}
    who = pages.visitor()
    found = () if g.get("plain") else slots.ask("menu", who)  # an error page makes no database query
    items = sorted((item for _, some in found for item in some), key=lambda item: item.position)
    menu = [{"label": item.label, "url": item.url, "current": request.path.startswith(item.url)} for item in items]
    return {
        "actor": who,
        "lang": i18n.language(),
        "menu": menu,
        "list_crumb": _list_crumb(menu),
        "demo": current_app.config["DEMO"],
        **_addresses(current_app.config["DEMO"], "postbox" in current_app.blueprints),
    }
