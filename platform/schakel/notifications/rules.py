"""When a mail is tried again, what its headers may contain, and the placeholder of a link in a stored mail."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from textwrap import shorten


class MailState(StrEnum):
    """The states of a mail between queued and sent."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


MAX_TRIES = 48
TIMEOUT = 20  # seconds, for each answer of the mail server
ANSWERS = 14  # at most, for one mail: connecting, EHLO and STARTTLS, signing in, NOOP, MAIL, RCPT, DATA, QUIT
LEASE = timedelta(seconds=TIMEOUT * ANSWERS + 20)  # longer than one send can take, so that nobody sends it as well
_NOT_IN_A_LINE = {"Cc", "Zl", "Zp"}  # control characters, line and paragraph separators
_WORD_JOINER = "\u2060"  # invisible
_HAS_AN_ADDRESS = re.compile(r"://|@|[^\W_]{2,}\.[^\W_]{2,}(?!\w)")
_INSIDE_A_LINK = re.compile(r"(?<=[\w:/])([.:@/])(?=[\w/])")
_SPECIAL = set('"(),:;<>@[]\\')  # RFC 5322, the dot aside: without quotes it is still one name
NAME_LENGTH = 60  # characters
_LINK = re.compile(r"\{link:([0-9a-f]{12}):(\d{1,6})\}")


def next_try(tries: int, now: datetime) -> datetime:
    """Return the time of the next try after a failure: 1, 2, 4 … at most 60 minutes later."""
    return now + timedelta(minutes=min(60, 2 ** max(0, tries - 1)))


def may_send_as(mailbox: str, domains: tuple[str, ...]) -> bool:
    """Whether our mail server may send as an address: its domain is one of these, or a subdomain of one."""
    domain = "." + mailbox.rpartition("@")[2].lower()
    return "@" in mailbox and any(domain.endswith(f".{one}") for one in domains)


def one_line(text: str) -> str:
    """Return a stored text as one line that a header can hold, whatever it contains."""
    return " ".join("".join(" " if unicodedata.category(char) in _NOT_IN_A_LINE else char for char in text).split())


def display_name(text: str) -> str:
    """Return a name for an address header: short, and without the signs that have a meaning there.

    A quoted name loses its quotes when the header is folded; then a comma in it would begin another recipient.
    """
    plain = "".join(" " if char in _SPECIAL else char for char in one_line(text))
    return shorten(plain, NAME_LENGTH, placeholder="…") if len(plain) > NAME_LENGTH else " ".join(plain.split())


def link_placeholder(public_id: str, generation: int) -> str:
    """Return the placeholder in a stored mail for the secret address of a link."""
    return f"{{link:{public_id}:{generation}}}"


def link_placeholders(text: str) -> list[tuple[str, str, int]]:
    """Return the placeholders in a text: (placeholder, public id, generation)."""
    return [(found.group(0), found.group(1), int(found.group(2))) for found in _LINK.finditer(text)]


def unlinked(text: str) -> str:
    """Return a text that somebody typed so that no mail program makes a link of an address in it."""
    if not _HAS_AN_ADDRESS.search(text):
        return text
    return _INSIDE_A_LINK.sub(rf"\1{_WORD_JOINER}", text)
