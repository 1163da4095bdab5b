"""The sign-up form; its fields depend on the event."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from schakel import pages
from schakel.events.models import Event
from schakel.events.rules import SignUp
from schakel.pages import number_of
from schakel.registrations import rules, selection
from schakel.registrations.selection import field_of as field_of


def email() -> Any:
    """Return the field for the address of a guest."""
    incomplete = _("Dit is geen volledig e-mailadres, zoals naam@praktijk.nl.")
    return pages.email(_("E-mail"), DataRequired(_("Vul uw e-mailadres in.")), incomplete=incomplete)


class SignUpForm(pages.Form):
    """Fields of every sign-up form."""

    name = pages.text(_("Naam"), DataRequired(_("Vul uw naam in.")))
    email = email()
    wishes = pages.text(_("Dieet of iets anders om rekening mee te houden"), Optional(), size=500)
    nonce = pages.nonce()


class ProfessionalForm(SignUpForm):
    """Care professionals: profession, organisation, sessions (added per round), the participants' list."""

    organisation = pages.text(_("Praktijk of afdeling"), DataRequired(_("Vul uw praktijk of afdeling in.")))
    on_list = BooleanField(_("Zet mijn naam en praktijk op de deelnemerslijst voor de andere deelnemers"))


class PatientDayForm(SignUpForm):
    """A patient day: no profession or organisation, but the number of people."""

    persons = pages.number(
        _("Met hoeveel personen komt u?"),
        InputRequired(_("Vul in met hoeveel personen u komt.")),
        NumberRange(1, rules.MAX_PERSONS, _("Kies 1 tot en met 6 personen.")),
        default=1,
    )


def form_class(event: Event, *, with_profession: bool = True) -> type[pages.Form]:
    """Return the form class of an event: the fields of its kind, its professions and a choice per round."""
    base = PatientDayForm if event.form == SignUp.PATIENT_DAY else ProfessionalForm
    fields: dict[str, Any] = {}
    professions = [(pool.profession_code, pool.name) for pool in event.profession_pools if pool.profession_code]
    if professions and with_profession and event.form != SignUp.PATIENT_DAY:
        needed = InputRequired(_("Kies het beroep of de rol waarin u komt."))
        fields["profession"] = RadioField(_("Uw beroep of rol"), [needed], choices=professions, validate_choice=False)
    at_once = selection.rounds_at_once(event)
    for sessions in selection.rounds_of(event):
        fields[field_of(sessions[0].round_id)] = _round_field(sessions, sessions[0].round_id in at_once)
    return type("EventSignUpForm", (base,), fields)


def _round_field(sessions: list[selection.Session], may_be_none: bool) -> RadioField:
    """Return the choice of a session; a round at the same time as another may be left out."""
    choices: list[Any] = [(str(session.id), session.title) for session in sessions]
    needed = Optional() if may_be_none else InputRequired(_("Kies een sessie."))
    if may_be_none:
        choices.append(("", _("Geen sessie uit deze ronde")))
    default = "" if may_be_none else None
    label = sessions[0].round_title
    return RadioField(label, [needed], choices=choices, default=default, validate_choice=False)


def chosen_sessions(form: pages.Form) -> tuple[int, ...]:
    """Return the session ids chosen in all rounds; the service refuses unknown ones."""
    values = [field.data for field in form if field.name.startswith("round_")]
    return tuple(number if (number := number_of(value)) is not None else -1 for value in values if value)
