"""Forms to change one's own registration, and to ask for the link again."""

from typing import Any

from wtforms import HiddenField

from schakel import pages
from schakel.registrations.forms import email


class LostLinkForm(pages.Form):
    """Only an address; the response is the same for every address."""

    email = email()


def with_version(form_class: type[pages.Form]) -> type[Any]:
    """Return a sign-up form class for changing: no address, no nonce, but the displayed version."""
    left_out = dict.fromkeys(("email", "nonce", "profession", "persons"))
    return type("ChangeForm", (form_class,), {**left_out, "version": HiddenField()})
