"""The form of an action point from an event."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from schakel.actions.new_action import ActionForm
from schakel.events.models import Event
from schakel.measures.models import Measure


class SessionActionForm(ActionForm):
    """An action point with the session it follows from."""

    session = SelectField(_("Uit welke sessie?"))
    measure = SelectField(_("Draagt het bij aan een maatregel?"))

    def offer_ties(self, event: Event, measures: list[Measure]) -> None:
        """Set the sessions and the measures to choose from."""
        sessions = [(str(one.id), f"{one.letter}. {one.title}") for item in event.items for one in item.sessions]
        self.session.choices = [("", _("De bijeenkomst als geheel")), *sessions]
        self.measures = {measure.public_id: measure for measure in measures}
        named = [(code, f"{measure.number}: {measure.title}") for code, measure in self.measures.items()]
        self.measure.choices = [("", _("Nee")), *named]

    def chosen_measure(self) -> Measure | None:
        """Return the measure that was chosen, or None."""
        return self.measures.get(self.measure.data)
