"""States and the verbs between them as one table per subject (design: *One workflow, one table*).

Each feature declares one `Workflow` in its `rules.py`. Routes, buttons, the words of the history, the reason check and
the state diagram in `docs/workflows.md` are derived from it; tests hold the policy and the route matrix to it.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schakel.i18n import gettext


@dataclass(frozen=True)
class Transition:
    """One verb: from which states it can be done, and the state it leads to.

    `target` None: the state stays the same (a date moves, a text is written). `sources` empty: the verb that creates
    the subject. `slug`: its part of the URL. `page`: the endpoint of its own page; without one the generic page serves
    it, titled `title`, where `confirms` says what will happen and `submit` is the text of the button. `past_tense` is
    for the history, `news` follows a name or number in what changed. `forward`: its button is filled when it is the
    next step. `minor`: less visible in the history. Texts are Dutch msgids.
    """

    verb: StrEnum
    sources: Set[StrEnum]
    target: StrEnum | None
    label: str
    past_tense: str
    slug: str = ""
    icon: str = ""
    needs_reason: bool = False
    confirms: tuple[str, ...] = ()
    title: str = ""
    submit: str = ""
    news: str = ""
    page: str = ""
    forward: bool = False
    minor: bool = False

    @property
    def heading(self) -> str:
        """The title of the page on which the verb is done."""
        return self.title or self.label

    @property
    def submit_label(self) -> str:
        """The text of the button that does it."""
        return self.submit or self.label


class Shape(StrEnum):
    """How a state is drawn: the icon `s-…` of static/icons.svg and the colour that goes with it."""

    DONE = "done"
    RUN = "run"
    OPEN = "open"
    LATE = "late"
    SOON = "soon"
    PROVEN = "proven"
    SILENT = "silent"
    WAIT = "wait"
    STOP = "stop"
    PENDING = "todo"


@dataclass(frozen=True)
class StateInfo:
    """How a state is displayed: its Dutch word and its shape (never by colour alone)."""

    label: str
    shape: Shape


class Workflow:
    """The states of one subject and every verb on it. Raises ValueError when the table contradicts itself."""

    def __init__(
        self, name: str, states: Mapping[Any, StateInfo], initial: StrEnum, transitions: Sequence[Transition]
    ) -> None:
        self.name, self.states, self.initial = name, states, initial
        self.transitions = {one.verb: one for one in transitions}
        self._check(transitions)

    def _check(self, given: Sequence[Transition]) -> None:
        if len(given) != len(self.transitions):
            raise ValueError(f"{self.name}: a verb stands in the table twice")
        slugs = [one.slug for one in given if one.slug]
        if len(slugs) != len(set(slugs)):
            raise ValueError(f"{self.name}: two verbs have the same slug")
        used = {state for one in given for state in (*one.sources, *([one.target] if one.target else []))}
        if unknown := used - set(self.states):
            raise ValueError(f"{self.name}: states without a word: {sorted(unknown)}")
        if lost := set(self.states) - {self.initial} - {one.target for one in given}:
            raise ValueError(f"{self.name}: no verb leads to {sorted(lost)}")

    def __getitem__(self, verb: str) -> Transition:
        """Return the transition of a verb. Raises KeyError for a verb that is not in the table."""
        return self.transitions[verb]  # type: ignore[index]  # a verb from the database is a plain string

    @property
    def verbs(self) -> tuple[StrEnum, ...]:
        """Every verb, in the order of the buttons."""
        return tuple(self.transitions)

    @property
    def final(self) -> frozenset[StrEnum]:
        """The states that no verb leaves."""
        left = {state for one in self.transitions.values() if one.target for state in one.sources}
        return frozenset(set(self.states) - left)

    def label(self, state: str) -> str:
        """Return the word of a state in the reader's language. Raises KeyError for an unknown state."""
        return gettext(self.states[state].label)  # type: ignore[index]

    def choices(self) -> list[tuple[str, str]]:
        """Return every state with its word, for a select."""
        return [(state, self.label(state)) for state in self.states]

    def shape(self, state: str) -> Shape:
        """Return the shape of a state. Raises KeyError for an unknown state."""
        return self.states[state].shape  # type: ignore[index]

    def allows(self, state: str, verb: str) -> bool:
        """Whether the verb can be done from this state. Raises KeyError for an unknown verb."""
        return state in self[verb].sources

    def target(self, state: str, verb: str) -> StrEnum | None:
        """Return the state a verb leads to from this state (possibly the same), or None when it is not allowed."""
        if not self.allows(state, verb):
            return None
        return self[verb].target or next(one for one in self.states if one == state)

    def available(self, state: str) -> list[Transition]:
        """Return the verbs that are allowed in this state, in the order of the buttons."""
        return [one for one in self.transitions.values() if state in one.sources]

    @property
    def by_slug(self) -> dict[str, Transition]:
        """The verbs that the generic page serves, by their part of the URL."""
        return {one.slug: one for one in self.transitions.values() if one.slug and not one.page}

    @property
    def converter(self) -> str:
        """The URL converter of the verbs that the generic page serves."""
        return f"any({', '.join(map(repr, self.by_slug))})"

    def diagram(self) -> str:
        """Return the states and verbs as a Mermaid state diagram, for the docs."""
        rows = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for one in self.transitions.values():
            if one.target:
                sources = [state for state in self.states if state in one.sources]
                rows += [f"    {source} --> {one.target}: {one.verb}" for source in sources]
        rows += [f"    {state} --> [*]" for state in self.states if state in self.final]
        return "\n".join(rows) + "\n"
