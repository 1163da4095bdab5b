"""Dutch source sentences and their translation, for modules without Flask.

`extensions.py` sets flask-babel's functions (`use`); without an application the Dutch source itself is returned, so
that rules can be tested alone. `make translations` extracts every sentence in a call of these functions.
"""

from collections.abc import Callable

_gettext: Callable[[str], str] | None = None
_ngettext: Callable[[str, str, int], str] | None = None


def use(gettext: Callable[[str], str], ngettext: Callable[[str, str, int], str]) -> None:
    """Set the translation functions."""
    global _gettext, _ngettext
    _gettext, _ngettext = gettext, ngettext


def N_(msgid: str) -> str:
    """Mark a sentence for extraction and return it unchanged; `gettext` translates it where it is displayed."""
    return msgid


def gettext(msgid: str, **values: object) -> str:
    """Translate a sentence into the reader's language and fill in its named values."""
    text = _gettext(msgid) if _gettext and msgid else msgid
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Translate a sentence about a number of things; `%(num)d` is that number."""
    text = _ngettext(singular, plural, num) if _ngettext else (singular if num == 1 else plural)
    return text % {"num": num, **values}
