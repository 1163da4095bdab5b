"""What the page of an action point says: its loop, its verbs and its moments, as words."""

from datetime import date
from textwrap import shorten
from types import SimpleNamespace

from schakel import dates
from schakel.access import Actor
from schakel.actions import policy, queries, rules
from schakel.actions.models import Action, ActionMoment, Evidence
from schakel.identity.models import Person

VERBS = (
    # verb, address, words on the button; the first on a page that goes forward is its filled button
    ("accept", "aannemen", "Neem aan"),
    ("return", "teruggeven", "Geef terug"),
    ("done", "gereedmelden", "Meld gereed"),
    ("report", "voortgang", "Laat weten hoe het staat"),
    ("hold", "opschorten", "Schort op"),
    ("resume", "hervatten", "Hervat"),
    ("check", "toetsen", "Toets: het is klaar"),
    ("send_back", "terugsturen", "Stuur terug"),
    ("cancel", "vervallen", "Laat vervallen"),
)
FORWARD = ("accept", "done", "resume", "check")
MOMENTS = {
    "propose": "Voorgesteld aan de eigenaar",
    "accept": "Aangenomen",
    "return": "Teruggegeven",
    "report": "Voortgang",
    "hold": "Opgeschort",
    "resume": "Hervat",
    "done": "Gereedgemeld",
    "check": "Getoetst",
    "send_back": "Teruggestuurd",
    "cancel": "Vervallen",
    "evidence": "Onderbouwing toegevoegd",
    "deadline": "Datum verzet",
}


def shown(actor: Actor, action: Action, today: date) -> SimpleNamespace:
    """Everything the page shows besides the row itself."""
    causes = queries.causes(actor, [action.id]).get(action.id, [])
    shape, word = rules.why(action.state, action.due_on, action.next_report_on, today)
    verbs = [
        SimpleNamespace(verb=verb, word=address, label=label)
        for verb, address, label in VERBS
        if rules.next_state(action.state, verb) and policy.may(actor, action, verb)
    ]
    return SimpleNamespace(
        shape=shape,
        word=word,
        causes=causes,
        loop=loop(action, causes[0].text if causes else "Onbekend", today),
        verbs=verbs,
        next=next((verb.verb for verb in verbs if verb.verb in FORWARD), ""),
        may_prove=policy.may(actor, action, "done") and action.state in rules.PROVING,
        may_direct=policy.may_direct(actor, action) and action.state not in rules.FINAL,
        may_give=policy.may_direct(actor, action) and action.state in ("returned", "proposed"),
        state_name=rules.STATES[action.state],
        tier=rules.TIERS[action.tier],
        due=dates.nl_date(action.due_on) if action.due_on else "nog geen datum",
        first_due=dates.nl_date(action.first_due_on) if action.due_moves and action.first_due_on else None,
        next_report=dates.nl_date(action.next_report_on) if action.next_report_on else None,
        moments=[_moment(item) for item in action.moments],
        evidence=[_evidence(item) for item in action.evidence],
    )


def loop(action: Action, cause: str, today: date) -> rules.Loop:
    """The loop of an action point: it ends at checked; the requester hears so."""
    late = rules.is_late(action.state, action.due_on, today)
    silent = rules.is_silent(action.state, action.next_report_on, today)
    checked, ended = action.state == "checked", action.state == "cancelled"
    decided = (
        "done" if action.state not in ("proposed", "returned") else "open" if action.state == "returned" else "run"
    )
    under = action.tier == "measure"
    knots = (
        rules.Knot(rules.NAMES[0], "done", shorten(cause, 60, placeholder=" …")),
        rules.Knot(rules.NAMES[1], decided, "Aangenomen" if decided == "done" else rules.STATES[action.state]),
        rules.action_knot(action.state, late, silent, action.due_on is None),
        rules.Knot(
            rules.NAMES[3],
            "done" if checked else "todo",
            "Bij de maatregel" if under else "Getoetst" if checked else "Nog niet",
        ),
        rules.Knot(
            rules.NAMES[4],
            "done" if checked or ended else "todo",
            "De vrager weet het" if checked or ended else "Nog niet",
        ),
    )
    return rules.Loop(knots, None if checked else _gap(action, late, silent))


def _gap(action: Action, late: bool, silent: bool) -> rules.Gap:
    who = action.owner.name
    texts = {
        "proposed": ("Wacht op antwoord van de eigenaar", f"Aan zet: {who}."),
        "returned": ("Teruggegeven: kies een andere eigenaar", f"Aan zet: {action.requester.name}."),
        "reported_done": ("Wacht op toetsing door een ander dan de eigenaar", f"Aan zet: {action.requester.name}."),
        "on_hold": ("Opgeschort", f"Aan zet: {who}."),
        "sent_back": ("Teruggestuurd na toetsing", f"Aan zet: {who}."),
        "cancelled": ("Vervallen, met reden", "Niemand is aan zet."),
    }
    title, text = texts.get(action.state, ("In uitvoering", f"Aan zet: {who}."))
    if late:
        title = "De datum is voorbij"
    elif silent:
        title = "Geen bericht sinds de afgesproken dag"
    elif action.due_on is None and action.state in ("accepted", "running"):
        title = "Er is nog geen datum afgesproken"
    return rules.Gap(title, text)


def said_by(person: Person | None, on_behalf_of: str | None) -> str | None:
    """Who did it; a deputy says for whom."""
    if person is None:
        return None
    return f"{person.name}, namens {on_behalf_of}" if on_behalf_of else person.name


def _moment(item: ActionMoment) -> SimpleNamespace:
    return SimpleNamespace(
        at_iso=item.at.isoformat(),
        at_text=dates.nl_moment(item.at),
        text=MOMENTS[item.kind] + (f": {item.text}" if item.text else ""),
        who=said_by(item.person, item.on_behalf_of),
        quiet=item.kind in ("report", "evidence", "deadline"),
        url=None,
    )


def _evidence(item: Evidence) -> SimpleNamespace:
    return SimpleNamespace(
        id=item.id,
        text=item.text,
        url=item.url,
        file=item.file,
        size=f"{max(1, item.file.size // 1024)} kB" if item.file else "",
        who=item.person.name if item.person else "",
        at=dates.nl_date(item.at),
    )
