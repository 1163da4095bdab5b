"""The texts beside each choice in a registration form: places left, and the position on the waiting list."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from schakel.events.models import CapacityPool, Event
from schakel.events.page_data import heading
from schakel.events.rules import seats_text
from schakel.registrations import forms, rules, selection
from schakel.registrations.places import service as places


def beside(event: Event, ranks: Mapping[int, int] | None = None) -> dict[str, Any]:
    """Return the page data of a form on this event; `right` and `notes` by the value of their choice.

    `ranks`: the places that the reader has on waiting lists already, by pool.
    """
    ranks = ranks or {}
    rooms = {pool.profession_code or "": pool for pool in event.profession_pools}
    rounds = selection.rounds_of(event)
    sessions = {str(session.id): session.pool for sessions in rounds for session in sessions}
    pools = [*rooms.values(), *sessions.values()]
    ids = [pool.id for pool in pools if pool.waiting and not pool.is_full]
    queued = places.with_waiting_list(ids) if ids else set()
    return {
        "event": heading(event),
        "rounds": [forms.field_of(sessions[0].round_id) for sessions in rounds],
        "right": {code: _left(pool, queued) for code, pool in rooms.items()},
        "notes": {code: _waiting_note(pool) for code, pool in rooms.items() if pool.is_full or pool.id in queued},
        "session_right": {code: _left(pool, queued) for code, pool in sessions.items()},
        "session_notes": {
            code: _session_note(pool, ranks.get(pool.id), pool.is_full or pool.id in queued)
            for code, pool in sessions.items()
        },
        "consent": gettext(rules.CONSENT_TEXT),
    }


def _left(pool: CapacityPool, queued: set[int]) -> str:
    return seats_text(pool.capacity, pool.used, pool.waiting, pool.id in queued)


def _waiting_note(pool: CapacityPool) -> str:
    return gettext("U komt op plaats %(n)d van de wachtlijst.", n=pool.waiting + 1)


def _session_note(pool: CapacityPool, rank: int | None, waits: bool) -> str:
    """Return the hours and room of a session, and the place on its waiting list."""
    assert pool.session is not None
    facts = pool.session.facts_text
    if not waits:
        return facts
    if rank is not None:
        return f"{facts}. " + gettext("Vol. U staat op plaats %(n)d van de wachtlijst voor deze sessie.", n=rank)
    return f"{facts}. " + gettext("Vol. U komt op plaats %(n)d van de wachtlijst voor deze sessie.", n=pool.waiting + 1)
