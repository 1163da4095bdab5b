"""Registrations for the matrix: one, for an event of its own."""

from schakel import crypto, db
from schakel.access import ANONYMOUS
from schakel.registrations import service as registrations
from schakel.registrations.models import Registration
from tests import make


def add(tenant: make.Tenant, found: dict[str, dict]) -> None:
    """Add a guest at another event: a place at `published` would prevent changing its capacity."""
    email = f"gast-{tenant.canary}@example.org".lower()
    answers = registrations.Answers(name="Gast", email=email, profession=None, organisation="", sessions=())
    other = make.make_event(tenant.organisation)
    registrations.register(ANONYMOUS, other, answers, crypto.new_token())
    mine = db.session().query(Registration).filter_by(event_id=other.id).one()
    found["registration"] = {"id": mine.id}
