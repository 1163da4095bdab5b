"""The form on /stijl, empty and with every kind of error. Standard library and WTForms only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    URLField,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

LONG = "Samenwerkingsafspraken over bereikbaarheid tussen huisartsenpraktijken en de poliklinieken"
LONG_ROLE = "Poli-assistent of medisch secretaresse"

ROLES = [
    ("huisarts", "Huisarts"),
    ("assistent", "Doktersassistent"),
    ("specialist", "Medisch specialist"),
    ("poli", LONG_ROLE),
]


class _Posted(dict[str, list[str]]):
    """The part of a multi-dict that WTForms uses."""

    def getlist(self, key: str) -> list[str]:
        return self.get(key, [])


class SampleForm(Form):  # type: ignore[misc,unused-ignore]
    """One field of every kind."""

    class Meta:
        locales = ("nl",)

    name = StringField("Naam", description="Zo komt u op de badge en op uw bewijs van deelname.")
    email = EmailField("E-mail", description="Hier sturen we de bevestiging en de agenda-afspraak heen.")
    site = URLField("Adres van uw praktijk op internet")
    password = PasswordField("Wachtwoord")
    role = RadioField("Uw beroep of rol", choices=ROLES, validate_choice=False)
    wishes = SelectMultipleField(
        "Waar wilt u bij zijn?",
        choices=[("a", "A. Verwijzen en terugverwijzen"), ("b", "B. Zorg die verschuift"), ("c", f"C. {LONG}")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    region = SelectField(
        "District", choices=[("", "Kies een district"), ("n", "Noord"), ("z", "Zuidwest-Friesland en de eilanden")]
    )
    day = DateField("Datum van het gesprek")
    start = TimeField("Begintijd")
    seats = IntegerField("Aantal plaatsen", widget=TextInput())
    proof = FileField("Onderbouwing")
    story = TextAreaField("Wat gebeurde er?", description="In uw eigen woorden. Noem geen namen van patiënten.")
    on_list = BooleanField("Zet mijn naam en praktijk op de deelnemerslijst voor de andere deelnemers")

    def validate_email(self, field: Any) -> None:
        if "." not in (field.data or "").partition("@")[2]:
            raise ValidationError("Achter het apenstaartje ontbreekt een deel, zoals in naam@praktijk.example.org.")

    def validate_role(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Kies het beroep of de rol waarin u komt.")

    def validate_region(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Kies uw district.")

    def validate_story(self, field: Any) -> None:
        if len(field.data or "") < 20:
            raise ValidationError("Schrijf ten minste één zin, zodat een ander begrijpt wat er gebeurde.")

    def validate_on_list(self, field: Any) -> None:
        if field.data is False and self.name.data == "Wietske Voorbeeldsma":
            raise ValidationError("Zonder uw toestemming kunnen we u geen tafel geven.")


def sample_form(formdata: Mapping[str, Any] | None = None, prefix: str = "") -> SampleForm:
    """Return an empty form, or a submitted and validated one with its errors."""
    if formdata is None:
        return SampleForm(prefix=prefix)
    posted = formdata
    if not hasattr(formdata, "getlist"):
        posted = _Posted(
            {prefix + key: value if isinstance(value, list) else [value] for key, value in formdata.items()}
        )
    form = SampleForm(posted, prefix=prefix)
    form.validate()
    return form
