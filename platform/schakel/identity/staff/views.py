"""*Beheer*: people with an account, their roles and deputies, inside the administrator's own organisations."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import hash_password

from schakel import access, db, errors
from schakel.identity import policy
from schakel.identity.models import Organisation, Person, RoleGrant
from schakel.identity.roles import service as roles
from schakel.identity.rules import Role
from schakel.identity.staff import forms, queries, service
from schakel.pages import VerbForm, actor, attempt, here, number_of, show_form

pages = Blueprint("staff", __name__)
KEYS = ("q", "na")


@pages.get("/beheer")
@access.rule(policy.may_administer)
def index() -> ResponseReturnValue:
    """Everybody with an account, and who stands in for whom."""
    word = request.args.get("q", "").strip()[:100]
    lines, more = queries.listed(actor(), word, number_of(request.args.get("na")))
    return render_template(
        "identity/staff/index.html",
        lines=lines,
        word=word,
        deputies=queries.deputies(actor()),
        when=queries.WHEN,
        next_url=here(KEYS, na=str(more)) if more else None,
        first_url=here(KEYS, na=None) if request.args.get("na") else None,
    )


@pages.route("/beheer/mensen/nieuw", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def create() -> ResponseReturnValue:
    """Somebody with an account and a first role."""
    form = _with_organisations(forms.NewForm())

    def make() -> Person:
        return service.welcome(
            actor(), form.name.data, form.email.data, form.role.data, _organisation(form), **_days(form)
        )

    made = attempt(form, make)
    if made:
        return redirect(url_for("staff.show", public_id=made.public_id), 303)
    return show_form("identity/staff/new.html", form)


@pages.get("/beheer/mensen/<public_id>")
@access.rule(policy.may_administer)
def show(public_id: str) -> ResponseReturnValue:
    """One person: the account, and the roles inside the own organisations."""
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
    """Give somebody a role."""
    person = _person(public_id)
    form = _with_organisations(forms.RoleForm())
    if attempt(form, lambda: roles.grant_role(actor(), person, form.role.data, _organisation(form), **_days(form))):
        return redirect(url_for("staff.show", public_id=public_id), 303)
    return show_form("identity/staff/role.html", form, person=person)


@pages.route("/beheer/mensen/<public_id>/link", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def send_link(public_id: str) -> ResponseReturnValue:
    """A new link to choose a password: first who gets which mail."""
    person = _person(public_id)
    form = VerbForm()
    if attempt(form, lambda: service.send_way_in(actor(), person)):
        return redirect(url_for("staff.show", public_id=public_id), 303)
    return show_form("identity/staff/link.html", form, person=person)


@pages.route("/beheer/rollen/<int:number>/intrekken", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def withdraw(number: int) -> ResponseReturnValue:
    """End a role, at once or after a day."""
    held = errors.found(queries.grant(actor(), number))
    form = forms.WithdrawForm()
    if attempt(form, lambda: roles.withdraw_role(actor(), held, form.last_day.data)):
        return redirect(url_for("staff.show", public_id=held.person.public_id), 303)
    (line,) = queries.grants(actor(), RoleGrant.id == number)
    return show_form("identity/staff/withdraw.html", form, grant=held, line=line)


@pages.route("/beheer/waarneming", methods=["GET", "POST"])
@access.rule(policy.may_administer, writes=True)
def stand_in() -> ResponseReturnValue:
    """Let somebody stand in for somebody else."""
    form = forms.DeputyForm()
    form.grant.choices, form.by.choices = queries.deputy_choices(actor())

    def arrange() -> Any:
        held = errors.found(queries.grant(actor(), form.grant.data))
        by = errors.found(db.session().get(Person, form.by.data))
        first, last = form.from_on.data, form.until_on.data
        return roles.appoint_deputy(actor(), held.person, by, held.role, first, last, held.organisation)

    if attempt(form, arrange):
        return redirect(url_for("staff.index"), 303)
    return show_form("identity/staff/deputy.html", form)


@pages.post("/beheer/waarneming/<int:number>/einde")
@access.rule(policy.may_administer, writes=True)
def end_stand_in(number: int) -> ResponseReturnValue:
    """End it today."""
    roles.end_deputy(actor(), errors.found(queries.deputy(actor(), number)))
    return redirect(url_for("staff.index"), 303)


@pages.route("/wachtwoord", methods=["GET", "POST"])
@access.rule(access.link(service.LINK))
def password() -> ResponseReturnValue:
    """Choose a password, by the link in the mail. Hashing is slow, so no lock is held: the write comes after it."""
    account = errors.found(service.account_behind(actor()))
    form = forms.PasswordForm()
    if form.validate_on_submit():
        service.choose_password(actor(), account.id, hash_password(form.password.data))
        session.clear()
        return redirect(url_for("identity.sign_in"), 303)
    return show_form("identity/staff/password.html", form, email=account.email)


def _person(public_id: str) -> Person:
    return errors.found(queries.person(actor(), public_id))


def _with_organisations(form: Any) -> Any:
    form.organisation.choices = queries.organisations(actor())
    return form


def _organisation(form: Any) -> Organisation:
    return errors.found(db.session().get(Organisation, form.organisation.data))


def _days(form: Any) -> dict[str, Any]:
    return {"from_on": form.from_on.data, "until_on": form.until_on.data}
