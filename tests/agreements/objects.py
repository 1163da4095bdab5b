"""Agreements for the matrix: one at the draft and one at the published event."""

from schakel.agreements import service as agreements
from tests import make


def add(tenant: make.Tenant, found: dict[str, dict]) -> None:
    """Add agreements, named by the state of their event."""
    coordinator = make.actor_of(tenant.people["coordinator"])
    for state in ("draft", "published"):
        laid = agreements.add_to_event(coordinator, tenant.events[state], f"{state} afspraak", "2024", None)
        found[state] |= {"public_id": laid.public_id}
