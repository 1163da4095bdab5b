"""The mails about a registration, in final texts, with their calendar entries as stored values."""

from dataclasses import dataclass
from datetime import datetime

from schakel import dates
from schakel.events.models import Event, EventDay
from schakel.events.rules import Kind
from schakel.i18n import N_, gettext
from schakel.notifications.ics import Entry
from schakel.notifications.rules import unlinked
from schakel.notifications.service import Letter, Sender, from_of
from schakel.registrations import mail_table
from schakel.registrations.mail_table import Part
from schakel.registrations.rules import MailKind, State
from schakel.registrations.snapshots import Change

NEUTRAL_KINDS = (Kind.PATIENT_DAY,)
_AT_THE_DOOR = N_("Laat deze code zien bij binnenkomst, of scan hem om uw aanmelding te wijzigen.")
_TO_READ = N_("Scan deze code om uw aanmelding te bekijken; hebt u een plaats, laat hem dan zien bij binnenkomst.")
SCANNED = {
    MailKind.REPEATED: _TO_READ,
    MailKind.LINK_AGAIN: _TO_READ,
    MailKind.OFFERED: N_("Scan deze code om op uw telefoon te antwoorden; komt u, laat hem dan zien bij binnenkomst."),
}


@dataclass(frozen=True)
class Guest:
    """The recipient: a registration in the form that the letters need."""

    name: str
    email: str
    uid: str
    sequence: int
    as_what: str
    sessions: list[str]
    waiting_for: list[str]
    state: State = State.REGISTERED
    rank: int = 1  # of the registrations of this mailbox for this event


def sender_of(event: Event) -> Sender:
    """Return the sender: the organisation that owns the event, with its mailbox for replies."""
    return Sender(event.organisation.short, event.mailbox)


def _title(event: Event) -> str:
    """Return the title; for a patient day a neutral one, as subjects and shared calendars must not name an illness."""
    is_neutral = event.kind in NEUTRAL_KINDS
    return gettext("Bijeenkomst op %(day)s", day=dates.format_date(event.starts_at)) if is_neutral else event.title


def _facts(event: Event, guest: Guest, parts: frozenset[Part]) -> list[tuple[str, str, str]]:
    facts = [(gettext("Wat"), _title(event), "")]
    when = gettext("Wanneer")
    facts += [(when, dates.format_span(day.starts_at, day.ends_at), "") for day in event.days]
    facts.append((gettext("Waar"), event.place_name, event.place_detail))
    if guest.as_what and Part.PLACE in parts:
        facts.append((gettext("U komt als"), unlinked(guest.as_what), ""))
    elif guest.as_what and parts & {Part.WAITS, Part.OFFER}:
        facts.append((gettext("Uw aanmelding"), unlinked(guest.as_what), ""))
    facts += [(gettext("Sessie"), session, "") for session in guest.sessions if Part.WAITS not in parts]
    facts += [(gettext("Wachtlijst"), session, "") for session in guest.waiting_for]
    return facts


FOOTER = N_("U krijgt deze mail omdat u zich met dit adres aanmeldde. De link is van u alleen; stuur hem niet door.")


def _which(rank: int) -> str:
    """Tell mails of colleagues with one mailbox apart, without a name: a subject holds no personal data."""
    which = gettext("%(n)de aanmelding op dit adres", n=rank)
    return f" ({which})" if rank > 1 else ""


def _code_text(kind: MailKind, parts: frozenset[Part]) -> str:
    return SCANNED.get(MailKind.OFFERED if Part.OFFER in parts else kind, _AT_THE_DOOR)


FOOTER_WITHOUT_LINK = N_("U krijgt deze mail omdat u zich met dit adres aanmeldde.")


def _letter(
    kind: MailKind, event: Event, guest: Guest, subject: str, paragraphs: list[str], link: str, heading: str = ""
) -> Letter:
    parts = mail_table.parts(kind, guest.state)
    link = link if Part.LINK in parts else ""
    footer = gettext(FOOTER) if link else gettext(FOOTER_WITHOUT_LINK)
    if event.mailbox:
        footer += " " + gettext("Een antwoord op deze mail komt aan bij %(mailbox)s.", mailbox=event.mailbox)
    return Letter(
        kind=kind,
        subject=f"{subject}: {_title(event)}"[:240] + _which(guest.rank),
        heading=heading or subject,
        facts=_facts(event, guest, parts),
        paragraphs=[gettext("Beste %(name)s,", name=unlinked(guest.name)), *paragraphs],
        button=(gettext("Bekijk of wijzig uw aanmelding"), link) if link else None,
        links=[(gettext("Kunt u toch niet?"), gettext("Meld u af"), link)]
        if link and Part.PLACE in parts and kind not in (MailKind.REPEATED, MailKind.LINK_AGAIN)
        else [],
        scan=(gettext(_code_text(kind, parts)), link) if link and Part.CODE in parts else None,
        footer=footer,
    )


def registered(event: Event, guest: Guest, link: str) -> Letter:
    """Return the mail: you have a place."""
    text = [
        gettext(
            "De afspraak voor uw agenda zit bij deze mail. Verandert er iets aan tijd of plaats, dan verandert die mee."
        )
    ]
    return _letter(MailKind.REGISTERED, event, guest, gettext("U bent aangemeld"), text, link)


def waiting(event: Event, guest: Guest, link: str) -> Letter:
    """Return the mail: you are on the waiting list."""
    text = [
        gettext(
            "Voor uw beroep of rol zijn alle plaatsen nu bezet. Komt er een plaats vrij, dan bieden we die aan "
            "op volgorde van aanmelding."
        )
    ]
    return _letter(MailKind.WAITING, event, guest, gettext("U staat op de wachtlijst"), text, link)


def link_again(event: Event, guest: Guest, link: str) -> Letter:
    """Return the mail to who asked for the link again."""
    text = [gettext("U vroeg uw link opnieuw aan. Er is niets veranderd; hierboven ziet u hoe het staat.")]
    return _letter(MailKind.LINK_AGAIN, event, guest, gettext("Uw link"), text, link)


def repeated(event: Event, guest: Guest, link: str) -> Letter:
    """Return the mail: you were signed up already, here is your link again."""
    text = [
        gettext(
            "U had zich al eerder aangemeld. Er is niets veranderd; met de link hieronder ziet u hoe het ervoor staat."
        )
    ]
    return _letter(
        MailKind.REPEATED,
        event,
        guest,
        gettext("Uw aanmelding"),
        text,
        link,
        heading=gettext("Uw aanmelding stond er al"),
    )


def offered(event: Event, guest: Guest, until: datetime, link: str) -> Letter:
    """Return the mail: a place became free, accept or refuse it before `until`."""
    text = [
        gettext(
            "Er is een plaats vrijgekomen en u bent aan de beurt. We houden hem vast tot %(at)s.",
            at=dates.format_datetime(until),
        ),
        gettext(
            "Laat met de knop weten of u komt. Hoeft het niet meer, zeg dan nee: dan gaat de plaats naar de volgende."
        ),
    ]
    return _letter(MailKind.OFFERED, event, guest, gettext("Er is een plaats voor u"), text, link)


def lapsed(event: Event, guest: Guest) -> Letter:
    """Return the mail: the offer expired."""
    text = [gettext("We hoorden niets van u, daarom ging de plaats naar de volgende. U kunt zich opnieuw aanmelden.")]
    return _letter(MailKind.LAPSED, event, guest, gettext("Het aanbod is verlopen"), text, "")


def changed(event: Event, guest: Guest, link: str) -> Letter:
    """Return the mail: your registration changed."""
    text = [gettext("Uw aanmelding is gewijzigd. Hierboven staat hoe het nu is; de afspraak in uw agenda gaat mee.")]
    return _letter(MailKind.CHANGED, event, guest, gettext("Uw aanmelding is gewijzigd"), text, link)


def withdrawn(event: Event, guest: Guest) -> Letter:
    """Return the mail: you withdrew."""
    text = [gettext("U bent afgemeld. Jammer dat het niet lukt; u bent een andere keer welkom.")]
    text += _calendar_goes(MailKind.WITHDRAWN, guest)
    return _letter(MailKind.WITHDRAWN, event, guest, gettext("U bent afgemeld"), text, "")


def _calendar_goes(kind: MailKind, guest: Guest) -> list[str]:
    has_entry = Part.CALENDAR in mail_table.parts(kind, guest.state)
    return [gettext("De afspraak in uw agenda verdwijnt.")] if has_entry else []


def moved(event: Event, guest: Guest, link: str, changes: list[Change], words: str = "") -> Letter:
    """Return the mail: a day, a time, the place or an own session changed; `words` of the coordinator."""
    parts = mail_table.parts(MailKind.MOVED, guest.state)
    text = [
        gettext("%(what)s was: %(was)s. Dat wordt: %(now)s.", what=gettext(one.what), was=one.was, now=one.now)
        for one in changes
    ]
    text += [words] if words else []
    if Part.CALENDAR in parts:
        text.append(gettext("De afspraak in uw agenda gaat mee."))
    if Part.WAITS in parts:
        text.append(gettext("U staat nog op de wachtlijst."))
    if Part.OFFER in parts:
        text.append(gettext("De plaats die u is aangeboden, houden we nog voor u vast: laat weten of u komt."))
    return _letter(
        MailKind.MOVED, event, guest, gettext("Gewijzigd"), text, link, heading=gettext("Let op: er is iets gewijzigd")
    )


def cancelled(event: Event, guest: Guest) -> Letter:
    """Return the mail: the event will not take place."""
    text = [gettext("Deze bijeenkomst gaat niet door. U hoeft niets te doen.")]
    text += _calendar_goes(MailKind.CANCELLED, guest)
    if event.reason:
        text.insert(0, gettext("De reden: %(reason)s", reason=event.reason))
    return _letter(
        MailKind.CANCELLED,
        event,
        guest,
        gettext("Gaat niet door"),
        text,
        "",
        heading=gettext("Deze bijeenkomst gaat niet door"),
    )


def day_gone(event: Event, guest: Guest) -> Letter:
    """Return the mail: a day of an event of several days was dropped."""
    text = [
        gettext("Eén van de dagen vervalt. De afspraak voor die dag verdwijnt uit uw agenda; de rest blijft staan.")
    ]
    return _letter(MailKind.DAY_GONE, event, guest, gettext("Een dag vervalt"), text, "")


def entries(
    event: Event, guest: Guest, url: str, *, cancel: bool = False, days: list[EventDay] | None = None
) -> list[Entry]:
    """Return the calendar entries of one guest, one per contact day: no other guest and no secret address in them."""
    organizer = (event.organisation.short, from_of(event.mailbox))
    return [_entry(event, day, guest, organizer, url, cancel) for day in (event.days if days is None else days)]


def _entry(event: Event, day: EventDay, guest: Guest, organizer: tuple[str, str], url: str, cancel: bool) -> Entry:
    place = ", ".join(part for part in (event.place_name, event.place_detail) if part)
    lines = (
        [gettext("Sessie: %(session)s", session=session) for session in guest.sessions]
        if event.kind not in NEUTRAL_KINDS
        else []
    )
    return Entry(
        uid=f"{guest.uid}-{day.id}@schakel",
        sequence=guest.sequence,
        stamped_at=dates.now().replace(microsecond=0),
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        summary=_title(event),
        location=place,
        description="\n".join([*lines, url]),
        url=url,
        cancelled=cancel,
        organizer=organizer,
        attendee=(guest.name, guest.email),
    )
