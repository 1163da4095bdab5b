"""What the page of a measure says to this reader: official or working text, its loop, its verbs, its moments."""

from datetime import date
from types import SimpleNamespace

from schakel import dates, db
from schakel.access import Actor
from schakel.actions import policy as actions_policy
from schakel.actions import queries as actions_queries
from schakel.actions.models import Action
from schakel.actions.shown import said_by
from schakel.measures import policy, queries, rules
from schakel.measures.models import UNDER, Measure, MeasureAction, MeasureMoment

VERBS = (
    ("assign", "beleggen", "Beleg"),
    ("start", "beginnen", "Begin"),
    ("implement", "uitgevoerd", "Meld uitgevoerd"),
    ("check", "toetsen", "Toets: het is uitgevoerd"),
    ("send_back", "terugsturen", "Stuur terug"),
    ("effective", "effectief", "Stel vast: effectief"),
    ("not_effective", "geen-effect", "Stel vast: geen effect"),
    ("effect_not_measurable", "niet-meetbaar", "Effect niet meetbaar"),
    ("decide_anew", "opnieuw-besluiten", "Besluit opnieuw"),
    ("embed", "borgen", "Geborgd"),
    ("close", "sluiten", "Sluit"),
)
FORWARD = ("start", "implement", "check", "effective", "embed", "close", "decide_anew")
MOMENTS = {
    "decide": "Besloten",
    "assign": "Belegd",
    "start": "Begonnen",
    "implement": "Uitgevoerd gemeld",
    "check": "Getoetst",
    "send_back": "Teruggestuurd",
    "effective": "Effect vastgesteld",
    "not_effective": "Geen effect vastgesteld",
    "effect_not_measurable": "Effect niet meetbaar",
    "decide_anew": "Opnieuw besloten",
    "embed": "Geborgd",
    "close": "Gesloten",
    "write": "Werktekst geschreven",
    "release": "Vrijgegeven",
    "informed_taken": "Betrokkenen geïnformeerd dat de maatregel is genomen",
    "informed_realised": "Betrokkenen geïnformeerd dat de maatregel is uitgevoerd",
    "deadline": "Datum verzet",
}


def shown(actor: Actor, measure: Measure, today: date) -> SimpleNamespace:
    """Everything the page shows besides the row itself; an outer reader gets no ground and no official text."""
    inner = policy.is_inner(actor, measure)
    done = queries.progress([measure.id]).get(measure.id, (0, 0))
    verbs = [
        SimpleNamespace(verb=verb, word=word, label=label)
        for verb, word, label in VERBS
        if rules.next_state(measure.state, verb) and policy.may(actor, measure, verb)
    ]
    line = queries.line(measure, today, done)
    line.__dict__.update(
        inner=inner,
        official=measure.official if inner else None,
        working=measure.working,
        released=dates.nl_date(measure.released_at) if measure.released_at else None,
        verbs=verbs,
        next=next_verb(measure.state, [verb.verb for verb in verbs]),
        may_write=policy.may(actor, measure, "write") and measure.released_at is None,
        may_release=policy.may(actor, measure, "release") and measure.released_at is None and bool(measure.working),
        may_inform=policy.may(actor, measure, "inform") and not measure.is_closed,
        may_plan=policy.may(actor, measure, "plan") and measure.state in rules.OPEN_TO_ACTIONS,
        may_move_date=policy.may(actor, measure, "deadline") and measure.state in rules.OPEN_TO_ACTIONS,
        informed_taken=dates.nl_date(measure.informed_taken_on) if measure.informed_taken_on else None,
        informed_realised=dates.nl_date(measure.informed_realised_on) if measure.informed_realised_on else None,
        decided=dates.nl_date(measure.decided_on),
        first_due=dates.nl_date(measure.first_due_on)
        if measure.first_due_on and measure.first_due_on != measure.due_on
        else None,
        strength=rules.STRENGTHS.get(measure.strength),
        kind_name=rules.KINDS[measure.kind],
        moments=[_moment(item, inner) for item in measure.moments if inner or _is_public(item, measure)],
        actions=_actions(actor, [tie for tie in measure.links if tie.state in UNDER], today),
    )
    return line


def next_verb(state: str, verbs: list[str]) -> str:
    """The verb of the one filled button: what goes forward; giving it to somebody only when nobody has it yet."""
    first = ("assign",) if state in ("decided", "not_effective") else ()
    return next((verb for verb in verbs if verb in (*first, *FORWARD)), "")


def _actions(actor: Actor, ties: list[MeasureAction], today: date) -> list[SimpleNamespace]:
    """Action points under a measure; a link only for who may open them."""
    ids = [tie.action_id for tie in ties]
    seen = set()
    if ids:
        query = actions_policy.visible_to(actor).where(Action.id.in_(ids)).with_only_columns(Action.id)
        seen = set(db.session().scalars(query))
    lines = []
    for tie in ties:
        line = actions_queries.line(tie.action, today)
        line.open = tie.action_id in seen
        line.fits = tie.state == "accepted"
        if not line.open:  # counted, but neither its words nor its owner are told
            line.title, line.owner = "Een actiepunt", "–"
        lines.append(line)
    return lines


def _is_public(item: MeasureMoment, measure: Measure) -> bool:
    """Outside the inner ring the story begins at the release: the day of the decision could betray a case."""
    return measure.released_at is not None and item.at >= measure.released_at and not item.kind.startswith("informed")


def _moment(item: MeasureMoment, inner: bool) -> SimpleNamespace:
    return SimpleNamespace(
        at_iso=item.at.isoformat(),
        at_text=dates.nl_date(item.at),
        text=MOMENTS[item.kind] + (f": {item.text}" if item.text and inner else ""),
        who=said_by(item.person, item.on_behalf_of) if inner else None,
        quiet=item.kind in ("deadline", "write"),
        url=None,
    )
