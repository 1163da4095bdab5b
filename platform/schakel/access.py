"""The actor (Actor) and the access rule of a route (rule). The app does not start when a route declares no rule."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Grant:
    """A role valid today over some organisations; for a deputy also the name and id of the person they deputise for."""

    role: str
    organisation_ids: frozenset[int]
    on_behalf_of: str | None = None
    on_behalf_id: int | None = None


OWN = Grant("", frozenset())  # of who acts as nobody's deputy


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, during one request, command or job."""

    person_id: int | None = None
    account_id: int | None = None
    person_name: str = ""
    grants: tuple[Grant, ...] = ()
    auth_method: str = "anonymous"  # session | link:<kind>:<id> | demo | system:<job>

    @property
    def is_known(self) -> bool:
        """Whether the actor is signed in with an account."""
        return self.account_id is not None

    @property
    def reference(self) -> str:
        """The id of this actor in the audit log: opaque, never a name."""
        return f"person:{self.person_id}" if self.person_id else self.auth_method

    def link_id(self, kind: str) -> int | None:
        """Return the id of the object whose link of this kind the actor used, or None."""
        prefix, found, number = self.auth_method.split(":", 2) if self.auth_method.count(":") == 2 else ("", "", "")
        return int(number) if (prefix, found) == ("link", kind) and number.isdigit() else None

    def organisations(self, *roles: str) -> frozenset[int]:
        """Return the ids of the organisations over which the actor has one of these roles."""
        return frozenset().union(*(grant.organisation_ids for grant in self.grants if grant.role in roles))

    def holds(self, *roles: str, organisation_id: int | None = None) -> bool:
        """Whether the actor has one of these roles (over this organisation, when given)."""
        ids = self.organisations(*roles)
        return bool(ids) if organisation_id is None else organisation_id in ids

    def holds_apart_from(self, people: Collection[int], *roles: str, organisation_id: int) -> bool:
        """Whether the actor has one of these roles here other than as deputy of one of these people.

        For verbs by which somebody judges the work of these people.
        """
        return any(grant.on_behalf_id not in people for grant in self._grants(organisation_id, roles))

    def deputyship(self, organisation_id: int, *roles: str, apart_from: Collection[int] = ()) -> Grant:
        """Return the grant by which a deputy uses one of these roles here; OWN for who has such a role themselves.

        A grant as deputy of a person in `apart_from` does not count: the actor does not act by it.
        """
        used = [one for one in self._grants(organisation_id, roles) if one.on_behalf_id not in apart_from]
        return used[0] if used and all(one.on_behalf_id for one in used) else OWN

    def _grants(self, organisation_id: int, roles: Collection[str]) -> list[Grant]:
        return [one for one in self.grants if one.role in roles and organisation_id in one.organisation_ids]


ANONYMOUS = Actor()


def system(job: str) -> Actor:
    """Return the actor of a job: it has no role, so a policy must allow that job explicitly."""
    return Actor(auth_method=f"system:{job}")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route requires. `kind`: public, signed_in, link or policy."""

    kind: str
    policy: Callable[[Actor], bool] | None = None
    link_kind: str | None = None
    writes: bool = False
    logs_read: bool = False
    uploads: bool = False

    @property
    def text(self) -> str:
        """The rule as one word, as in tests/<feature>/matrix.yaml."""
        names = {"link": self.link_kind, "policy": getattr(self.policy, "__name__", "")}
        return f"{self.kind}:{names[self.kind]}" if self.kind in names else self.kind


def public(_actor: Actor) -> bool:
    """Allow anybody."""
    return True


def signed_in(actor: Actor) -> bool:
    """Allow anybody with an account."""
    return actor.is_known


def link(kind: str, *, or_signed_in: bool = False) -> Callable[[Actor], bool]:
    """Return a rule that allows sessions from a link of this kind; with `or_signed_in` also every account."""

    def holds_link(actor: Actor) -> bool:
        return actor.auth_method.startswith(f"link:{kind}:") or (or_signed_in and actor.is_known)

    holds_link.kind = f"{kind}+signed_in" if or_signed_in else kind  # type: ignore[attr-defined]  # read by rule()
    return holds_link


def rule(
    demand: Callable[[Actor], bool], *, writes: bool = False, logs_read: bool = False, uploads: bool = False
) -> Callable[[View], View]:
    """Declare what a view requires: `public`, `signed_in`, `link(kind)` or a policy function of the actor alone.

    `writes`: its unsafe methods change the database. `logs_read`: reading is recorded, so GET writes too.
    `uploads`: its form has a file, so a larger body is read.
    """
    kind = {public: "public", signed_in: "signed_in"}.get(demand) or ("link" if hasattr(demand, "kind") else "policy")
    made = Rule(kind, demand, getattr(demand, "kind", None), writes, logs_read, uploads)

    def attach(view: View) -> View:
        view.rule = made  # type: ignore[attr-defined]  # the rule of a route is an attribute of its view
        return view

    return attach
