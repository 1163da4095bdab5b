"""The loop *van aanleiding tot terugkoppeling*: five knots with their state, and what is missing at the open one."""

from dataclasses import dataclass
from enum import StrEnum

from schakel.i18n import N_, gettext


class KnotKind(StrEnum):
    """How far a knot is; decides its shape."""

    DONE = "done"
    RUN = "run"
    OPEN = "open"
    PROVEN = "proven"
    PENDING = "todo"


CAUSE, DECISION, ACTION, EFFECT, FEEDBACK = NAMES = (
    N_("Aanleiding"),
    N_("Besluit"),
    N_("Actie"),
    N_("Effect"),
    N_("Terugkoppeling"),
)
CLOSED_KINDS = (KnotKind.DONE, KnotKind.PROVEN)


@dataclass(frozen=True)
class Knot:
    """One knot of the loop. `name` is a msgid of NAMES; `state_word` and `date_text` are final texts."""

    name: str
    kind: KnotKind
    state_word: str
    date_text: str = ""

    @property
    def label(self) -> str:
        """The name in the language of the reader."""
        return gettext(self.name)


@dataclass(frozen=True)
class Gap:
    """What is missing and whose turn it is, in final texts."""

    title: str
    text: str
    verb: str = ""
    url: str = ""


@dataclass(frozen=True)
class Loop:
    """The five knots in the order of NAMES; `gap` is None when nothing is open any more."""

    knots: tuple[Knot, ...]
    gap: Gap | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing is open any more."""
        return self.gap is None

    @property
    def first_open(self) -> Knot | None:
        """The first knot that is neither done nor proven."""
        return next((knot for knot in self.knots if knot.kind not in CLOSED_KINDS), None)
