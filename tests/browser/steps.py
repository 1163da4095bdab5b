"""A walk in the browser: steps in order, each a function whose name is a sentence."""

from collections.abc import Callable, Sequence
from typing import Any


def walk(steps: Sequence[Callable[[Any], None]], people: Any) -> None:
    """Run every step; a failure names the step and those that passed before it."""
    for number, step in enumerate(steps):
        try:
            step(people)
        except Exception as fault:
            done = [one.__name__.replace("_", " ") for one in steps[:number]]
            fault.add_note(
                "\n".join([*(f"went well: {name}" for name in done), f"here: {step.__name__.replace('_', ' ')}"])
            )
            raise
