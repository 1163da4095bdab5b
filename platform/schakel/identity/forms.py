"""Signing in."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from schakel import pages


class SignInForm(pages.Form):
    """E-mail and password; where to go after."""

    email = pages.text(_("E-mail"), DataRequired(_("Vul uw e-mailadres in.")), size=320)
    password = PasswordField(
        _("Wachtwoord"),
        [InputRequired(_("Vul uw wachtwoord in.")), Length(max=256, message=_("Dit wachtwoord is te lang."))],
    )
    verder = HiddenField()
