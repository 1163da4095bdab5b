"""*Beheer*: people with an account, their roles and deputies, inside the administrator's own organisations."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, db, errors
from schakel.identity import policy
from schakel.identity.models import Organisation, Person, RoleGrant
from schakel.identity.roles import service as roles
from schakel.identity.rules import Role
from schakel.identity.staff import forms, queries, service
from schakel.pages import Filter, ListPage, VerbForm, actor, saved

pages = Blueprint("staff", __name__)


@pages.get("/beheer")
@access.rule(policy.may_administer)
def index() -> ResponseReturnValue:
    """List everybody with an account, and who deputises for whom."""
    page = ListPage([Filter("q", gettext("Naam of e-mail"))])
    rows, more = queries.listed(actor(), page["q"], page.after_id, page.size(queries.PAGE))
    deputies = queries.deputies(actor())
    return page.render(
        "identity/staff/index.html",
        rows,
        more,
        rows[0].total if rows else 0,
        deputies=deputies,
        when=queries.WHEN,
    )


@pages.route("/beheer/mensen/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def create() -> ResponseReturnValue:
    """Create a person with an account and a first role."""
    form = _with_organisations(forms.NewForm())
    if form.validate_on_submit():
        with form.refusals():
            name, email, role = form.name.data, form.email.data, form.role.data
            made = service.welcome(actor(), name, email, role, _organisation(form), **_days(form))
            return saved(url_for("staff.show", public_id=made.public_id))
    intro = gettext(
        "Wie nieuw is, krijgt een mail met een link om een wachtwoord te kiezen. Wie al een account heeft, "
        "krijgt alleen de rol erbij."
    )
    texts = {"title": gettext("Iemand erbij"), "intro": intro, "submit": gettext("Maak het account")}
    return form.page("identity/staff/new.html", **texts, crumbs=[_home()], cancel=url_for("staff.index"))


def _home() -> tuple[str, str]:
    return gettext("Beheer"), url_for("staff.index")


@pages.get("/beheer/mensen/<public_id>")
@access.rule(policy.may_administer)
def show(public_id: str) -> ResponseReturnValue:
    """Display a person: the account, and the roles inside the administrator's organisations."""
    person = _person(public_id)
    return render_template(
        "identity/staff/show.html",
        person=person,
        grants=queries.grants(actor(), RoleGrant.person_id == person.id),
        when=queries.WHEN,
        has_password=queries.has_password(person),
        may_send=person.organisation_id in actor().organisations(Role.ADMINISTRATOR),
    )


@pages.route("/beheer/mensen/<public_id>/rol", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def grant(public_id: str) -> ResponseReturnValue:
    """Grant a person a role."""
    person = _person(public_id)
    form = _with_organisations(forms.RoleForm())
    if form.validate_on_submit():
        with form.refusals():
            roles.grant_role(actor(), person, form.role.data, _organisation(form), **_days(form))
            return saved(url_for("staff.show", public_id=public_id))
    texts = {"title": gettext("Rol erbij"), "intro": person.name, "submit": gettext("Geef de rol")}
    return form.page("_shared/form_page.html", **texts, **_under(person))


def _under(person: Person) -> dict[str, Any]:
    """Return the breadcrumbs and the cancel address of a page about a person."""
    back = url_for("staff.show", public_id=person.public_id)
    return {"crumbs": [_home(), (person.name, back)], "cancel": back}


@pages.route("/beheer/mensen/<public_id>/link", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def send_link(public_id: str) -> ResponseReturnValue:
    """Send a new link to choose a password, after a page that says who gets which mail."""
    person = _person(public_id)
    form = VerbForm()
    if form.validate_on_submit():
        with form.refusals():
            service.send_account_link(actor(), person)
            return saved(url_for("staff.show", public_id=public_id))
    points = [
        gettext("%(name)s krijgt een mail op %(email)s.", name=person.name, email=person.email),
        gettext("De link werkt één keer, en een week lang. Een eerdere link werkt niet meer."),
        gettext("Het wachtwoord van nu blijft gelden tot er een nieuw is gekozen."),
    ]
    texts = {"title": gettext("Link voor een wachtwoord"), "question": gettext("Een link sturen?")}
    submit = gettext("Stuur de link")
    return form.page("_shared/confirm_page.html", **texts, points=points, submit=submit, **_under(person))


@pages.route("/beheer/rollen/<int:number>/intrekken", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def withdraw(number: int) -> ResponseReturnValue:
    """End a role, at once or after a day."""
    held = errors.found(queries.grant(actor(), number))
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        with form.refusals():
            roles.withdraw_role(actor(), held, form.last_day.data)
            return saved(url_for("staff.show", public_id=held.person.public_id))
    (row,) = queries.grants(actor(), RoleGrant.id == number)
    points = [
        gettext("Zonder datum kan %(name)s vanaf nu niets meer in deze rol; wie waarneemt ook niet.", name=row.person),
        gettext("Met een datum geldt de rol tot en met die dag."),
        gettext("Wat al gedaan is, blijft staan. Er gaat geen mail uit."),
    ]
    texts = {"title": gettext("Rol intrekken"), "intro": f"{row.person} · {row.role}, {row.organisation}"}
    question, submit = gettext("%(role)s intrekken?", role=row.role), gettext("Trek de rol in")
    asks = {"question": question, "points": points, "submit": submit, "kind": "needs"}
    return form.page("_shared/confirm_page.html", **texts, **asks, **_under(held.person))


@pages.route("/beheer/waarneming", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def stand_in() -> ResponseReturnValue:
    """Let a person deputise for another."""
    form = forms.DeputyForm()
    form.grant.choices, form.by.choices = queries.deputy_choices(actor())
    if form.validate_on_submit():
        with form.refusals():
            held = errors.found(queries.grant(actor(), form.grant.data))
            by = errors.found(db.session().get(Person, form.by.data))
            first, last = form.from_on.data, form.until_on.data
            roles.appoint_deputy(actor(), held.person, by, held.role, first, last, held.organisation)
            return saved(url_for("staff.index"))
    intro = gettext(
        "De waarnemer mag op die dagen wat de ander in deze rol mag, en niet meer. "
        "Wat hij doet, staat op naam van beiden."
    )
    texts = {"title": gettext("Regel een waarneming"), "intro": intro, "submit": gettext("Regel de waarneming")}
    return form.page("_shared/form_page.html", **texts, crumbs=[_home()], cancel=url_for("staff.index"))


@pages.post("/beheer/waarneming/<int:number>/einde")
@access.rule(policy.may_administer, writes=True)
def end_stand_in(number: int) -> ResponseReturnValue:
    """End a *waarneming* today."""
    roles.end_deputy(actor(), errors.found(queries.deputy(actor(), number)))
    return saved(url_for("staff.index"))


def _person(public_id: str) -> Person:
    return errors.found(queries.person(actor(), public_id))


def _with_organisations(form: Any) -> Any:
    form.organisation.choices = queries.organisations(actor())
    return form


def _organisation(form: Any) -> Organisation:
    return errors.found(db.session().get(Organisation, form.organisation.data))


def _days(form: Any) -> dict[str, Any]:
    return {"from_on": form.from_on.data, "until_on": form.until_on.data}
