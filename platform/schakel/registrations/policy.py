"""Who sees and changes registrations."""

import sqlalchemy as sa

from schakel.access import Actor
from schakel.events import policy as events
from schakel.events.models import Event
from schakel.registrations.models import Registration


def may_sign_up(_actor: Actor, _event: Event) -> bool:
    """Anybody may sign up for what they can see; whether it is open is a rule, not a right."""
    return True


def may_see_list(actor: Actor, organisation_id: int) -> bool:
    """The coordinators of the organisation that owns the event. A co-organiser sees counts on its page."""
    return events.may_make_for(actor, organisation_id)


def may_forget(actor: Actor) -> bool:
    """Nobody deletes a registration but the job that does so when its time is over."""
    return actor.came.startswith("system:")


def own(actor: Actor) -> sa.Select[Registration]:
    """The registration whose link the actor came in by."""
    kind, _, number = actor.came.removeprefix("link:").partition(":")
    mine = int(number) if kind == "registration" and number.isdigit() else -1
    return sa.select(Registration).where(Registration.id == mine)


def may_change(actor: Actor, registration: Registration) -> bool:
    """Whoever holds its link, and the owner's coordinators."""
    return actor.came == f"link:registration:{registration.id}" or events.may_edit(actor, registration.event)
