"""The burgerservicenummer: detected by its eleven test, and refused in every text and file name outside dossiers."""

import re
import unicodedata

from schakel.i18n import N_

SENTENCE = N_("Hier staat iets dat op een burgerservicenummer lijkt. Zet hier geen patiëntgegevens.")
_APART = re.compile(r"\d(?:[ .-]?\d)*", re.ASCII)
# A Dutch telephone number: +31 or 0031, perhaps (0), and nine digits; or (0) and nine digits.
_DUTCH = r"(?:(?:\+|(?<!\d)00)31[ .-]?(?:\(0\)|0)?|\(0\))[ .-]?[1-9](?:[ .-]?\d){8}(?!\d)"
# One of another country: its code, and at most fifteen digits together, with nothing after them.
_ABROAD = r"(?:\+|(?<!\d)00)(?!31)[1-9]\d{0,2}(?:[ .-]?\(0\))?(?:[ .-]?\d){5,12}(?![ .-]?\d)"
# Numbers that are public, and of no patient. A word for a patient, a person or a dossier is not among them.
_WORDS = (
    r"tel|telefoon|t(?=:)|mob|mobiel|m(?=:)|gsm|fax|whatsapp|kvk|k\.v\.k|vestigings?|rsin|"
    r"btw|vat|big|agb|uzovi|iban|rekening|bank|factuur|order|bestel|offerte|ticket|referentie|ref|kenmerk|meeting|vergader(?:ing)?|"
    r"zoom|teams|webinar|accreditatie|isbn|issn|doi|pmid"
)
_LABELLED = (
    rf"(?<!\w)(?:{_WORDS})\.?[ -]?(?:nummer|nr|no|code|id)?\.?[ \t]*(?:is|:|=|#)?[ \t]*(?:nl)?\d(?:[ .-]?\d){{8}}(?!\d)"
)
_SOMETHING_ELSE = re.compile(rf"{_DUTCH}|{_ABROAD}|{_LABELLED}", re.ASCII | re.IGNORECASE)


def holds_citizen_number(text: str) -> bool:
    """Whether a text contains nine digits that pass the eleven test of a burgerservicenummer.

    Digits may be in groups, as people write them: 123 456 782, 1112.22.333. A longer number (a telephone number, a BIG
    number) does not count, unless one of its groups passes; nor does a number whose prefix or label says what it is
    (+31 612345683, KvK 012345672).
    """
    plain = _SOMETHING_ELSE.sub(" / ", unicodedata.normalize("NFKC", text))
    for found in _APART.finditer(plain):
        groups = re.split(r"[ .-]", found.group())
        joined = "".join(groups)
        if any(len(part) == 9 and _passes_eleven(part) for part in [*groups, joined]):
            return True
    return False


def _passes_eleven(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 == 0 and digits != "000000000"
