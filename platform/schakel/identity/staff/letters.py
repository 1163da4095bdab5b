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
        subject=gettext("Uw account bij %(organisation)s", organisation=organisation.short),
        heading=gettext("U kunt inloggen in Schakel"),
        facts=[
            (gettext("Wat"), gettext("Uw account"), names),
            (gettext("Voor"), organisation.name, ""),
            (gettext("Wanneer"), gettext("De link werkt één keer, en een week lang"), ""),
        ],
        paragraphs=[
            gettext("Beste %(name)s,", name=person.name),
            gettext("De beheerder van uw organisatie maakte dit account voor u, of stuurt u een nieuwe link."),
            gettext("Kies een wachtwoord; daarna logt u in met dit e-mailadres."),
        ],
        button=(gettext("Kies een wachtwoord"), link),
        footer=gettext("Verwacht u deze mail niet, gooi hem dan weg: er verandert niets. Stuur de link niet door."),
    )
