"""Slot `work`: new registrations since the last visit, counted per event and without names."""

from datetime import date, datetime

import sqlalchemy as sa

from schakel import dates, db
from schakel.access import Actor
from schakel.events import policy
from schakel.events.models import Event
from schakel.i18n import gettext, ngettext
from schakel.identity.rules import Role
from schakel.registrations.models import Registration
from schakel.registrations.rules import LIVE, State
from schakel.slot_types import WorkItem, WorkKind

FEW = 8


def work(actor: Actor, _today: date, since: datetime | None) -> list[WorkItem]:
    """Return how many people signed up or withdrew, for coordinators of events that have not ended (1 statement)."""
    if since is None or not policy.may_make_events(actor):
        return []
    signed_up = sa.func.sum(
        sa.case((sa.and_(Registration.created_at > since, Registration.state.in_(LIVE)), 1), else_=0)
    )
    withdrew = sa.func.sum(sa.case((Registration.state == State.WITHDRAWN, 1), else_=0))
    last = sa.func.max(Registration.changed_at)
    rows = db.session().execute(
        sa.select(Event.title, Event.slug, signed_up, withdrew, last)
        .join(Registration, Registration.event_id == Event.id)
        .where(
            Event.organisation_id.in_(actor.organisations(Role.COORDINATOR)),
            Event.ends_at > dates.now(),
            Registration.changed_at > since,
        )
        .group_by(Event.id, Event.title, Event.slug)
        .order_by(last.desc())
        .limit(FEW)
    )
    return [
        WorkItem(WorkKind.NEWS, title, _sentence(int(new), int(gone)), f"/bijeenkomsten/{slug}/aanmeldingen", at=at)
        for title, slug, new, gone, at in rows
        if new or gone
    ]


def _sentence(signed_up: int, withdrew: int) -> str:
    parts = []
    if signed_up:
        parts.append(ngettext("één aanmelding erbij", "%(num)d aanmeldingen erbij", signed_up))
    if withdrew:
        parts.append(ngettext("één afmelding", "%(num)d afmeldingen", withdrew))
    return f" {gettext('en')} ".join(parts)
