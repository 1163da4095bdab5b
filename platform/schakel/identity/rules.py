"""Roles, folding of names and addresses, and how many tries are allowed."""

import re
import unicodedata
from datetime import date, timedelta

ROLES = {
    "participant": "Deelnemer",
    "coordinator": "Coördinator",
    "facilitator": "Facilitator",
    "complaints_officer": "Klachtenfunctionaris",
    "service_employee": "Servicemedewerker",
    "secretary": "Secretaris van de klachtencommissie",
    "chair": "Voorzitter van de klachtencommissie",
    "committee_member": "Lid van de klachtencommissie",
    "medical_director": "Medisch directeur",
    "quality_adviser": "Kwaliteitsadviseur",
    "board_secretary": "Bestuurssecretaris",
    "department_head": "Hoofd van de afdeling",
    "administrator": "Beheerder",
}
STAFF = tuple(role for role in ROLES if role != "participant")
MIN_PASSWORD = 12
TRIES = {"sign_in": 5, "lost_link": 3}
WINDOWS = {"sign_in": timedelta(minutes=15), "lost_link": timedelta(hours=1)}
# Seen by nobody and used to pass one word for another: taken out of everything that is compared.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def fold(text: str) -> str:
    """The key by which addresses and names are compared, the same on both databases."""
    return " ".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().split())


def sort_name(name: str) -> str:
    """A name folded and without accents, for sorting and searching."""
    spread = unicodedata.normalize("NFKD", fold(name))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two spells share a day; both days count, and None is for ever."""
    first = max(one[0] or date.min, other[0] or date.min)
    return first <= min(one[1] or date.max, other[1] or date.max)


def when(first: date | None, last: date | None, today: date) -> str:
    """Whether a spell is now, to come or past."""
    if last is not None and last < today:
        return "past"
    return "to_come" if first is not None and first > today else "now"


def initials(name: str) -> str:
    """'Tjitske van der Voorbeeldsma' → 'TV'."""
    words = [word for word in name.split() if word[:1].isupper()]
    return (words[0][:1] + words[-1][:1]) if len(words) > 1 else name[:2].upper()
