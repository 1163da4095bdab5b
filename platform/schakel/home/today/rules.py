"""The order of the groups of work, and their texts."""

from datetime import date
from enum import StrEnum


class MailKind(StrEnum):
    """The kinds of mail of *vandaag*."""

    DIGEST = "digest"


GROUPS = (
    ("late", "Te laat", "te laat"),
    ("week", "Deze week", "deze week"),
    ("accept", "Te aanvaarden", "te aanvaarden"),
    ("check", "Te toetsen", "te toetsen"),
    ("answer", "Te beslissen", "te beslissen"),
)
WORDS = ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")


def number(count: int) -> str:
    """Return a count as a word up to twelve, else in digits."""
    return WORDS[count] if count < len(WORDS) else str(count)


def distance(on: date | None, today: date) -> str:
    """Return how far away a day is, in words."""
    if on is None:
        return ""
    days = (on - today).days
    if days == 0:
        return "vandaag"
    unit = "dag" if abs(days) == 1 else "dagen"
    return f"over {days} {unit}" if days > 0 else f"{-days} {unit} te laat"


def sentence(counts: dict[str, int]) -> list[tuple[str, bool]]:
    """Return the sentence at the top, as (text, bold) pieces: how many items, and of which kinds."""
    total = sum(counts.values())
    if not total:
        return [("Niets vraagt u vandaag.", False)]
    first = "Eén ding" if total == 1 else f"{number(total).capitalize()} dingen"
    sorts = [f"{number(counts[kind])} {words}" for kind, _, words in GROUPS if counts.get(kind)]
    listed = ", ".join(sorts[:-1]) + (" en " if len(sorts) > 1 else "") + sorts[-1]
    return [(first, True), (f" {'vraagt' if total == 1 else 'vragen'} u: {listed}.", False)]
