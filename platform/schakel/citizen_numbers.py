"""The burgerservicenummer: detected by its eleven test, and refused in every text and file name outside dossiers."""

import re
import unicodedata

from schakel.i18n import N_

SENTENCE = N_("Hier staat iets dat op een burgerservicenummer lijkt. Zet hier geen patiëntgegevens.")
_APART = re.compile(r"\d(?:[ .-]?\d)*", re.ASCII)


def holds_citizen_number(text: str) -> bool:
    """Whether a text contains nine digits that pass the eleven test of a burgerservicenummer.

    Digits may be in groups, as people write them: 123 456 782, 1112.22.333. A longer number (a telephone number, a BIG
    number) does not count, unless one of its groups passes.
    """
    for found in _APART.finditer(unicodedata.normalize("NFKC", text)):
        groups = re.split(r"[ .-]", found.group())
        joined = "".join(groups)
        if any(len(part) == 9 and _passes_eleven(part) for part in [*groups, joined]):
            return True
    return False


def _passes_eleven(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 == 0 and digits != "000000000"
