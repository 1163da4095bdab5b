"""The pages outside the features."""

from flask import Blueprint, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from schakel import access, dates
from schakel.events import queries as events
from schakel.events.page_data import card
from schakel.home import queries, style_samples
from schakel.identity.start_session import sign_in_and_redirect

pages = Blueprint("home", __name__)


@pages.get("/")
@access.rule(access.public)
def front() -> ResponseReturnValue:
    """Display the front page: what this is, the next events, the stories."""
    coming, _ = events.listed(access.ANONYMOUS, events.Filters(), dates.now(), size=5)
    return render_template("home/front.html", events=[card(event) for event in coming], stories=queries.stories())


@pages.get("/stijl")
@access.rule(access.public)
def style() -> ResponseReturnValue:
    """Display every component in every state; in the demo only."""
    if not current_app.config["DEMO"]:
        abort(404)
    return render_template("home/stijl.html", samples=style_samples.SAMPLES)


@pages.get("/toegankelijkheid")
@access.rule(access.public)
def accessibility() -> ResponseReturnValue:
    """Display how accessible the site is and where to report problems."""
    return render_template("home/accessibility.html")


@pages.get("/privacy")
@access.rule(access.public)
def privacy() -> ResponseReturnValue:
    """Display what is stored, why, and for how long."""
    return render_template("home/privacy.html")


@pages.get("/gezond")
@access.rule(access.public)
def health() -> ResponseReturnValue:
    """Return the machine-readable state: database, migration, age of the worker's last heartbeat, mail."""
    state = queries.health(dates.now())
    return jsonify(state), 200 if state["database"] == "ok" else 503


@pages.route("/inloggen/demo", methods=["GET", "POST"])
@access.rule(access.public)
def demo() -> ResponseReturnValue:
    """Sign in as a fictitious person with one click, in the demo only."""
    if not current_app.config["DEMO"]:
        abort(404)
    if request.method == "POST":
        account = queries.demo_account(request.form.get("person", ""))
        wanted, unsent = request.form.get("verder"), request.form.get("getypt")
        return sign_in_and_redirect(account, "demo", wanted, unsent)
    return render_template("home/demo.html", groups=queries.demo_groups())


@pages.get("/favicon.ico")
@access.rule(access.public)
def favicon() -> ResponseReturnValue:
    """Serve the icon that browsers request by this fixed path."""
    return redirect(url_for("static", filename="favicon.svg"), 301)
