"""The sign-in form."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from schakel import pages


class SignInForm(pages.Form):
    """E-mail, password, the page to go to after signing in, and what was typed there before the session ended."""

    email = StringField(
        _("E-mail"),
        [
            DataRequired(_("Vul uw e-mailadres in.")),
            Length(max=320, message=_("Dit is te lang voor een e-mailadres.")),
            pages.one_line,
        ],
        filters=[pages.clean],
    )
    password = PasswordField(
        _("Wachtwoord"),
        [InputRequired(_("Vul uw wachtwoord in.")), Length(max=256, message=_("Dit wachtwoord is te lang."))],
    )
    verder = HiddenField()
    getypt = HiddenField()
