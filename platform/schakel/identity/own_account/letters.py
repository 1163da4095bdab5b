"""The mail to who forgot a password."""

from schakel.i18n import gettext
from schakel.identity import rules
from schakel.identity.models import Person
from schakel.notifications.service import Letter


def forgotten(person: Person, link: str) -> Letter:
    """Return the mail with a link to choose a new password; it works once, during a week."""
    return Letter(
        kind=rules.MailKind.PASSWORD_LINK,
        subject=gettext("Een nieuw wachtwoord kiezen"),
        heading=gettext("Kies een nieuw wachtwoord"),
        facts=[
            (gettext("Wat"), gettext("Uw account"), ""),
            (gettext("Wanneer"), gettext("De link werkt één keer, en een week lang"), ""),
        ],
        paragraphs=[
            gettext("Beste %(name)s,", name=person.name),
            gettext("Iemand vroeg met dit e-mailadres een nieuw wachtwoord aan. Uw oude wachtwoord werkt nog."),
        ],
        button=(gettext("Kies een wachtwoord"), link),
        footer=gettext("Vroeg u dit niet zelf, gooi de mail dan weg: er verandert niets. Stuur de link niet door."),
    )
