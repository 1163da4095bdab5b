"""Forms to change one's own registration, and to ask for the link again."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField
from wtforms.validators import DataRequired, Email

from schakel import pages


class LostLinkForm(pages.Form):
    """Only an address; the response is the same for every address."""

    email = pages.text(
        _("E-mail"),
        DataRequired(_("Vul uw e-mailadres in.")),
        Email(_("Dit is geen volledig e-mailadres, zoals naam@praktijk.nl.")),
        pages.mailable,
        size=320,
    )


class OfferForm(pages.Form):
    """A button; nothing but the CSRF token."""


def with_version(form_class: type[pages.Form]) -> type[Any]:
    """Return a sign-up form class for changing: no address, no nonce, but the displayed version."""
    left_out = dict.fromkeys(("email", "nonce", "profession", "persons"))
    return type("ChangeForm", (form_class,), {**left_out, "version": HiddenField()})
