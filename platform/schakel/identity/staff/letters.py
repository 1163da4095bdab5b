"""The mail that gives a person access to a new account."""

from schakel.i18n import gettext
from schakel.identity import rules
from schakel.identity.models import Organisation, Person
from schakel.notifications.service import Letter


def account_link(person: Person, organisation: Organisation, roles: list[str], link: str) -> Letter:
    """Return the mail with the link to choose a password; it works once, during a week."""
    names = ", ".join(gettext(rules.ROLES[rules.Role(role)]) for role in roles)
    return Letter(
        kind=rules.MailKind.ACCOUNT_LINK,
        subject=f"Uw account bij {organisation.short}",
        heading="U kunt inloggen in Schakel",
        facts=[
            ("Wat", "Uw account", names),
            ("Voor", organisation.name, ""),
            ("Wanneer", "De link werkt één keer, en een week lang", ""),
        ],
        paragraphs=[
            f"Beste {person.name},",
            "De beheerder van uw organisatie maakte dit account voor u, of stuurt u een nieuwe link.",
            "Kies een wachtwoord; daarna logt u in met dit e-mailadres.",
        ],
        button=("Kies een wachtwoord", link),
        footer="Verwacht u deze mail niet, gooi hem dan weg: er verandert niets. Stuur de link niet door.",
    )
