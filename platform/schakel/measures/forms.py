"""Forms for measures."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from schakel import pages
from schakel.identity.models import Person
from schakel.measures import rules
from schakel.names import listed_name
from schakel.pages import MayBeEmpty, not_past


class DecideForm(pages.Form):
    """A new measure. Of its cause only the kind and year."""

    kind = SelectField(_("Soort"), choices=[(code, _(label)) for code, label in rules.KINDS.items()])
    cause_kind = SelectField(
        _("Aanleiding"),
        choices=[("", _("Kies")), *((code, _(label)) for code, label in rules.CAUSES.items())],
        validators=[InputRequired(_("Kies waar deze maatregel uit voortkomt."))],
    )
    cause_year = pages.number(
        _("Jaar"),
        InputRequired(_("Vul het jaar in.")),
        NumberRange(2000, 2100, _("Vul een jaartal van vier cijfers in.")),
    )
    title = pages.text(_("Titel"), DataRequired(_("Geef de maatregel een titel.")))
    official = pages.long_text(_("Officiële tekst"), DataRequired(_("Neem de tekst van het besluit over.")), size=6000)
    organisation = SelectField(_("Organisatie"), coerce=int)
    department = SelectField(_("Afdeling"), validators=[Optional()])
    themes = pages.Choices(_("Thema’s"), coerce=int)
    strength = SelectField(
        _("Sterkte van de maatregel"),
        description=_("Sterk verandert het werk zelf, zwak vraagt mensen beter op te letten, middel zit ertussen."),
        choices=[("", _("Nog niet bepaald")), *((code, _(label)) for code, label in rules.STRENGTHS.items())],
        validators=[Optional()],
    )
    decided_on = pages.date(_("Besloten op"), InputRequired(_("Vul de dag van het besluit in.")))
    due_on = pages.date(_("Uiterlijk uitgevoerd op"), Optional())
    nonce = pages.nonce()


class ReasonForm(pages.Form):
    """A step with its reason."""

    text = pages.long_text(_("Grond"), Optional(), size=4000)
    version = pages.version()


class ReleaseForm(pages.Form):
    """Releases the version that was read, so that no unread text is released."""

    version = pages.version()


class AssignForm(pages.Form):
    """The owner of a measure."""

    owner = SelectField(
        _("Eigenaar"),
        validators=[InputRequired(_("Kies een eigenaar."))],
        description=_("Zolang de maatregel niet is vrijgegeven, kan alleen iemand uit het eigen huis eigenaar zijn."),
    )
    next_report_on = pages.date(_("Wanneer laat de eigenaar weer iets weten?"), MayBeEmpty(), not_past)
    version = pages.version()

    def offer(self, people: list[tuple[Person, str]]) -> None:
        """Set the people to choose from, each with their organisation."""
        self.people = {person.public_id: person for person, _organisation in people}
        listed = [(one.public_id, listed_name(one.name), short) for one, short in people]
        named = [(number, f"{name} ({short})" if short else name) for number, name, short in listed]
        self.owner.choices = [("", _("Kies")), *named]

    def chosen_owner(self) -> Person:
        """Return the person who was chosen, after validation."""
        return self.people[self.owner.data]


class WorkingTextForm(pages.Form):
    """The text for everybody outside the inner ring."""

    title = pages.text(_("Titel"), DataRequired(_("Geef de maatregel een titel.")))
    text = pages.long_text(_("Werktekst"), DataRequired(_("Schrijf de werktekst.")), size=4000)
    version = pages.version()


class InformedForm(pages.Form):
    """*Betrokkenen geïnformeerd*: about what, and on which day."""

    what = SelectField(
        _("Waarover"),
        choices=[
            (rules.Informed.TAKEN, _("Dat de maatregel is genomen")),
            (rules.Informed.REALISED, _("Dat de maatregel is uitgevoerd")),
        ],
    )
    on = pages.date(_("Op welke dag"), InputRequired(_("Vul de dag in.")))


class MeasureDeadlineForm(pages.Form):
    """A new date with its reason."""

    due_on = pages.date(_("Nieuwe datum"), InputRequired(_("Kies een datum.")))
    text = pages.text(_("Grond"), DataRequired(_("Geef de grond voor de nieuwe datum.")), size=500)
    version = pages.version()
