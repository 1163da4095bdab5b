"""Who acts (Actor) and what a route demands (rule). Every route declares one rule, else the app does not start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Grant:
    """A role valid today over some organisations; a deputy's names the person stood in for, and their id."""

    role: str
    organisation_ids: frozenset[int]
    on_behalf_of: str | None = None
    on_behalf_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for the length of one request, command or job."""

    person_id: int | None = None
    account_id: int | None = None
    person_name: str = ""
    grants: tuple[Grant, ...] = ()
    auth_method: str = "anonymous"  # session | link:<kind>:<id> | demo | system:<job>
    second_factor_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Signed in with an account."""
        return self.account_id is not None

    @property
    def role_names(self) -> list[str]:
        """The roles held today, each once."""
        return sorted({grant.role for grant in self.grants})

    @property
    def reference(self) -> str:
        """How audit names this actor: an opaque id, never a name."""
        return f"person:{self.person_id}" if self.person_id else self.auth_method

    def link_id(self, kind: str) -> int | None:
        """The id of the object whose link of this kind the actor used; None when they came in any other way."""
        prefix, found, number = self.auth_method.split(":", 2) if self.auth_method.count(":") == 2 else ("", "", "")
        return int(number) if (prefix, found) == ("link", kind) and number.isdigit() else None

    def organisations(self, *roles: str) -> frozenset[int]:
        """Where the actor holds one of these roles."""
        return frozenset().union(*(grant.organisation_ids for grant in self.grants if grant.role in roles))

    def holds(self, *roles: str, organisation_id: int | None = None) -> bool:
        """Whether the actor holds one of these roles (over this organisation, when given)."""
        ids = self.organisations(*roles)
        return bool(ids) if organisation_id is None else organisation_id in ids

    def on_behalf(self, organisation_id: int, *roles: str) -> str | None:
        """The person for whom a deputy uses one of these roles here; None when such a role is the actor's own."""
        names = [
            grant.on_behalf_of
            for grant in self.grants
            if organisation_id in grant.organisation_ids and (not roles or grant.role in roles)
        ]
        return None if None in names or not names else names[0]

    def stands_in_only_for(self, person_id: int | None, organisation_id: int, *roles: str) -> bool:
        """Whether every such role here is held as that person's deputy: whoever judges their work judges as them."""
        held = [
            grant.on_behalf_id
            for grant in self.grants
            if grant.role in roles and organisation_id in grant.organisation_ids
        ]
        return bool(held) and person_id is not None and set(held) == {person_id}


ANONYMOUS = Actor()


def system(job: str) -> Actor:
    """The actor of one of our jobs: it holds no role, so a policy allows it only by asking for that job."""
    return Actor(auth_method=f"system:{job}")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route demands. `kind`: public, signed_in, link or policy."""

    kind: str
    policy: Callable[[Actor], bool] | None = None
    link_kind: str | None = None
    writes: bool = False
    logs_read: bool = False

    @property
    def text(self) -> str:
        """The rule in one word, as it stands in tests/<feature>/matrix.yaml."""
        names = {"link": self.link_kind, "policy": getattr(self.policy, "__name__", "")}
        return f"{self.kind}:{names[self.kind]}" if self.kind in names else self.kind


def public(_actor: Actor) -> bool:
    """Anybody."""
    return True


def signed_in(actor: Actor) -> bool:
    """Anybody with an account."""
    return actor.is_known


def link(kind: str, *, or_signed_in: bool = False) -> Callable[[Actor], bool]:
    """Whoever came in by a link of this kind; with `or_signed_in` also everybody with an account."""

    def holds_link(actor: Actor) -> bool:
        return actor.auth_method.startswith(f"link:{kind}:") or (or_signed_in and actor.is_known)

    holds_link.kind = f"{kind}+signed_in" if or_signed_in else kind  # type: ignore[attr-defined]  # read by rule()
    return holds_link


def rule(demand: Callable[[Actor], bool], *, writes: bool = False, logs_read: bool = False) -> Callable[[View], View]:
    """Declare what a view demands: `public`, `signed_in`, `link(kind)` or a policy function of the actor alone.

    `writes`: its unsafe methods change the database. `logs_read`: looking is on record, so GET writes too.
    """
    kind = {public: "public", signed_in: "signed_in"}.get(demand) or ("link" if hasattr(demand, "kind") else "policy")
    made = Rule(kind, demand, getattr(demand, "kind", None), writes, logs_read)

    def attach(view: View) -> View:
        view.rule = made  # type: ignore[attr-defined]  # a function is an object; this is where routes keep their rule
        return view

    return attach
