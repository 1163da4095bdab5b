"""What measures supply to pages of other features."""

import sqlalchemy as sa

from schakel import db
from schakel.access import Actor
from schakel.i18n import gettext
from schakel.measures import policy
from schakel.measures.models import Measure, MeasureAction
from schakel.measures.rules import UNDER
from schakel.measures.work_items import work as work
from schakel.slot_types import Cause, MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """Return the menu item of the measures, for every staff role (slot `menu`)."""
    return (
        [MenuItem(gettext("Maatregelen"), "/maatregelen", position=40)]
        if actor.is_known and policy.sees_any(actor)
        else []
    )


def causes(actor: Actor, action_ids: list[int]) -> dict[int, list[Cause]]:
    """Return the measure behind each of these action points, named only if the actor may see it (slot `loop.cause`)."""
    rows = (
        db.session()
        .execute(
            sa.select(MeasureAction.action_id, Measure.id, Measure.number, Measure.title, Measure.public_id)
            .join(Measure, Measure.id == MeasureAction.measure_id)
            .where(MeasureAction.action_id.in_(action_ids), MeasureAction.state.in_(UNDER))
        )
        .all()
    )
    if not rows:
        return {}
    ids = {row.id for row in rows}
    seen = set(db.session().scalars(policy.visible_to(actor).where(Measure.id.in_(ids)).with_only_columns(Measure.id)))
    found: dict[int, list[Cause]] = {}
    for row in rows:
        cause = (
            Cause(f"{row.number}: {row.title}", f"/maatregelen/{row.public_id}")
            if row.id in seen
            else Cause(gettext("Een maatregel"))
        )
        found.setdefault(row.action_id, []).append(cause)
    return found
