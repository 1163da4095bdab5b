"""Names and search words: how they are compared, searched, sorted and listed, the same on both databases."""

import re
import unicodedata
from typing import NamedTuple

# Invisible characters, used to make two different words visually equal: removed before comparing.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02b9\u02bb`\u00b4\u2032\uff07"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
# Letters that Unicode does not decompose into a letter and an accent; as in the table Latin-ASCII of CLDR.
_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ɖ": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ȷ": "j",
    "ŋ": "n", "ħ": "h", "ŧ": "t", "ĸ": "q", "ƀ": "b", "ɓ": "b", "ƈ": "c", "ɗ": "d", "ə": "e", "ɛ": "e", "ƒ": "f",
    "ǥ": "g", "ɠ": "g", "ɨ": "i", "ƙ": "k", "ƚ": "l", "ɔ": "o", "ɵ": "o", "ƥ": "p", "ɍ": "r", "ƭ": "t", "ʉ": "u",
    "ʋ": "v", "ƶ": "z", "ƴ": "y", "ɏ": "y",
}  # fmt: skip
_SEARCH = str.maketrans(
    _LETTERS | dict.fromkeys(_APOSTROPHES, "") | dict.fromkeys((*_HYPHENS, *",;."), " ")  # these separate words
)
# Words before a surname by which it is not sorted. Of these only the Dutch ones begin a name without a given name.
_DUTCH = {
    "van", "von", "vom", "de", "den", "der", "het", "ter", "ten", "te", "op", "in", "uit", "aan", "bij", "onder",
    "over", "voor",
}  # fmt: skip
_FOREIGN = {
    "zu", "zum", "zur", "und", "la", "le", "les", "du", "des", "di", "da", "do", "dos", "das", "del", "della", "dello",
    "dei", "degli", "delle", "dal", "dalla", "los", "las", "el", "al", "as", "ash", "bin", "bint", "ben", "ibn", "abu",
    "af", "av",
}  # fmt: skip
_SHORT = {"t", "s", "n", "d", "l", "dell", "dall", "all"}  # with an apostrophe: 't, 's, d'Hont, l'Isle, dell'Oro
_AFTER = {"jr", "sr", "ii", "iii", "iv"}
_TITLE = re.compile(r"[a-z].*|\w*[A-Z]\w*[A-Z][\w.]*", re.DOTALL)  # after a comma: huisarts, MD, PhD, MSc
_ELIDED = re.compile(rf"\b({'|'.join(sorted(_SHORT, key=len, reverse=True))})[{_APOSTROPHES}]")
_PIECE = re.compile(f"[^{_HYPHENS}{_APOSTROPHES}]*[{_HYPHENS}{_APOSTROPHES}]?")


class Parts(NamedTuple):
    """A name in the parts by which it is listed."""

    surname: str
    given: str = ""
    infix: str = ""
    addition: str = ""


def fold(text: str) -> str:
    """Return the key by which addresses and names are compared, the same on both databases."""
    return " ".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().split())


def search_key(text: str) -> str:
    """Return a text as its plain words, for searching: without accents, apostrophes and hyphens."""
    spread = unicodedata.normalize("NFKD", fold(text))
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join(_ELIDED.sub(r"\1 ", bare).translate(_SEARCH).split())


def words_of(text: str) -> list[str]:
    """Return the words to search for: a row fits when its key has each of them, in any order."""
    return search_key(text).split()


def sort_name(name: str) -> str:
    """Return the key by which a person is sorted and searched: surname, given names, infix."""
    # two blanks: 'Berg, Anna' comes before 'Berg de Groot, Anna'
    return "  ".join(part for part in map(search_key, parts_of(name)) if part)


def listed_name(name: str) -> str:
    """Return a name as a list of people has it: 'Geertruida van Verdichtsel' → 'Verdichtsel, Geertruida van'."""
    parts = parts_of(name)
    first = f"{parts.given} {parts.infix}".strip()
    return ", ".join(part for part in (parts.surname, first, parts.addition) if part)


def parts_of(name: str) -> Parts:
    """Return the parts of a name as people type it, also with the surname and a comma first."""
    name = " ".join(name.split())
    front, _, rest = (part.strip() for part in name.partition(","))
    if not front:
        return Parts(name)
    words, given, addition = front.split(), rest.split(), ""
    if not rest or (len(words) > 1 and _TITLE.fullmatch(rest)):
        at_end = next((n for n, word in enumerate(words) if n and _is_addition(word, words[n:])), len(words))
        words, given, addition = words[:at_end], [], ", ".join(filter(None, [" ".join(words[at_end:]), rest]))
        start = _start(words)
        words, given = words[start:], words[:start]
        infix, surname = _without_infix(words)
        return Parts(surname, " ".join(given), infix, addition)
    infix, surname = _without_infix(words)
    end = len(given)
    while end > 1 and _is_infix(given[end - 1]):
        end -= 1
    infix = " ".join(filter(None, [infix, *given[end:]]))
    return Parts(surname, " ".join(given[:end]), infix)


def _is_addition(word: str, rest: list[str]) -> bool:
    """Whether what comes from this word on is no part of the surname: jr., III, a number, (huisarts)."""
    return word.startswith("(") or all(one.isdigit() or one.strip(".").casefold() in _AFTER for one in rest)


def _start(words: list[str]) -> int:
    """Return the place of the first word of the surname: an infix, a double name such as Smit-de, or the last word."""
    last = len(words) - 1
    for place, word in enumerate(words[:-1]):
        if _is_infix(word) and (place or word.islower() or word.casefold() in _DUTCH):
            return place
        if word in _HYPHENS:
            return max(place - 1, 0)
        first, *others = re.split(f"[{_HYPHENS}]", word)
        if first and others and (not others[-1] or _is_infix(others[-1])):
            return place
    return max(last, 0)


def _is_infix(word: str) -> bool:
    plain = word.strip(_APOSTROPHES).casefold()
    return plain in _DUTCH or plain in _FOREIGN or (plain in _SHORT and plain != word.casefold())


def _without_infix(words: list[str]) -> tuple[str, str]:
    """Return (infix, surname) of the words of a surname; 'van', "d'Hont" → ("van d'", 'Hont')."""
    infix: list[str] = []
    while len(words) > 1 and _is_infix(words[0]):
        infix.append(words.pop(0))
    if not words:
        return " ".join(infix), ""
    pieces = [piece for piece in _PIECE.findall(words[0]) if piece]
    glued = ""
    while len(pieces) > 1 and _is_glued(pieces[0]):
        glued += pieces.pop(0)
    words = ["".join(pieces), *words[1:]] if pieces and pieces[0].strip(_HYPHENS + _APOSTROPHES) else words
    return " ".join([*infix, glued] if glued else infix), " ".join(words)


def _is_glued(piece: str) -> bool:
    """Whether a part of a word up to an apostrophe or hyphen is an infix: d', l', al-, van-; but not O'."""
    plain = piece.strip(_APOSTROPHES + _HYPHENS).casefold()
    if piece[-1] in _APOSTROPHES:
        return plain in _SHORT or not plain
    return piece[-1] in _HYPHENS and (plain in _DUTCH or plain in _FOREIGN or plain in _SHORT)
