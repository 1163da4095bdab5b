"""The expectations of every route (tests/<feature>/matrix.yaml) and the objects they are about (objects.py beside them)."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import yaml

from schakel.workflow import Workflow
from tests import make, source_tree
from tests.web_client import Client

FOLDER = Path(__file__).parent
WORKFLOWS = {one.name: one for one in source_tree.workflows()}


def names_of(text: str) -> list[str]:
    """Return the names in a comma-separated list."""
    return [name.strip() for name in text.split(",") if name.strip()]


def may_do(text: str, owner: str) -> set[str]:
    """Return who may do a verb on one object; `owner` adds and `not owner` removes those who own it."""
    names, owners = set(names_of(text)), set(names_of(owner))
    added, removed = (owners if word in names else set() for word in ("owner", "not owner"))
    return (names | added) - removed - {"owner", "not owner"}


def cell_of(seen_by: str, may: set[str], status: int, others: dict[str, int]) -> dict[str, int]:
    """Return one row: this status for who may, 403 for who only sees the object, `others` for everybody else."""
    seen = names_of(seen_by)
    return others | dict.fromkeys(seen, 403) | {name: status for name in seen if name in may}


def expanded(entry: dict) -> dict:
    """Return an entry of a workflow with its path and rows: each verb of the generic page on each of its objects.

    `objects`: per object who sees it and who owns it. `may`: per verb who may do it; a verb of the workflow that is
    missing there fails with a KeyError. `others`: what everybody else gets. One row requests an object that does not exist.
    """
    workflow: Workflow = WORKFLOWS[entry["workflow"]]
    made = {name: entry[name] for name in ("rule", "writes")} | {"paths": [entry["path"].format(workflow.converter)]}
    for method, status in (("GET", 200), ("POST", 422)):
        made[method] = {f"nowhere {next(iter(workflow.by_slug))}": entry["others"]}
        for slug, transition in workflow.by_slug.items():
            for name, one in entry["objects"].items():
                may = may_do(entry["may"][transition.verb], one["owner"])
                made[method][f"{name} {slug}"] = cell_of(one["seen_by"], may, status, entry["others"])
    return made


MATRIX = {
    endpoint: expanded(entry) if "workflow" in entry else entry
    for path in sorted(FOLDER.glob("*/matrix.yaml"))
    for endpoint, entry in yaml.safe_load(path.read_text()).items()
}
# In the order in which their objects build on each other.
FEATURES = ("events", "actions", "measures", "agreements", "registrations", "identity")
OBJECTS = [import_module(f"tests.{feature}.objects") for feature in FEATURES]
LINKS = ("link:action", "link:other", "link:registration")
ACTORS = ("anonymous", *make.ROLES, "foreign", *LINKS)
FILES = {"static": "css/schakel.css", "bootstrap.static": "css/bootstrap.min.css"}
NOWHERE_ID = 987_654


def methods_of(entry: dict) -> list[str]:
    """Return the methods a route has expectations for."""
    return [name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if name in entry]


def expected(cell: dict, actor: str) -> int:
    """Return the status an actor gets; a link opens one object, elsewhere its holder is an anonymous visitor."""
    named = {name: status for names, status in cell.items() for name in names_of(names)}
    assert set(named) <= {*ACTORS, "rest"}, f"unknown actors in {cell}"
    otherwise = named.get("anonymous", named.get("rest")) if actor in LINKS else named.get("rest")
    return named.get(actor, otherwise)


def filled(path: str, endpoint: str, case: str, objects: dict[str, dict]) -> str:
    """Return the address of a route for a case: an object of an organisation, or one that does not exist."""
    state, _, verb = case.partition(" ")
    values = {
        "slug": "nergens",
        "item_id": NOWHERE_ID,
        "part": "html",
        "choice": "uit",
        "number": NOWHERE_ID,
        "ending": "csv",
    }
    values |= {"word": verb, "filename": FILES.get(endpoint, "")}
    values |= {name: "A" * 22 for name in ("token", "public_id", "nonce", "action_id")}
    values |= objects.get(state, {})
    return re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda found: str(values[found[1]]), path)


def sent(client: Client, endpoint: str, case: str) -> dict[str, str]:
    """Return an empty form with the extra fields that the feature names for a route."""
    verb = case.partition(" ")[2]
    fields = (module.fields(endpoint, verb) for module in OBJECTS if hasattr(module, "fields"))
    return {"csrf_token": client.token(), **{name: value for some in fields for name, value in some.items()}}


def first_verb_of(endpoint: str) -> str:
    """Return the verb of the first row of a route that has verbs in its address; empty for other routes."""
    entry = MATRIX[endpoint]
    cases = (case for method in methods_of(entry) for case in entry[method])
    return next((case.partition(" ")[2] for case in cases), "")


def cells(unsafe: bool) -> Iterator[tuple[str, str, str, str, dict]]:
    """Yield (endpoint, method, path, case, cell) of every expectation, of safe or of unsafe methods."""
    for endpoint, entry in MATRIX.items():
        for method in methods_of(entry):
            if (method != "GET") == unsafe:
                for path in entry["paths"]:
                    yield from ((endpoint, method, path, case, cell) for case, cell in entry[method].items())


def objects_of(tenant: make.Tenant) -> dict[str, dict]:
    """Make one object of each kind in an organisation; return the values for an address by the name in the matrix."""
    found: dict[str, dict] = {}
    for module in OBJECTS:
        module.add(tenant, found)
    return found
