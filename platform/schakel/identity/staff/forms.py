"""The administrator's forms for people, roles and deputies."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from schakel import pages
from schakel.identity import rules
from schakel.pages import MayBeEmpty


class RoleForm(pages.Form):
    """A role over an organisation, with its first and last day."""

    role = SelectField(_("Rol"), choices=[(role, _(label)) for role, label in rules.ROLES.items()])
    organisation = SelectField(
        _("Bij"), coerce=int, description=_("De rol geldt voor deze organisatie en alles wat eronder valt.")
    )
    from_on = pages.date(_("Vanaf"), MayBeEmpty(_("(leeg is meteen)")))
    until_on = pages.date(_("Tot en met"), MayBeEmpty(_("(leeg is zonder einde)")))


class NewForm(RoleForm):
    """A new person with a first role."""

    name = pages.text(_("Naam"), DataRequired(_("Vul de naam in.")))
    email = pages.email(
        _("E-mail"),
        DataRequired(_("Vul het e-mailadres in.")),
        incomplete=_("Dit is geen volledig e-mailadres, zoals naam@praktijk.nl."),
    )


class WithdrawForm(pages.Form):
    """The last day of a role; empty ends it at once."""

    last_day = pages.date(_("Laatste dag"), MayBeEmpty(_("(leeg is per direct)")))


class DeputyForm(pages.Form):
    """Who deputises for whom, in which role, with the first and last day."""

    grant = SelectField(_("Voor wie, in welke rol"), coerce=int)
    by = SelectField(_("Wie neemt waar"), coerce=int)
    from_on = pages.date(_("Vanaf"), InputRequired(_("Kies de eerste dag.")))
    until_on = pages.date(_("Tot en met"), InputRequired(_("Kies de laatste dag.")))
