"""Action points for the matrix.

`asked`: proposed, owned by the participant, requested by the coordinator, with a file as evidence; `aside`: another,
owned by somebody from outside.
"""

from datetime import timedelta

from schakel import dates, db
from schakel.actions import service as actions
from schakel.actions.models import Action, Evidence
from schakel.events.followup import service as followup
from schakel.files import service as files
from tests import make

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def facts(tenant: make.Tenant, title: str, role: str = "participant", **wishes: object) -> actions.Facts:
    """Return the data of an action point whose texts are hidden from others."""
    secret = f"hidden {tenant.canary}"
    values = {"organisation_id": tenant.organisation.id, "owner": tenant.people[role], "text": f"tekst {secret}"}
    values |= {"requester_id": tenant.people["coordinator"].id, "due_on": dates.today() + timedelta(days=30)}
    return actions.Facts(title=f"{title} {secret}", **{**values, **wishes})


def values_of(action: Action) -> dict[str, object]:
    """Return the values with which an action point appears in URLs."""
    return {"public_id": action.public_id, "id": action.id}


def add(tenant: make.Tenant, found: dict[str, dict]) -> None:
    """Add two action points from the published event."""
    coordinator, event = make.actor_of(tenant.people["coordinator"]), tenant.events["published"]
    asked = followup.make_action(coordinator, event, None, facts(tenant, "gevraagd"))
    outside = ("Buiten", "buiten@example.org")
    aside = followup.make_action(coordinator, event, None, facts(tenant, "ernaast", owner=outside))
    proof = Evidence(action_id=asked.id, at=dates.now(), file_id=files.store(f"hidden {tenant.canary}.pdf", PDF).id)
    db.session().add(proof)
    db.session().flush()
    found["asked"] = {**values_of(asked), "number": proof.id}
    found["aside"] = values_of(aside)
