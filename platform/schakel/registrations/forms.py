"""The one page on which somebody signs up; which fields it has follows from the event's form."""

from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, Email, InputRequired, NumberRange, Optional

from schakel import pages
from schakel.pages import number_of
from schakel.registrations import rules


class SignUpForm(pages.Form):
    """Fields that every kind asks."""

    name = pages.text(_("Naam"), DataRequired(_("Vul uw naam in.")))
    email = pages.text(
        _("E-mail"),
        DataRequired(_("Vul uw e-mailadres in.")),
        Email(_("Dit is geen volledig e-mailadres, zoals naam@praktijk.nl.")),
        pages.mailable,
        size=320,
    )
    wishes = pages.text(_("Dieet of iets anders om rekening mee te houden"), Optional(), size=500)
    nonce = pages.nonce()


class ProfessionalForm(SignUpForm):
    """Care professionals: profession, organisation, sessions (added per round), the participants' list."""

    organisation = pages.text(_("Praktijk of afdeling"), DataRequired(_("Vul uw praktijk of afdeling in.")))
    on_list = BooleanField(_("Zet mijn naam en praktijk op de deelnemerslijst voor de andere deelnemers"))


class PatientDayForm(SignUpForm):
    """A patient day asks no profession and no organisation, but with how many one comes."""

    persons = pages.number(
        _("Met hoeveel personen komt u?"),
        InputRequired(_("Vul in met hoeveel personen u komt.")),
        NumberRange(1, rules.MAX_PERSONS, _("Kies 1 tot en met 6 personen.")),
        default=1,
    )


_made: OrderedDict[tuple[object, ...], type[pages.Form]] = OrderedDict()
KEPT = 256


def form_of(page: SimpleNamespace, room: list[SimpleNamespace], *, with_profession: bool = True) -> pages.Form:
    """The form of an event: `page` as in events.queries.shown, `room` the pools per profession (.code .name)."""
    key = (page.id, page.version, with_profession, *((pool.code, pool.name) for pool in room))
    made = _made.get(key)
    if made is None:
        made = _made[key] = _class_of(page, room, with_profession)
        while len(_made) > KEPT:
            _made.popitem(last=False)
    return made()


def _class_of(page: SimpleNamespace, room: list[SimpleNamespace], with_profession: bool) -> type[pages.Form]:
    base = PatientDayForm if page.form == "patient_day" else ProfessionalForm
    extra: dict[str, Any] = {}
    professions = [(pool.code, pool.name) for pool in room if pool.code]
    if professions and with_profession and page.form != "patient_day":
        needed = InputRequired(_("Kies het beroep of de rol waarin u komt."))
        extra["profession"] = RadioField(_("Uw beroep of rol"), [needed], choices=professions, validate_choice=False)
    for line in page.agenda:
        if line.sessions:
            choices = [(str(item.id), f"{item.letter}. {item.title}") for item in line.sessions]
            needed = InputRequired(_("Kies een sessie."))
            extra[f"round_{line.id}"] = RadioField(line.title, [needed], choices=choices, validate_choice=False)
    return type("EventSignUpForm", (base,), extra)


def chosen_sessions(form: pages.Form) -> tuple[int, ...]:
    """The session ids chosen in all rounds; Refused later when one does not exist."""
    values = [field.data for field in form if field.name.startswith("round_")]
    return tuple(number if (number := number_of(value)) is not None else -1 for value in values if value)
