"""*Mijn gegevens*: name, mailbox, roles, password and deputies of who is signed in; and a forgotten password."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import hash_password

from schakel import access, dates, db, errors
from schakel.identity import policy
from schakel.identity.models import Person
from schakel.identity.own_account import forms, queries, service
from schakel.identity.roles import service as roles
from schakel.identity.rules import Try
from schakel.identity.signing_in import service as signing_in
from schakel.pages import VerbForm, actor, saved

pages = Blueprint("own_account", __name__)


@pages.get("/mijn-gegevens")
@access.rule(access.signed_in)
def show() -> ResponseReturnValue:
    """Display one's own account."""
    who = actor()
    account = queries.own(who)
    return render_template(
        "identity/own/show.html",
        person=account.person,
        has_password=account.password is not None,
        weekly_mail=account.weekly_mail,
        roles=queries.roles(who),
        deputies=queries.deputies(who),
    )


def _page(form: Any, template: str = "_shared/form_page.html", **texts: Any) -> ResponseReturnValue:
    crumbs = [(gettext("Mijn gegevens"), url_for("own_account.show"))]
    return form.page(template, crumbs=crumbs, cancel=url_for("own_account.show"), **texts)


@pages.route("/mijn-gegevens/naam", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def rename() -> ResponseReturnValue:
    """Change one's own name."""
    name = queries.own(actor()).person.name
    form = forms.NameForm(data={"name": name} if request.method == "GET" else None)
    if form.validate_on_submit():
        with form.refusals():
            service.rename(actor(), form.name.data)
            return saved(url_for("own_account.show"))
    return _page(form, title=gettext("Uw naam"), submit=gettext("Bewaar"))


@pages.route("/mijn-gegevens/wachtwoord", methods=["GET", "POST"])
@access.rule(access.signed_in)
def change_password() -> ResponseReturnValue:
    """Change one's own password; hashing is slow, so it runs before any lock is taken."""
    account, form = queries.own(actor()), forms.ChangeForm()
    if form.validate_on_submit() and _is_known(account, form):
        service.change_password(actor(), hash_password(form.password.data))
        session.clear()
        return redirect(url_for("identity.sign_in", verder=url_for("own_account.show")), 303)
    intro = gettext("Daarna logt u met het nieuwe wachtwoord opnieuw in, hier en op uw andere apparaten.")
    return _page(form, title=gettext("Wijzig uw wachtwoord"), intro=intro, submit=gettext("Bewaar"))


def _is_known(account: Any, form: forms.ChangeForm) -> bool:
    """Check the present password, as often as on the sign-in page."""
    if not db.commit_now(lambda: signing_in.count_try(Try.SIGN_IN, account.email, dates.now())):
        form.password_now.errors = [gettext("Te veel pogingen. Probeer het over een kwartier opnieuw.")]
        return False
    if account.password and account.verify_and_update_password(form.password_now.data):
        return True
    form.password_now.errors = [gettext("Dit is niet uw wachtwoord van nu.")]
    return False


@pages.route("/mijn-gegevens/waarneming", methods=["GET", "POST"])
@access.rule(access.signed_in, writes=True)
def appoint() -> ResponseReturnValue:
    """Let a colleague deputise for me in one of my roles."""
    who, form = actor(), forms.DeputyForm()
    held = {row.id: row for row in queries.grants(who)}
    form.grant.choices = [(row.id, f"{queries.role_name(row.role)}, {row.organisation.name}") for row in held.values()]
    form.by.choices = queries.colleagues(who)
    if form.validate_on_submit():
        with form.refusals():
            grant, by = held[form.grant.data], errors.found(db.session().get(Person, form.by.data))
            first, last = form.from_on.data, form.until_on.data
            roles.appoint_deputy(who, queries.own(who).person, by, grant.role, first, last, grant.organisation)
            return saved(url_for("own_account.show"))
    intro = gettext(
        "Wie voor u waarneemt, mag in deze dagen wat u in deze rol mag. Wat er dan gebeurt, staat op naam van u beiden."
    )
    return _page(form, title=gettext("Regel een waarneming"), intro=intro, submit=gettext("Regel de waarneming"))


@pages.post("/mijn-gegevens/waarneming/<int:number>/einde")
@access.rule(access.signed_in, writes=True)
def end_deputy(number: int) -> ResponseReturnValue:
    """End a *waarneming* for me today."""
    roles.end_deputy(actor(), errors.found(queries.deputy(actor(), number)))
    return saved(url_for("own_account.show"))


@pages.post("/mijn-gegevens/weekmail/<any(aan,uit):choice>")
@access.rule(access.signed_in, writes=True)
def weekly_mail(choice: str) -> ResponseReturnValue:
    """Turn the weekly mail on or off."""
    service.choose_weekly_mail(actor(), queries.own(actor()).id, choice == "aan")
    return saved(url_for("own_account.show"))


@pages.route("/weekmail-stoppen", methods=["GET", "POST"])
@access.rule(access.link(policy.WEEKLY_LINK), writes=True)
def stop_weekly_mail() -> ResponseReturnValue:
    """Turn the weekly mail off, by the link in its header and footer; scanners open links, so a button does it."""
    number = errors.found(actor().link_id(policy.WEEKLY_LINK))
    form = VerbForm()
    if form.validate_on_submit():
        service.choose_weekly_mail(actor(), number, False)
        return render_template("identity/own/stopped.html")
    points = [
        gettext("U krijgt op maandag geen mail meer met wat er op u wacht."),
        gettext("Op Vandaag blijft het staan."),
    ]
    title = gettext("De weekmail stoppen?")
    return form.page(
        "_shared/confirm_page.html", title=title, question=queries.stop_name(number), points=points, crumbs=[],
        submit=gettext("Stop de weekmail"), cancel=url_for("home.front"), kind="primary",
    )  # fmt: skip


@pages.route("/wachtwoord-vergeten", methods=["GET", "POST"])
@access.rule(access.public, writes=True)
def forgotten() -> ResponseReturnValue:
    """Mail a link to choose a password; the page is the same for every address; three mails an hour at most."""
    form = forms.ForgottenForm()
    if form.validate_on_submit():
        if signing_in.count_try(Try.FORGOTTEN, form.email.data, dates.now()):
            service.send_forgotten(form.email.data)
        return redirect(url_for("own_account.mail_sent"), 303)
    return form.page("identity/own/forgotten.html")


@pages.get("/wachtwoord-vergeten/verstuurd")
@access.rule(access.public)
def mail_sent() -> ResponseReturnValue:
    """Display the same page for every address."""
    return render_template("identity/own/mail_sent.html")


@pages.route("/wachtwoord", methods=["GET", "POST"])
@access.rule(access.link(service.LINK))
def choose_password() -> ResponseReturnValue:
    """Choose a password, by the link in the mail. Hashing is slow, so it runs before any lock is taken."""
    account = errors.found(service.account_behind(actor()))
    form = forms.ChooseForm()
    if form.validate_on_submit():
        service.choose_password(actor(), account.id, hash_password(form.password.data))
        session.clear()
        return redirect(url_for("identity.sign_in"), 303)
    return form.page("identity/own/choose_password.html", email=account.email)
