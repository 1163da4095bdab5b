"""States of action points, what is derived from dates, and the loop *van aanleiding tot terugkoppeling*."""

from dataclasses import dataclass
from datetime import date

FAR = date(9999, 12, 31)
TIERS = {"agreement": "Afspraak", "action": "Actiepunt", "measure": "Actiepunt onder een maatregel"}
STATES = {
    "proposed": "Voorgesteld",
    "returned": "Teruggegeven",
    "accepted": "Aangenomen",
    "running": "In uitvoering",
    "on_hold": "Opgeschort",
    "reported_done": "Gereedgemeld",
    "sent_back": "Teruggestuurd",
    "checked": "Getoetst",
    "cancelled": "Vervallen",
}
# verb: (from which states, to which state, must a reason be given)
MOVES = {
    "accept": ({"proposed"}, "accepted", False),
    "return": ({"proposed", "accepted"}, "returned", True),
    "propose": ({"returned"}, "proposed", False),
    "report": ({"accepted", "running", "sent_back"}, "running", True),
    "hold": ({"accepted", "running", "sent_back"}, "on_hold", True),
    "resume": ({"on_hold"}, "running", False),
    "done": ({"accepted", "running", "sent_back"}, "reported_done", False),
    "check": ({"reported_done"}, "checked", True),
    "send_back": ({"reported_done"}, "sent_back", True),
    "cancel": ({"proposed", "returned", "accepted", "running", "on_hold", "sent_back"}, "cancelled", True),
}
SHAPES = {
    "proposed": "todo",
    "returned": "open",
    "accepted": "run",
    "running": "run",
    "on_hold": "silent",
    "reported_done": "wait",
    "sent_back": "open",
    "checked": "done",
    "cancelled": "stop",
}
FINAL = {"checked", "cancelled"}
SOON = 7
PROVING = {"accepted", "running", "sent_back", "on_hold"}


def needs_proof(tier: str) -> bool:
    """An agreement is done when who asked agrees; everything else is proven first (design 3, tiers)."""
    return tier != "agreement"


def next_state(state: str, verb: str) -> str | None:
    """Where a verb leads from a state; None when it does not fit."""
    sources, target, _ = MOVES[verb]
    return target if state in sources else None


def may_judge(owner_id: int, judge_id: int | None) -> bool:
    """Nobody checks their own work (design 3)."""
    return judge_id is not None and judge_id != owner_id


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Past its date and neither reported done, on hold nor ended."""
    return due_on is not None and due_on < today and state not in FINAL | {"reported_done", "on_hold"}


def is_silent(state: str, next_report_on: date | None, today: date) -> bool:
    """*Geen bericht sinds*: the owner's own next-report date has passed."""
    return next_report_on is not None and next_report_on < today and state not in FINAL | {"reported_done", "proposed"}


def why(state: str, due_on: date | None, next_report_on: date | None, today: date) -> tuple[str, str]:
    """(shape, word) of what stands out most: late, silent, without date, soon, else the state itself."""
    if due_on and is_late(state, due_on, today):
        days = (today - due_on).days
        return "late", f"{days} {'dag' if days == 1 else 'dagen'} te laat"
    if next_report_on and is_silent(state, next_report_on, today):
        return "silent", f"Geen bericht, {(today - next_report_on).days} dagen"
    if due_on is None and state not in FINAL:
        return "open", "Zonder datum"
    if due_on and state not in FINAL | {"reported_done", "on_hold"} and 0 <= (due_on - today).days <= SOON:
        days = (due_on - today).days
        return "soon", "vandaag" if not days else f"nog {days} {'dag' if days == 1 else 'dagen'}"
    return SHAPES[state], STATES[state]


@dataclass(frozen=True)
class Knot:
    """One knot of the loop; `kind`: done, run, open, proven, todo."""

    name: str
    kind: str
    state_word: str
    date_text: str = ""


@dataclass(frozen=True)
class Gap:
    """What is missing and who is at move."""

    title: str
    text: str
    verb: str = ""
    url: str = ""


@dataclass(frozen=True)
class Loop:
    """Five knots: Aanleiding, Besluit, Actie, Effect, Terugkoppeling."""

    knots: tuple[Knot, ...]
    gap: Gap | None = None

    @property
    def closed(self) -> bool:
        """Nothing open any more."""
        return self.gap is None


NAMES = ("Aanleiding", "Besluit", "Actie", "Effect", "Terugkoppeling")


def action_knot(state: str, late: bool, silent: bool, undated: bool) -> Knot:
    """The third knot out of an action's state."""
    if state == "checked":
        return Knot("Actie", "done", STATES[state])
    needs = late or silent or undated or state in ("returned", "sent_back", "cancelled")
    return Knot("Actie", "open" if needs else "run" if state != "proposed" else "todo", STATES[state])
