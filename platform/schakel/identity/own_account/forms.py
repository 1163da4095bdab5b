"""The forms of one's own account."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from schakel import pages
from schakel.identity import rules


def _new_password() -> PasswordField:
    return PasswordField(
        _("Nieuw wachtwoord"),
        [
            InputRequired(_("Kies een wachtwoord.")),
            Length(min=rules.MIN_PASSWORD, message=_("Neem ten minste 12 tekens. Een korte zin is goed te onthouden.")),
            Length(max=256, message=_("Dit wachtwoord is te lang.")),
        ],
    )


class ChooseForm(pages.Form):
    """A new password, by the link in a mail."""

    password = _new_password()


class ChangeForm(pages.Form):
    """A new password, by who knows the present one."""

    password_now = PasswordField(
        _("Uw wachtwoord van nu"),
        [InputRequired(_("Vul uw wachtwoord van nu in.")), Length(max=256, message=_("Dit wachtwoord is te lang."))],
    )
    password = _new_password()


class ForgottenForm(pages.Form):
    """Only an address; the response is the same for every address."""

    email = pages.email(_("E-mail"), DataRequired(_("Vul uw e-mailadres in.")))


class NameForm(pages.Form):
    """One's own name."""

    name = pages.text(_("Naam"), DataRequired(_("Vul uw naam in.")))


class DeputyForm(pages.Form):
    """Who deputises for me, in which of my roles, with the first and last day."""

    grant = SelectField(_("In welke rol"), coerce=int)
    by = SelectField(_("Wie neemt voor u waar"), coerce=int)
    from_on = pages.date(_("Vanaf"), InputRequired(_("Kies de eerste dag.")))
    until_on = pages.date(_("Tot en met"), InputRequired(_("Kies de laatste dag.")))
