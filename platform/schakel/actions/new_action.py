"""The form of a new action point and its page, for every feature from which one is made."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, ValidationError
from wtforms.validators import DataRequired, Optional

from schakel import pages
from schakel.access import Actor
from schakel.actions import service
from schakel.actions.rules import Tier
from schakel.identity.models import Person
from schakel.names import listed_name
from schakel.pages import MayBeEmpty, not_past


class OwnerChoice:
    """Mixin for a form that asks for an owner: a person from the list, or a name and address of somebody outside it."""

    owner: Any
    owner_name: Any
    owner_email: Any

    def offer(self, people: list[Person]) -> None:
        """Set the people to choose from."""
        self.people = people
        outside = ("", _("Iemand van buiten (hieronder)"))
        self.owner.choices = [outside, *((person.public_id, listed_name(person.name)) for person in people)]

    def chosen_owner(self) -> Person | tuple[str, str]:
        """Return the owner: a person from the list, or (name, e-mail)."""
        known = next((person for person in self.people if person.public_id == self.owner.data), None)
        return known or (self.owner_name.data, self.owner_email.data)

    def validate_owner(self, field: Any) -> None:
        if not field.data and not (self.owner_name.data and self.owner_email.data):
            raise ValidationError(_("Kies een eigenaar, of vul naam en e-mail in van iemand van buiten."))


class ActionForm(OwnerChoice, pages.Form):
    """A new action point. The owner is a person from the list, or somebody else by name and address."""

    title = pages.text(_("Wat moet er gebeuren?"), DataRequired(_("Schrijf op wat er moet gebeuren.")))
    text = pages.long_text(_("Toelichting"), Optional(), size=4000)
    owner = SelectField(_("Eigenaar"))
    owner_name = pages.text(_("Naam van iemand van buiten"), MayBeEmpty())
    owner_email = pages.email(_("E-mail van iemand van buiten"), MayBeEmpty())
    tier = SelectField(_("Wanneer is het klaar?"))
    theme = SelectField(_("Thema"), validators=[Optional()])
    due_on = pages.date(_("Klaar op"), Optional(), not_past)
    nonce = pages.nonce()

    def prepare(
        self, people: list[Person], themes: list[Any], tiers: tuple[Tier, ...] = (Tier.ACTION, Tier.AGREEMENT)
    ) -> None:
        """Fill the choices."""
        words = {
            Tier.ACTION: _("Actiepunt: klaar als een ander het heeft getoetst"),
            Tier.AGREEMENT: _("Afspraak: klaar als de vrager het ermee eens is"),
            Tier.MEASURE: _("Onder een maatregel: klaar als een ander het heeft getoetst"),
        }
        self.offer(people)
        self.theme.choices = [("", _("Geen thema"))] + [(str(theme.id), theme.name) for theme in themes]
        self.tier.choices = [(tier, words[tier]) for tier in tiers]

    def facts(self, actor: Actor, organisation_id: int) -> service.Facts:
        """Return the form's data as Facts for the service."""
        return service.Facts(
            title=self.title.data or "",
            text=self.text.data or "",
            organisation_id=organisation_id,
            owner=self.chosen_owner(),
            requester_id=actor.person_id or 0,
            tier=self.tier.data,
            theme_id=int(self.theme.data) if self.theme.data else None,
            due_on=self.due_on.data,
            nonce=self.nonce.data,
        )


def new_action_page(form: ActionForm, cause: str, back: str) -> tuple[str, int]:
    """Display the form for a new action point; `back` is the address of the page of its cause."""
    intro = gettext(
        "De eigenaar krijgt een mail met een link en zegt ja, of geeft het terug met een reden. "
        "Een account is niet nodig."
    )
    texts = {"title": gettext("Nieuw actiepunt"), "intro": intro, "submit": gettext("Stel voor aan de eigenaar")}
    return form.page("actions/new.html", **texts, crumbs=[(cause, back)], cancel=back)
