"""Dutch source sentences and their translation, for modules without Flask.

`extensions.py` sets flask-babel's functions (`use`); without an application the Dutch source itself is returned, so
that rules can be tested alone. `make translations` extracts every sentence in a call of these functions.
"""

from collections.abc import Callable
from functools import lru_cache

SOURCE = "nl"  # the language of the msgids

_gettext: Callable[[str], str] | None = None
_ngettext: Callable[..., str] | None = None
_language: Callable[[], str] | None = None


def use(gettext: Callable[[str], str], ngettext: Callable[..., str], language: Callable[[], str]) -> None:
    """Set the translation functions."""
    global _gettext, _ngettext, _language
    _gettext, _ngettext, _language = gettext, ngettext, language
    _translated.cache_clear()


def language() -> str:
    """The language of the reader, as a code of two letters; for `lang` on a page and for keys of caches."""
    return _language() if _language else SOURCE


def N_(msgid: str) -> str:
    """Mark a sentence for extraction and return it unchanged; `gettext` translates it where it is displayed."""
    return msgid


def gettext(msgid: str, **values: object) -> str:
    """Translate a sentence into the reader's language and fill in its named values."""
    text = _translated(language(), msgid) if _gettext and msgid else msgid
    return text % values if values else text


@lru_cache(maxsize=4096)
def _translated(_language: str, msgid: str) -> str:
    # Lists translate the same few words in every row; flask-babel takes four times as long to find one.
    return _gettext(msgid) if _gettext else msgid


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Translate a sentence about a number of things; `%(num)d` is that number."""
    if _ngettext:
        return _ngettext(singular, plural, num, **values)
    return (singular if num == 1 else plural) % {"num": num, **values}
