"""Measures for the matrix.

`unreleased`, `released`: for a department, decided, the working text written by the secretary; `under`: an action point of
the participant under the released one, `inside`: of the department's head under the unreleased one, both asked by the
medical director. *Zelfde thema* is proposed between the released one and `asked`.
"""

from datetime import timedelta

from schakel import dates, db
from schakel.actions.models import Action
from schakel.measures import service as measures
from schakel.measures.models import Measure
from schakel.measures.planning import service as planning
from schakel.measures.theme import service as theme
from tests import make
from tests.actions.objects import facts, values_of


def fields(endpoint: str, verb: str) -> dict[str, str]:
    """Return the form fields of a case: a proposal names its side."""
    return {"kant": verb} if endpoint == "theme.propose" else {}


def add(tenant: make.Tenant, found: dict[str, dict]) -> None:
    """Add two measures with an action point each, and a proposal."""
    director = make.actor_of(tenant.people["medical_director"])
    department = make.make_organisation(f"Afdeling {tenant.canary}", parent=tenant.organisation)

    def measure(title: str) -> Measure:
        wishes = {"department_id": department.id, "cause_kind": "committee", "cause_year": dates.today().year}
        days = {"decided_on": dates.today(), "due_on": dates.today() + timedelta(days=60)}
        decided = {"kind": "measure", "organisation_id": tenant.organisation.id}
        official = f"officieel hidden {tenant.canary}"
        return measures.decide(
            director, measures.Facts(title=f"{title} {tenant.canary}", official=official, **decided, **wishes, **days)
        )

    unreleased, released = measure("geheim hidden"), measure("vrijgegeven")
    for one in (unreleased, released):
        measures.write_working_text(
            make.actor_of(tenant.people["secretary"]), one, f"werktekst van {one.title}", one.version
        )
    measures.release(make.actor_of(tenant.people["quality_adviser"]), released)
    asks = {"tier": "measure", "requester_id": tenant.people["medical_director"].id}
    under = planning.make_action(director, released, facts(tenant, "onder", **asks))
    inside = planning.make_action(director, unreleased, facts(tenant, "binnen", "department_head", **asks))
    asked = db.session().query(Action).filter_by(public_id=found["asked"]["public_id"]).one()
    theme.propose(director, released, asked, "measure")
    found |= {"under": values_of(under), "inside": values_of(inside)}
    for state, one in {"unreleased": unreleased, "released": released}.items():
        found[state] = {"public_id": one.public_id, "action_id": asked.public_id}
