"""Policies fail closed: an unknown verb raises, every verb has its predicate, and every service asks and records."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.access import ANONYMOUS, Actor, Grant, system
from schakel.actions import policy as actions
from schakel.events import policy as events
from schakel.identity.rules import Role
from schakel.measures import policy as measures
from schakel.measures.rules import CauseKind
from schakel.registrations import policy as registrations
from tests import source_tree as source
from tests.source_tree import SOURCE

POLICIES = [module for module in source.modules("policy") if hasattr(module, "VERBS")]
WORKFLOWS = {"action": actions, "event": events, "measure": measures, "registration": registrations}
EVERY_ROLE = Actor(1, 1, "Iemand", tuple(Grant(role, frozenset({1})) for role in Role))


class Anything:
    """A subject of which every column is 1, with a cause and an event."""

    cause_kind = CauseKind.COMMITTEE

    def __getattr__(self, _name: str) -> int:
        return 1

    @property
    def event(self) -> "Anything":
        return self


@pytest.mark.parametrize("policy", POLICIES, ids=lambda module: module.__name__)
@given(verb=st.text())
def test_an_unknown_verb_raises_in_every_policy(policy, verb):
    for actor in (EVERY_ROLE, ANONYMOUS, system("seeds"), system("anything")):
        if verb not in policy.VERBS:
            with pytest.raises(KeyError):
                policy.may(actor, Anything(), verb)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda module: module.__name__)
@pytest.mark.parametrize("verb", ["no_such_verb", "", "check ", "CHECK", "delete", "__class__"])
def test_a_verb_that_looks_like_one_raises_too(policy, verb):
    with pytest.raises(KeyError):
        policy.may(EVERY_ROLE, Anything(), verb)


def test_every_workflow_has_a_policy_for_each_of_its_verbs_and_no_other():
    assert set(WORKFLOWS) == {one.name for one in source.workflows()}
    for one in source.workflows():
        assert set(WORKFLOWS[one.name].VERBS) == set(one.verbs), one.name


def test_no_policy_and_no_service_lets_a_job_in_by_the_name_of_the_seeds():
    texts = [path for path, _ in source.code() if "system:seeds" in path.read_text()]
    assert texts == []


PUBLIC_VERBS = {"register", "wait"}  # of registrations: anybody may sign up


@pytest.mark.parametrize("policy", POLICIES, ids=lambda module: module.__name__)
def test_the_actor_of_a_job_may_do_what_anybody_may_and_no_more(policy):
    for verb in set(policy.VERBS) - PUBLIC_VERBS:
        assert not policy.may(system("seeds"), Anything(), verb), verb


# Public functions of services that are no verbs: what they do instead.
NOT_VERBS = {
    "audit.service": "the record itself: what others call, and the check of its chain",
    "files.service": "keeps the content that a verb above judged; the verb asks and records",
    "identity.links.service": "makes and follows links for the verbs above, which ask and record",
    "jobs.service": "runs jobs, each of which acts as system:<job>",
    "notifications.service": "queues and sends what verbs above decided",
    "registrations.places.service": "counters of places, claimed inside the verbs of registrations",
}
READS = {
    "events.service.concerns_guests",
    "events.followup.service.actions_of",
    "identity.signing_in.service.previous_visit",
    "identity.own_account.service.account_behind",
    "measures.theme.service.fitting_actions",
    "measures.theme.service.fitting_measures",
    "measures.theme.service.open_measures",
    "measures.theme.service.tie_of",
    "registrations.self_service.service.link_name",
}
PARTS = {
    "identity.service.known_or_new": "part of proposing an action point, which asks and records",
    "identity.signing_in.service.count_try": "counts a try before anybody is known",
    "identity.signing_in.service.sign_in_failed": "nobody is known: only recorded",
    "identity.signing_in.service.sign_in_succeeded": "the password was the question",
    "identity.signing_in.service.end_all_sessions": "part of signing out and of choosing a password",
    "identity.roles.service.grant": "the row and its record, for verbs that asked their own policy",
    "events.service.lock": "part of every verb on a meeting",
    "events.service.record": "the record of every verb on a meeting",
    "measures.service.record": "the record of every verb on a measure",
    "registrations.self_service.service.mail_moved": "mails inside the verbs that free a place",
    "registrations.self_service.service.send_links_again": "anybody may ask; the answer goes to the mailbox only",
    "actions.service.add_history": "part of every verb on an action point",
    "actions.service.notify_others": "mails inside the verbs on an action point",
    "actions.service.owner_of": "part of the verbs that give an action point to somebody",
    "actions.service.queue": "mails inside the verbs on an action point",
    "actions.service.record": "the record of every verb on an action point",
    "actions.service.require_state": "part of every verb on an action point",
    "actions.service.send_links_again": "anybody may ask; the answer goes to the mailbox only",
    "identity.own_account.service.send_forgotten": "anybody may ask; the answer goes to the mailbox only",
    "identity.own_account.service.stop_link": "part of the weekly mail",
    "identity.own_account.service.new_link": "part of the verbs that send a link to an account",
    "registrations.self_service.service.lapse": "a job's verb: the clock asks for it, and it is recorded",
}


def calls_of(function: ast.FunctionDef) -> set[str]:
    """Dotted names of what a function calls, as written."""
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def reached(name: str, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Everything a function calls, also through other functions of its module."""
    found, todo = set(), [name]
    while todo:
        for call in calls_of(functions[todo.pop()]) - found:
            found.add(call)
            todo += [call] if call in functions else []
    return found


def missing(path: Path, tree: ast.Module) -> list[str]:
    """The public verbs of a service that do not ask a policy or do not record."""
    dotted = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    faults = []
    for name in functions:
        full_name = f"{dotted}.{name}"
        if name.startswith("_") or dotted in NOT_VERBS or full_name in READS or full_name in PARTS:
            continue
        calls = {call.rpartition(".")[2] for call in reached(name, functions)}
        faults += [f"{dotted}.{name} asks no policy"] if "require" not in calls else []
        faults += [f"{dotted}.{name} records nothing"] if "record" not in calls else []
    return faults


def test_the_exceptions_name_what_exists():
    functions = {
        f"{'.'.join(path.relative_to(SOURCE).with_suffix('').parts)}.{node.name}"
        for path, tree in source.code()
        if path.name == "service.py"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    modules = {name.rpartition(".")[0] for name in functions}
    assert set(NOT_VERBS) <= modules
    assert set(PARTS) <= functions and functions >= READS


def test_every_verb_of_a_service_asks_its_policy_and_records():
    services = [(path, tree) for path, tree in source.code() if path.name == "service.py"]
    assert len(services) > 10
    assert [fault for path, tree in services for fault in missing(path, tree)] == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("audit.record(actor, EVENT, 'x', 1)", "asks no policy"),
        ("errors.require(policy.may(actor, row, verb))", "records nothing"),
    ],
)
def test_a_verb_that_does_not_ask_or_record_is_found(body, fault):
    tree = ast.parse(f"def planted(actor, row):\n    {body}\n")
    assert missing(SOURCE / "planted" / "service.py", tree) == [f"planted.service.planted {fault}"]
