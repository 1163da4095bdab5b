"""The expectations of every route (tests/<feature>/matrix.yaml) and the objects they are about (objects.py beside them)."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import yaml

from tests import make
from tests.web_client import Client

FOLDER = Path(__file__).parent
MATRIX = {
    endpoint: entry
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
# A verb of each route that has one in its address, for objects that do not exist.
WORDS = {endpoint: word for module in OBJECTS for endpoint, word in getattr(module, "WORDS", {}).items()}


def methods_of(entry: dict) -> list[str]:
    """Return the methods a route has expectations for."""
    return [name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if name in entry]


def expected(cell: dict, actor: str) -> int:
    """Return the status an actor gets; a link opens one object, elsewhere its holder is an anonymous visitor."""
    named = {name.strip(): status for names, status in cell.items() for name in names.split(",")}
    assert set(named) <= {*ACTORS, "rest"}, f"unknown actors in {cell}"
    otherwise = named.get("anonymous", named.get("rest")) if actor in LINKS else named.get("rest")
    return named.get(actor, otherwise)


def filled(path: str, endpoint: str, case: str, objects: dict[str, dict]) -> str:
    """Return the address of a route for a case: an object of an organisation, or one that does not exist."""
    state, _, verb = case.partition(" ")
    values = {"slug": "nergens", "item_id": NOWHERE_ID, "part": "html", "number": NOWHERE_ID, "ending": "csv"}
    values |= {"word": verb, "filename": FILES.get(endpoint, "")}
    values |= {name: "A" * 22 for name in ("token", "public_id", "nonce", "action_id")}
    values |= objects.get(state, {})
    return re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda found: str(values[found[1]]), path)


def sent(client: Client, endpoint: str, case: str) -> dict[str, str]:
    """Return an empty form with the extra fields that the feature names for a route."""
    verb = case.partition(" ")[2]
    fields = (module.fields(endpoint, verb) for module in OBJECTS if hasattr(module, "fields"))
    return {"csrf_token": client.token(), **{name: value for some in fields for name, value in some.items()}}


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
