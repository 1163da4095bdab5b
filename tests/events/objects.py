"""Events for the matrix: draft, published and held; `begun` is published and under way."""

from datetime import time

from schakel import dates
from schakel.events import service as events
from tests import make


def add(tenant: make.Tenant, found: dict[str, dict]) -> None:
    """Return the events of a tenant by their state."""
    for state, event in tenant.events.items():
        found[state] = {"slug": event.slug, "item_id": tenant.items[state], "number": 1}
    begun = make.make_event(tenant.organisation, days=(events.Day(dates.today(), time(0), time(1)),))
    found["begun"] = {"slug": begun.slug}


def fields(endpoint: str, _verb: str) -> dict[str, str]:
    """Return the form fields of a case: cancelling gives a reason."""
    return {"reason": "Daarom."} if endpoint == "editing.move" else {}
