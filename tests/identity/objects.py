"""People for the matrix: `member`, the participant with an account and a role; `deputised`: a deputy from tomorrow."""

from datetime import timedelta

from schakel import dates, db
from schakel.identity.models import RoleGrant
from schakel.identity.roles import service as roles
from tests import make


def add(tenant: make.Tenant, found: dict[str, dict]) -> None:
    """Let the participant deputise for the facilitator."""
    member = tenant.people["participant"]
    role = db.session().query(RoleGrant).filter_by(person_id=member.id).one()
    found["member"] = {"public_id": member.public_id, "number": role.id}
    away, organisation, later = tenant.people["facilitator"], tenant.organisation, dates.today() + timedelta(days=1)
    stands_in = roles.appoint_deputy(make.ANY_ROLE, away, member, "facilitator", later, later, organisation)
    found["deputised"] = {"number": stands_in.id}
