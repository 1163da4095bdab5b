"""Mails about an action point. The heading is a fixed text; the subject adds the action point's title."""

from schakel import dates
from schakel.actions.models import Action
from schakel.actions.rules import MailKind, Verb
from schakel.i18n import N_, gettext
from schakel.identity.models import Person
from schakel.notifications.rules import unlinked
from schakel.notifications.service import Letter


def _facts(action: Action) -> list[tuple[str, str, str]]:
    due = dates.format_date(action.due_on) if action.due_on else gettext("nog geen datum afgesproken")
    return [
        (gettext("Wat"), action.title, ""),
        (gettext("Wanneer"), due, gettext("uiterlijk klaar") if action.due_on else ""),
        (gettext("Voor"), action.organisation.name, ""),
        (gettext("Gevraagd door"), action.requester.name, ""),
    ]


FOOTER = N_("U krijgt deze mail omdat uw naam bij dit actiepunt staat. De link is van u alleen; stuur hem niet door.")


def _letter(
    kind: MailKind, action: Action, heading: str, paragraphs: list[str], link: str, verb: str, to: str
) -> Letter:
    return Letter(
        kind=kind,
        subject=f"{heading}: {action.title}"[:280],
        heading=heading,
        facts=_facts(action),
        paragraphs=[gettext("Beste %(name)s,", name=unlinked(to)), *paragraphs],
        button=(verb, link) if link else None,
        footer=gettext(FOOTER),
    )


def proposed(action: Action, link: str) -> Letter:
    """Return the mail to a new owner: an action point is proposed to you."""
    text = [
        gettext(
            "Er is u gevraagd dit op u te nemen. Zeg ja, of geef het terug met een reden. U hebt geen account nodig."
        )
    ]
    return _letter(
        MailKind.PROPOSED,
        action,
        gettext("Actiepunt voor u"),
        text,
        link,
        gettext("Bekijk en antwoord"),
        action.owner.name,
    )


def sent_back(action: Action, said: str, link: str) -> Letter:
    """Return the mail to the owner: the work you reported done was sent back."""
    text = [gettext("Wie het toetste, vindt het nog niet klaar:"), said]
    return _letter(
        MailKind.SENT_BACK,
        action,
        gettext("Nog niet klaar"),
        text,
        link,
        gettext("Bekijk wat er nog nodig is"),
        action.owner.name,
    )


def checked(action: Action, said: str, to: Person, link: str) -> Letter:
    """Return the mail to the owner or the requester: somebody else checked the work, it is done."""
    text = [gettext("Een ander heeft dit getoetst: het is klaar."), said]
    return _letter(
        MailKind.CHECKED, action, gettext("Klaar en getoetst"), text, link, gettext("Bekijk het verloop"), to.name
    )


def cancelled(action: Action, said: str, to: Person) -> Letter:
    """Return the mail that says that an action point is cancelled."""
    return _letter(
        MailKind.CANCELLED,
        action,
        gettext("Actiepunt vervalt"),
        [gettext("Dit actiepunt vervalt:"), said],
        "",
        "",
        to.name,
    )


def deadline(action: Action, said: str, link: str) -> Letter:
    """Return the mail to the owner about another date."""
    text = [gettext("Er is een andere datum afgesproken."), said]
    return _letter(
        MailKind.DEADLINE,
        action,
        gettext("Andere datum"),
        text,
        link,
        gettext("Bekijk het actiepunt"),
        action.owner.name,
    )


def returned(action: Action, said: str) -> Letter:
    """Return the mail to the requester: the owner returned the action point."""
    text = [
        gettext("%(name)s geeft dit actiepunt terug:", name=unlinked(action.owner.name)),
        said,
        gettext("Kies een andere eigenaar, of laat het vervallen."),
    ]
    return _letter(MailKind.RETURNED, action, gettext("Actiepunt teruggegeven"), text, "", "", action.requester.name)


def reported_done(action: Action) -> Letter:
    """Return the mail to the requester: the owner reports it done and somebody else checks it."""
    text = [
        gettext(
            "%(name)s meldt dat dit klaar is, met onderbouwing. Een ander dan de eigenaar toetst het.",
            name=unlinked(action.owner.name),
        )
    ]
    return _letter(MailKind.REPORTED_DONE, action, gettext("Gereedgemeld"), text, "", "", action.requester.name)


def given_away(action: Action, former: Person, said: str) -> Letter:
    """Return the mail to a former owner: the action point is with somebody else now."""
    text = [gettext("Dit actiepunt is niet meer bij u: het is aan iemand anders gevraagd. U hoeft niets meer te doen.")]
    text += [said] if said.strip() else []
    return _letter(MailKind.GIVEN_AWAY, action, gettext("Niet meer bij u"), text, "", "", former.name)


def corrected(action: Action, former: str, link: str) -> Letter:
    """Return the mail to the owner: the title is another one."""
    text = [gettext("De titel van dit actiepunt is aangepast."), gettext("Eerst stond er: %(title)s", title=former)]
    heading, verb = gettext("Actiepunt aangepast"), gettext("Bekijk het actiepunt")
    return _letter(MailKind.CORRECTED, action, heading, text, link, verb, action.owner.name)


def link_again(action: Action, link: str) -> Letter:
    """Return the mail to an owner who lost the link."""
    text = [gettext("U vroeg de link naar dit actiepunt opnieuw aan. Er is niets veranderd.")]
    heading = gettext("Uw link")
    return _letter(MailKind.LINK_AGAIN, action, heading, text, link, gettext("Bekijk het actiepunt"), action.owner.name)


WITH_LINK = (Verb.SEND_BACK, Verb.CHECK)


def letters_of(verb: str, action: Action, said: str, link: str) -> list[tuple[Person, Letter]]:
    """Return who is notified of a verb, and the mail; `link` is the owner's own link, for the verbs in WITH_LINK."""
    owner, requester = action.owner, action.requester
    if verb == Verb.SEND_BACK:
        return [(owner, sent_back(action, said, link))]
    if verb == Verb.RETURN:
        return [(requester, returned(action, said))]
    if verb == Verb.DONE:
        return [(requester, reported_done(action))]
    if verb == Verb.CHECK:
        return [(owner, checked(action, said, owner, link)), (requester, checked(action, said, requester, ""))]
    if verb == Verb.CANCEL:
        return [(person, cancelled(action, said, person)) for person in (owner, requester)]
    return []
