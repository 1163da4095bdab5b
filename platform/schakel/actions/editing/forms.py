"""Forms that change an action point."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from schakel import pages
from schakel.actions.new_action import OwnerChoice
from schakel.pages import MayBeEmpty, not_past


class DeadlineForm(pages.Form):
    """A new date with its reason."""

    due_on = pages.date(_("Nieuwe datum"), InputRequired(_("Kies een datum.")), not_past)
    text = pages.text(
        _("Waarom verschuift de datum?"), DataRequired(_("Schrijf er in een zin bij waarom.")), Length(max=500)
    )
    version = pages.version()


class OwnerForm(OwnerChoice, pages.Form):
    """A new owner, with a reason once the action point was accepted."""

    owner = SelectField(_("Eigenaar"))
    owner_name = pages.text(_("Naam van iemand van buiten"), MayBeEmpty())
    owner_email = pages.email(_("E-mail van iemand van buiten"), MayBeEmpty())
    text = pages.text(_("Waarom neemt een ander het over?"), MayBeEmpty(), size=500)
    version = pages.version()


class CorrectForm(pages.Form):
    """The title and the text."""

    title = pages.text(_("Actiepunt"), DataRequired(_("Schrijf in een zin wat er moet gebeuren.")))
    text = pages.long_text(_("Toelichting"), MayBeEmpty(), size=4000)
    version = pages.version()


class RemoveForm(pages.Form):
    """Why evidence is removed."""

    text = pages.text(
        _("Waarom hoort dit hier niet?"), DataRequired(_("Schrijf er in een zin bij waarom.")), Length(max=500)
    )
