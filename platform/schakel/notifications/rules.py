"""When a mail is tried again, what its header may hold, and how a link stands in it before it is sent."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum


class MailState(StrEnum):
    """Where a mail is between queued and sent."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


MAX_TRIES = 48
LEASE = timedelta(seconds=90)
_NOT_IN_A_LINE = {"Cc", "Zl", "Zp"}  # controls, ends of lines and paragraphs
_LINK = re.compile(r"\{link:([0-9a-f]{12}):(\d{1,6})\}")


def next_try(tries: int, now: datetime) -> datetime:
    """After a failure: 1, 2, 4 … at most 60 minutes later."""
    return now + timedelta(minutes=min(60, 2 ** max(0, tries - 1)))


def may_send_as(mailbox: str, domains: tuple[str, ...]) -> bool:
    """Whether our mail server may send in the name of an address: its domain is one of these, or lies under one."""
    domain = "." + mailbox.rpartition("@")[2].lower()
    return "@" in mailbox and any(domain.endswith(f".{one}") for one in domains)


def one_line(text: str) -> str:
    """A stored text as one line that a header can hold, whatever stands in it: each mail can be built."""
    return " ".join("".join(" " if unicodedata.category(sign) in _NOT_IN_A_LINE else sign for sign in text).split())


def link_placeholder(public_id: str, generation: int) -> str:
    """What stands in a stored mail where the secret address of a link will come."""
    return f"{{link:{public_id}:{generation}}}"


def link_placeholders(text: str) -> list[tuple[str, str, int]]:
    """The marks in a text: (mark, public id, generation)."""
    return [(found.group(0), found.group(1), int(found.group(2))) for found in _LINK.finditer(text)]
