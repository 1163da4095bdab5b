"""Who sees and changes registrations."""

from collections.abc import Callable

import sqlalchemy as sa

from schakel.access import Actor
from schakel.events import policy as events
from schakel.events.models import Event
from schakel.registrations.models import Registration
from schakel.registrations.rules import Verb

LINK = "registration"
JOBS = "system:registrations"  # prefix of the auth_method of this feature's jobs


def may_sign_up(_actor: Actor, _event: Event) -> bool:
    """Anybody may sign up for an event they can see; whether it is open is a rule, not a right."""
    return True


def may_see_list(actor: Actor, organisation_id: int) -> bool:
    """Coordinators of the event's organisation; co-organisers see counts on its page only."""
    return events.may_make_for(actor, organisation_id)


def may_forget(actor: Actor) -> bool:
    """Only the job deletes registrations, after their retention period."""
    return is_job(actor)


def is_job(actor: Actor) -> bool:
    """Whether the actor is one of this feature's own jobs."""
    return actor.auth_method.startswith(JOBS)


def own(actor: Actor) -> sa.Select[Registration]:
    """Select the registration whose link started the actor's session."""
    linked = actor.link_id(LINK)
    return sa.select(Registration).where(Registration.id == (-1 if linked is None else linked))


def may_change(actor: Actor, registration: Registration) -> bool:
    """Whoever has its link may, and coordinators of the event's organisation."""
    return actor.link_id(LINK) == registration.id or events.may_edit(actor, registration.event)


VERBS: dict[str, Callable[[Actor, Registration], bool]] = {
    Verb.REGISTER: lambda actor, registration: may_sign_up(actor, registration.event),
    Verb.WAIT: lambda actor, registration: may_sign_up(actor, registration.event),
    Verb.OFFER: lambda actor, _: is_job(actor),
    Verb.LAPSE: lambda actor, _: is_job(actor),
    Verb.ACCEPT: may_change,
    Verb.CHANGE: may_change,
    Verb.WITHDRAW: may_change,
}


def may(actor: Actor, registration: Registration, verb: str) -> bool:
    """Whether the actor may do a verb; the workflow checks the state. Raises KeyError for an unknown verb."""
    return VERBS[verb](actor, registration)
