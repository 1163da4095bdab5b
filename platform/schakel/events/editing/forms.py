"""The coordinator's forms for an event, its agenda and its capacity."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    FormField,
    HiddenField,
    SelectField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from schakel import dates, pages, spans
from schakel.events import rules
from schakel.events.agenda.service import ItemFacts, SessionFacts
from schakel.events.models import Event
from schakel.events.service import Day, Facts
from schakel.pages import number_of

MAX_ROOM = 100_000
_time = {"format": ["%H:%M", "%H.%M", "%H:%M:%S"]}


class DayForm(pages.Part):
    """One day; all three fields or none."""

    on = pages.date(_("Datum"), Optional())
    begins = TimeField(_("Begin"), [Optional()], **_time)
    ends = TimeField(_("Einde"), [Optional()], **_time)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        given = [field for field in (self.on, self.begins, self.ends) if field.data]
        if fine and given and len(given) < 3:
            for field in (self.on, self.begins, self.ends):
                if not field.data:
                    field.errors = [*field.errors, _("Vul datum, begin en einde alle drie in.")]
            return False
        refusal = spans.refusal(Day(self.on.data, self.begins.data, self.ends.data).span) if fine and given else None
        if refusal:
            self.ends.errors = [*self.ends.errors, refusal]
        return fine and not refusal


class EventForm(pages.Form):
    """The data of an event."""

    kind = SelectField(_("Soort bijeenkomst"), choices=[(code, _(kind.name)) for code, kind in rules.KINDS.items()])
    title = pages.text(_("Titel"), DataRequired(_("Geef de bijeenkomst een titel.")))
    over = pages.text(_("Regel boven de titel"))
    lead = pages.long_text(_("Inleiding"), size=1000)
    about = pages.long_text(_("Waarom deze bijeenkomst"))
    organisation_id = SelectField(_("Eigenaar"), coerce=int)
    organisers = pages.Choices(_("Wie nodigen uit"), coerce=int)
    days = pages.FieldList(FormField(DayForm), min_entries=1, max_entries=10)
    place_name = pages.text(_("Plaats"))
    place_detail = pages.text(_("Hoe men er komt"), size=300)
    mailbox = pages.email(_("Postbus van de organisatie"), Optional())
    accreditation = pages.text(_("Accreditatie"))
    form = SelectField(_("Hoe meldt men zich aan"), choices=[(code, _(label)) for code, label in rules.FORMS.items()])
    closes_days_before = pages.number(
        _("Aanmelden sluit zoveel dagen ervoor"),
        Optional(),
        NumberRange(0, 365, _("Kies 0 tot en met 365 dagen.")),
        default=0,
    )
    themes = pages.Choices(_("Thema’s"), coerce=int)
    sure = pages.Questions()
    words = pages.text(_("Uw eigen woorden in die mail"), Optional(), size=500)
    version = HiddenField()
    ask_more: Callable[[Facts], list[spans.Question]] = staticmethod(lambda _facts: [])  # what only the view knows
    before: Event | None = None  # the event that is edited: what it has already is not asked about

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return fine and self.sure.confirmed(self._questions())

    def _questions(self) -> list[spans.Question]:
        """Return what to ask about the days, and about a sign-up that closed already."""
        typed, now = [day.span for day in self._days()], dates.now()
        before = [(day.starts_at, day.ends_at) for day in self.before.days] if self.before else []
        found = spans.questions(typed, before, now)
        first = min(typed)[0]
        closes = rules.closes_at(first, self.closes_days_before.data or 0)
        was = self.before.closes_at if self.before else None
        if self.form.data != rules.SignUp.NONE and closes != was and closes <= now < first:
            text = gettext("Aanmelden is dan al gesloten: het kan tot en met %(day)s.", day=rules.last_day(closes))
            found.append(spans.Question(f"closed-{closes:%Y%m%d}", text))
        return [*found, *self.ask_more(self.facts(None))]

    def _days(self) -> list[Day]:
        return [Day(day["on"], day["begins"], day["ends"]) for day in self.days.data if day["on"]]

    def validate_days(self, field: pages.FieldList) -> None:
        if not field.errors and not any(day["on"] for day in field.data):
            raise ValidationError(_("Geef ten minste één dag op."))
        if not field.errors and spans.overlapping([day.span for day in self._days()]):
            raise ValidationError(_("Twee dagen vallen samen. Geef elke dag eigen tijden."))

    def facts(self, contact_id: int | None) -> Facts:
        """Return the form's data as Facts for the service."""
        return Facts(
            kind=self.kind.data,
            title=self.title.data or "",
            days=tuple(self._days()),
            organisation_id=self.organisation_id.data,
            over=self.over.data or "",
            lead=self.lead.data or "",
            about=self.about.data or "",
            place_name=self.place_name.data or "",
            place_detail=self.place_detail.data or "",
            mailbox=self.mailbox.data or "",
            accreditation=self.accreditation.data or "",
            form=self.form.data,
            closes_days_before=self.closes_days_before.data or 0,
            organiser_ids=tuple(dict.fromkeys([self.organisation_id.data, *(self.organisers.data or [])])),
            theme_ids=tuple(self.themes.data or []),
            contact_id=contact_id,
        )


class SessionForm(pages.Part):
    """One parallel session; a row without title is ignored."""

    id = HiddenField()
    letter = pages.text(_("Letter"), size=4)
    title = pages.text(_("Titel van de sessie"))
    text = pages.text(_("Waarover"), size=500)
    place = pages.text(_("Zaal"))
    capacity = pages.number(_("Plaatsen"), Optional(), NumberRange(0, MAX_ROOM, _("Dit aantal kan niet.")))


class ItemForm(pages.Form):
    """An agenda item."""

    kind = SelectField(
        _("Wat voor onderdeel"),
        choices=[
            (rules.ItemKind.PLENARY, _("Met allen")),
            (rules.ItemKind.BREAK, _("Pauze of ontvangst")),
            (rules.ItemKind.ROUND, _("Ronde met sessies tegelijk")),
        ],
    )
    day = pages.date(_("Dag"), InputRequired(_("Kies de dag.")))
    begins = TimeField(_("Begin"), [InputRequired(_("Vul de begintijd in."))], **_time)
    ends = TimeField(_("Einde"), [InputRequired(_("Vul de eindtijd in."))], **_time)
    title = pages.text(_("Titel"), DataRequired(_("Geef het onderdeel een titel.")))
    text = pages.long_text(_("Toelichting"), size=1000)
    place = pages.text(_("Zaal"))
    sessions = pages.FieldList(FormField(SessionForm), max_entries=12)
    version = HiddenField()

    def facts(self) -> ItemFacts:
        """Return the form's data as ItemFacts for the service."""
        return ItemFacts(
            kind=self.kind.data,
            day=self.day.data,
            begins=self.begins.data,
            ends=self.ends.data,
            title=self.title.data or "",
            text=self.text.data or "",
            place=self.place.data or "",
            sessions=tuple(
                SessionFacts(
                    letter=row["letter"] or "ABCDEFGHIJKL"[number],
                    title=row["title"],
                    text=row["text"] or "",
                    place=row["place"] or "",
                    capacity=row["capacity"],
                    id=number_of(row["id"]),
                )
                for number, row in enumerate(self.sessions.data)
                if row["title"]
            ),
        )


class RoomRow(pages.Part):
    """The capacity for one profession; empty means that the form does not offer this profession."""

    code = HiddenField()
    capacity = pages.number(_("Plaatsen"), Optional(), NumberRange(0, MAX_ROOM, _("Kies 0 tot en met 100.000.")))


class RoomForm(pages.Form):
    """The capacity per profession, or one pool for everybody."""

    everybody = pages.number(_("Iedereen samen"), Optional(), NumberRange(0, MAX_ROOM, _("Kies 0 tot en met 100.000.")))
    rows = pages.FieldList(FormField(RoomRow))
    version = HiddenField()

    def validate_rows(self, field: pages.FieldList) -> None:
        codes = [row["code"] for row in field.data]
        if len(codes) > len(set(codes)):
            raise ValidationError(_("Een beroep kwam twee keer binnen. Vul de plaatsen opnieuw in."))

    def named(self, names: dict[str, str]) -> "RoomForm":
        """Label each row with the name of its profession and return the form."""
        for row in self.rows:
            row.form.capacity.label.text = names.get(row.form.code.data, _("Plaatsen"))
        return self


class EndForm(pages.Form):
    """The reason why an event ends; the service decides whether it is required."""

    reason = pages.long_text(_("Waarom?"), size=500)
