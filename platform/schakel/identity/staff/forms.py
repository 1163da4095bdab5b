"""What an administrator fills in about people, roles and deputies; what they fill in themselves."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, PasswordField, SelectField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from schakel import pages
from schakel.identity import rules


class RoleForm(pages.Form):
    """A role over an organisation, from and until."""

    role = SelectField(_("Rol"), choices=[(role, _(label)) for role, label in rules.ROLES.items()])
    organisation = SelectField(_("Bij"), coerce=int)
    from_on = DateField(_("Vanaf"), [Optional(), pages.not_far])
    until_on = DateField(_("Tot en met"), [Optional(), pages.not_far])


class NewForm(RoleForm):
    """Somebody new, with a first role."""

    name = pages.text(_("Naam"), DataRequired(_("Vul de naam in.")))
    email = pages.text(
        _("E-mail"),
        DataRequired(_("Vul het e-mailadres in.")),
        Email(_("Dit is geen volledig e-mailadres, zoals naam@praktijk.nl.")),
        pages.mailable,
        size=320,
    )


class WithdrawForm(pages.Form):
    """When a role ends; empty is at once."""

    last_day = DateField(_("Laatste dag"), [Optional(), pages.not_far])


class DeputyForm(pages.Form):
    """Who stands in, for whom, in which role, from and until."""

    grant = SelectField(_("Voor wie, in welke rol"), coerce=int)
    by = SelectField(_("Wie neemt waar"), coerce=int)
    from_on = DateField(_("Vanaf"), [InputRequired(_("Kies de eerste dag.")), pages.not_far])
    until_on = DateField(_("Tot en met"), [InputRequired(_("Kies de laatste dag.")), pages.not_far])


class PasswordForm(pages.Form):
    """A password of one's own."""

    password = PasswordField(
        _("Wachtwoord"),
        [
            InputRequired(_("Kies een wachtwoord.")),
            Length(min=rules.MIN_PASSWORD, message=_("Neem ten minste 12 tekens. Een korte zin is goed te onthouden.")),
            Length(max=256, message=_("Dit wachtwoord is te lang.")),
        ],
    )
