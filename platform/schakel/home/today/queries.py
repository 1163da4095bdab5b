"""The query of *vandaag* and the weekly mail: every supplier of the slot `work`, grouped."""

from datetime import date, datetime
from types import SimpleNamespace

from schakel import dates, slots
from schakel.access import Actor
from schakel.home.today import rules
from schakel.home.today.rules import TaskKind
from schakel.i18n import gettext
from schakel.slot_types import WorkItem, WorkKind

ICONS = {WorkKind.ACCEPT: "i-hands", WorkKind.CHECK: "i-eye", WorkKind.ANSWER: "i-answer"}
TASKS = {WorkKind.LATE: TaskKind.LATE, WorkKind.WEEK: TaskKind.SOON}


def work(actor: Actor, today: date, since: datetime | None = None) -> list[WorkItem]:
    """Return what requires action from an actor, earliest first; with `since` also what changed."""
    items = [item for _, some in slots.ask("work", actor, today, since) for item in some]
    order = {kind: place for place, (kind, _, _) in enumerate(rules.GROUPS)}
    return sorted(items, key=lambda item: (order.get(item.kind, 9), item.on or date.max, item.title))


def needs(items: list[WorkItem]) -> list[WorkItem]:
    """Return the items without the news."""
    return [item for item in items if item.kind != WorkKind.NEWS]


def list_row(item: WorkItem, today: date) -> SimpleNamespace:
    """Return the data of an item for the page and the mail."""
    # Work that waits for a check is not late by the date on which it was due.
    timely = item.on is not None and (item.kind in TASKS or item.on >= today)
    return SimpleNamespace(
        kind=TASKS.get(item.kind, TaskKind.ASK),
        icon=ICONS.get(item.kind, "i-answer"),
        title=item.title,
        url=item.url,
        why=item.why,
        date_text=dates.format_date(item.on, year=False)
        if timely and item.on
        else ""
        if item.on
        else gettext("geen datum"),
        distance=rules.distance(item.on, today) if timely else "",
        verb=item.verb,
    )


def groups(items: list[WorkItem], today: date) -> list[SimpleNamespace]:
    """Return the groups that are not empty, in order."""
    made = []
    for kind, label, _ in rules.GROUPS:
        rows = [list_row(item, today) for item in items if item.kind == kind]
        if rows:
            made.append(SimpleNamespace(kind=kind, label=gettext(label), is_late=kind == WorkKind.LATE, rows=rows))
    return made


def counts(items: list[WorkItem]) -> dict[str, int]:
    """Return how many items there are of each kind."""
    found: dict[str, int] = {}
    for item in items:
        found[item.kind] = found.get(item.kind, 0) + 1
    return found
