"""Every rule of `flask lussen controleer` finds its own planted fault and no other."""

import pytest
import sqlalchemy as sa

from schakel import dates, db
from schakel.actions import service as actions
from schakel.actions.models import Action, ActionHistory
from schakel.agreements import service as agreements
from schakel.agreements.models import Agreement, AgreementEvent
from schakel.events.followup.models import EventAction
from schakel.events.models import AgendaItem, Event, EventDay, EventOrganiser
from schakel.files import service as files
from schakel.measures.models import Measure, MeasureAction, MeasureHistory
from schakel.measures.planning import service as planning
from schakel.registrations.models import Registration
from schakel.reports.loops.queries import INVARIANTS, RECORDED, faults
from tests import make, make_followup
from tests.measures.steps import walk
from tests.registrations import make_registrations
from tests.source_tree import audit_events
from tests.uploads import PDF

pytestmark = [pytest.mark.plants, pytest.mark.both_databases]


class World:
    """One row of everything the rules are about, without faults."""

    def __init__(self) -> None:
        self.hospital = hospital = make_followup.make_hospital()
        self.action = make_followup.make_action(hospital)
        self.done = make_followup.done(hospital, make_followup.make_action(hospital))
        actions.move(hospital.actor("coordinator"), self.done, "check", "Gezien.")
        self.measure = make_followup.make_measure(hospital)
        self.running = walk(hospital, "running")
        self.under = self._under()
        self.effective = walk(hospital, "effective")
        self.event = make.make_event(hospital.organisation)
        self.agreement = agreements.add_to_event(
            hospital.actor("coordinator"), self.event, "Wie verwijst, belt.", "", None
        )
        self.file = files.store("werk.pdf", PDF)
        self.done.evidence[0].file_id = self.file.id
        db.session().flush()

    def _under(self) -> Action:
        facts = actions.Facts(
            "Bel terug", self.hospital.organisation.id, self.hospital.people["facilitator"], self.hospital.people["quality_adviser"].id, tier="measure"
        )  # fmt: skip
        return planning.make_action(self.hospital.actor("quality_adviser"), self.running, facts)

    def set(self, row: object, **values: object) -> None:
        """Write without the services, as a fault would."""
        kind = type(row)
        db.session().execute(sa.update(kind).where(kind.id == row.id).values(**values))

    def says(self, table: type, **values: object) -> None:
        """Add a history entry that the policy would not allow."""
        db.session().add(table(at=dates.now(), text="", **values))


def drop(table: type, *where: object) -> None:
    db.session().execute(sa.delete(table).where(*where))


def judged_by_owner(world: World) -> None:
    head = world.hospital.people["department_head"].id
    world.says(MeasureHistory, measure_id=world.effective.id, verb="check", person_id=head)


def taken_off(world: World) -> None:
    vanish(world, "action")


def vanish(world: World, kind: str) -> None:
    """Delete a row and all that refers to it, without the services."""
    db.end_transaction(True)  # the buffered audit rows are written with the rest
    if kind == "action":
        for table in (EventAction, ActionHistory):
            drop(table, table.action_id == world.action.id)
        drop(Action, Action.id == world.action.id)
    elif kind == "measure":
        drop(MeasureHistory, MeasureHistory.measure_id == world.measure.id)
        drop(Measure, Measure.id == world.measure.id)
    elif kind == "agreement":
        drop(AgreementEvent, AgreementEvent.agreement_id == world.agreement.id)
        drop(Agreement, Agreement.id == world.agreement.id)
    else:
        empty = make.make_event(world.hospital.organisation, "draft", room={})
        db.end_transaction(True)
        for table in (EventDay, AgendaItem, EventOrganiser):
            drop(table, table.event_id == empty.id)
        drop(Event, Event.id == empty.id)


PLANTS = {
    "actiepunt zonder aanleiding": lambda world: drop(EventAction, EventAction.action_id == world.action.id),
    "eigen werk getoetst (actiepunt)": lambda world: world.says(
        ActionHistory, action_id=world.done.id, verb="check", person_id=world.done.owner_id
    ),
    "eigen werk beoordeeld (maatregel)": judged_by_owner,
    "gereed of getoetst zonder onderbouwing": lambda world: world.set(world.action, state="checked"),
    "maatregel uitgevoerd terwijl een actiepunt openstaat": lambda world: world.set(world.running, state="implemented"),
    "maatregel gesloten zonder dat betrokkenen zijn geïnformeerd": lambda world: world.set(world.measure, state="closed"),
    "maatregel vrijgegeven zonder werktekst": lambda world: world.set(world.measure, released_at=dates.now()),
    "maatregel zonder aanleiding": lambda world: world.set(world.measure, cause_kind="zomaar"),
    "maatregel geborgd zonder aangetoond effect": lambda world: world.set(world.effective, effect=""),
    "vastgelegd en verdwenen": taken_off,
    "bestand zonder onderbouwing": lambda world: world.set(world.done.evidence[0], file_id=None),
    "afspraak zonder bijeenkomst": lambda world: drop(AgreementEvent, AgreementEvent.agreement_id == world.agreement.id),
    "eigenaar of actiepunt van elders bij een niet vrijgegeven maatregel": lambda world: world.set(
        world.measure, owner_inside=False
    ),
    "eerste datum van een actiepunt kwijt": lambda world: world.set(world.action, first_due_on=None),
    "plaatsen tellen niet op": lambda world: world.set(world.event.pools[0], used=1),
    "aangeboden plaats zonder aanbod": None,
}  # fmt: skip


@pytest.fixture
def world(in_app):
    made = World()
    assert faults() == []
    return made


def test_there_is_a_planted_fault_for_every_rule():
    assert set(PLANTS) == set(INVARIANTS)


@pytest.mark.parametrize("name", [name for name, plant in PLANTS.items() if plant])
def test_a_planted_fault_is_found_by_its_own_rule_and_no_other(world, name):
    PLANTS[name](world)
    db.session().flush()
    assert [fault.partition(": ")[0] for fault in faults()] == [name]


@pytest.mark.parametrize("kind", sorted(str(event).partition(".")[0] for event in RECORDED))
def test_a_deleted_row_of_any_kind_is_found(world, kind):
    vanish(world, kind)
    db.session().flush()
    found = [fault for fault in faults() if fault.startswith("vastgelegd en verdwenen: ")]
    assert found and found[0].partition(": ")[2].startswith(f"{kind} ")


def test_every_table_of_subjects_is_checked_for_deleted_rows():
    """A feature that records the creation of rows names the event in RECORDED, or says here why they may be deleted."""
    may_go = {
        "registration": "deleted by retention", "person": "no verb deletes it yet", "theme": "a list, edited by hand",
        "story": "a list, edited by hand", "account": "a way in, not a subject",
    }  # fmt: skip
    making = {"created", "proposed", "decided", "on_table", "made", "added", "opened"}
    made = {str(event) for events in audit_events() for event in events if str(event).rpartition(".")[2] in making}
    watched = {str(event) for event in RECORDED}
    assert {event for event in made - watched if event.partition(".")[0] not in may_go} == set()


def test_a_place_offered_without_an_offer_is_found(work):
    hall = make_registrations.make_hall(work, 5)
    with work():
        number = make_registrations.register(hall, "Tjitske")
        assert faults() == []
        db.session().execute(sa.update(Registration).where(Registration.id == number).values(state="offered"))
        assert [fault.partition(": ")[0] for fault in faults()] == ["aangeboden plaats zonder aanbod"]


def test_a_wait_without_a_person_and_an_accepted_tie_before_release_are_found(world):
    world.set(world.event.pools[0], waiting=2)
    tie = sa.update(MeasureAction).where(MeasureAction.action_id == world.under.id)
    db.session().execute(tie.values(state="accepted"))
    assert {fault.partition(": ")[0] for fault in faults()} == {
        "plaatsen tellen niet op",
        "eigenaar of actiepunt van elders bij een niet vrijgegeven maatregel",
    }


def test_a_judgement_by_the_person_who_reported_it_carried_out_is_found(world):
    adviser = world.hospital.people["quality_adviser"].id
    world.says(MeasureHistory, measure_id=world.running.id, verb="implement", person_id=adviser)
    db.session().flush()
    world.says(MeasureHistory, measure_id=world.running.id, verb="check", person_id=adviser)
    db.session().flush()
    assert [fault.partition(": ")[0] for fault in faults()] == ["eigen werk beoordeeld (maatregel)"]
