"""Pages for a form that cannot be handled as it was sent: its token, session or link does not hold. Nothing is lost."""

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from schakel import access, error_pages, pages
from schakel.home import queries as home
from schakel.identity.forms import SignInForm
from schakel.identity.links import scope
from schakel.identity.links.models import Link
from schakel.pages import typed


def not_accepted(rule: access.Rule) -> ResponseReturnValue:
    """Return the page for a form whose CSRF token is not accepted; for JSON only the status."""
    if pages.wants_json():
        return error_pages.error_page(400)
    fields, opened = typed.pairs(), scope.open_link() if rule.kind == "link" else None
    if opened:
        made_under = scope.link_of_form(request.form.get("csrf_token", ""))
        if made_under is None or made_under.public_id != opened.public_id:
            return _of_another_link(opened, made_under)
    elif _is_for_links(rule):
        return render_template("_shared/dead_link.html", typed=typed.texts(fields, complete=True)), 400
    elif rule.kind != "public" and not pages.visitor().is_known:
        return _sign_in_first()
    return render_template("_shared/expired.html", action=_path(), fields=fields, texts=typed.texts(fields)), 400


def _is_for_links(rule: access.Rule) -> bool:
    return rule.kind == "link" and not rule.text.endswith("+signed_in")


def _path() -> str:
    return request.full_path.rstrip("?")


def _sign_in_first() -> ResponseReturnValue:
    """The session ended while the form was open: sign in on a page that keeps what was typed."""
    fields = typed.pairs()
    unsent = {"verder": _path(), "getypt": typed.packed(fields)}
    if current_app.config["DEMO"]:
        groups = home.demo_groups()
        return render_template("home/demo.html", groups=groups, typed=typed.texts(fields), **unsent), 400
    form = SignInForm(formdata=None, data=unsent)
    return render_template("identity/sign_in.html", form=form, blocked=False, typed=typed.texts(fields)), 400


def _of_another_link(opened: Link, made_under: Link | None) -> ResponseReturnValue:
    """Two links were opened in one browser: the form belongs to the object it was displayed for, so nothing changes."""
    return render_template(
        "_shared/other_link.html",
        of_form=_name_of(made_under) if made_under else "",
        of_open=_name_of(opened),
        open_url=current_app.config["LINK_HOMES"].get(opened.kind, url_for("home.front")),
        typed=typed.texts(typed.pairs(), complete=True),
    ), 409


def _name_of(link: Link) -> str:
    name: str = current_app.config["LINK_NAMES"][link.kind](link.object_id)
    return name
