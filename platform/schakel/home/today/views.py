"""The first page after signing in, for every role."""

from types import SimpleNamespace

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from schakel import access, dates
from schakel.home.today import queries, rules
from schakel.identity.signing_in import service as signing_in
from schakel.pages import actor
from schakel.slot_types import WorkItem, WorkKind

pages = Blueprint("today", __name__)


@pages.get("/vandaag")
@access.rule(access.signed_in)
def show() -> ResponseReturnValue:
    """Display what requires action from me, and what changed since my last visit."""
    who, today = actor(), dates.today()
    since = signing_in.previous_visit(who)
    items = queries.work(who, today, since)
    asks = queries.needs(items)
    first = asks[0] if asks else None
    return render_template(
        "home/today.html",
        work_count=len(asks),
        today=dates.format_date(today),
        today_iso=today.isoformat(),
        sentence=rules.sentence(queries.counts(asks)),
        first=_first(first) if first else None,
        groups=queries.groups(asks[1:], today),
        late_before=bool(first and first.kind == WorkKind.LATE),
        news=[_news(item) for item in items if item.kind == WorkKind.NEWS],
        since=dates.format_datetime(since) if since else None,
    )


def _first(item: WorkItem) -> SimpleNamespace:
    today = dates.today()
    when = rules.distance(item.on, today) if item.kind in queries.TASKS else ""
    return SimpleNamespace(
        over=gettext("Begin hier: %(when)s", when=when) if when else gettext("Begin hier"),
        late=item.kind == WorkKind.LATE,
        title=item.title,
        text=item.why,
        verb=item.verb,
        url=item.url,
    )


def _news(item: WorkItem) -> SimpleNamespace:
    return SimpleNamespace(
        at_iso=item.at.isoformat() if item.at else "",
        at_text=dates.format_datetime(item.at) if item.at else "",
        text=item.title,
        who=item.why,
        quiet=False,
        url=item.url,
    )
