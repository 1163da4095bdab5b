"""Forms to change one's own registration, and to ask for the link again."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField

from schakel import pages
from schakel.registrations.forms import email


class LostLinkForm(pages.Form):
    """An address, and whether the old links must stop working; the response is the same for every address."""

    email = email()
    replace = BooleanField(_("Laat mijn oude link niet meer werken, bijvoorbeeld omdat iemand anders hem heeft"))


def with_version(form_class: type[pages.Form]) -> type[Any]:
    """Return a sign-up form class for changing: no address, no nonce, but the displayed version."""
    left_out = dict.fromkeys(("email", "nonce", "profession", "persons"))
    return type("ChangeForm", (form_class,), {**left_out, "version": HiddenField()})
