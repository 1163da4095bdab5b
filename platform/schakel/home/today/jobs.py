"""The weekly mail: on Monday, to everybody with work, from the same query as the page."""

import sqlalchemy as sa

from schakel import dates, db, settings
from schakel.access import Actor
from schakel.home.today import queries, rules
from schakel.i18n import gettext, ngettext
from schakel.identity import actors
from schakel.identity.models import Account
from schakel.identity.own_account import service as own_account
from schakel.notifications import service as notifications
from schakel.slot_types import WorkItem

MONDAY = 0
MOST = 25


def weekly_digest(actor: Actor) -> int:
    """Queue one mail per person with work (slot `daily`; on Mondays only); return how many."""
    today = dates.today()
    if today.weekday() != MONDAY:
        return 0
    accounts = (
        db.session().scalars(sa.select(Account).where(Account.active, Account.weekly_mail).order_by(Account.id)).all()
    )
    return sum(digest_for(account) for account in accounts)


def digest_for(account: Account) -> bool:
    """Queue the mail of one person; return False when nothing requires action from them."""
    today = dates.today()
    who = actors.actor_of(account, "system:digest", today)
    items = queries.needs(queries.work(who, today))
    if not items:
        return False
    person = account.person
    sender = notifications.Sender("Schakel", "")
    letter = digest(person.name, items, own_account.stop_link(account.id))
    notifications.queue(letter, (person.name, person.email), sender, ("account", str(account.id)))
    return True


def digest(name: str, items: list[WorkItem], stop: str) -> notifications.Letter:
    """Return the mail: how many items, then each with its day, in the order of *vandaag*."""
    today = dates.today()
    base = settings.base_url()
    summary = "".join(text for text, _ in rules.sentence(queries.counts(items)))
    rows = [queries.list_row(item, today) for item in items[:MOST]]
    more = gettext("En nog %(n)d andere, op de bladzijde Vandaag.", n=len(items) - MOST) if len(items) > MOST else ""
    return notifications.Letter(
        kind=rules.MailKind.DIGEST,
        subject=ngettext(
            "Vandaag in Schakel: %(num)d ding vraagt u", "Vandaag in Schakel: %(num)d dingen vragen u", len(items)
        ),
        heading=gettext("Wat deze week op u wacht"),
        facts=[(row.date_text, row.title, row.why) for row in rows],
        paragraphs=[gettext("Beste %(name)s,", name=name), summary, *([more] if more else [])],
        button=(gettext("Open Vandaag"), f"{base}/vandaag"),
        links=[(gettext("Liever geen mail op maandag?"), gettext("Stop de weekmail"), stop)],
        unsubscribe=stop,
        footer=gettext("U krijgt deze mail op maandag, en alleen als er iets op u wacht."),
    )
