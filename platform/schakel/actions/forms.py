"""Forms for action points."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import ValidationError
from wtforms.validators import URL, Optional

from schakel import pages
from schakel.pages import MayBeEmpty, not_past


class MoveForm(pages.Form):
    """A verb with a sentence, and for the owner the day of the next report."""

    text = pages.long_text(_("Toelichting"), Optional(), size=4000)
    next_report_on = pages.date(_("Wanneer laat u weer iets weten?"), Optional(), not_past)
    version = pages.version()


class EvidenceForm(pages.Form):
    """*Onderbouwing*: a text, a link or a file."""

    text = pages.long_text(
        _("Wat laat zien dat het klaar is?"),
        MayBeEmpty(),
        size=4000,
        description=_("Noem geen patiënten."),
        render_kw={"rows": 4},
    )
    url = pages.text(
        _("Link"),
        MayBeEmpty(),
        URL(require_tld=True, message=_("Vul een volledig adres in, dat begint met https://.")),
        size=500,
        render_kw={"type": "url", "inputmode": "url"},
    )
    file = FileField(
        _("Bestand"),
        validators=[MayBeEmpty()],
        description=_("pdf, png, jpg, docx, xlsx of pptx, hoogstens 5 MB. Zonder patiëntgegevens."),
    )

    def validate_url(self, field: Any) -> None:
        if field.data and not field.data.lower().startswith(("https://", "http://")):
            raise ValidationError(_("Vul een volledig adres in, dat begint met https://."))
