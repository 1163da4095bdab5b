"""What goes on record about agreements."""

from enum import StrEnum


class AuditEvent(StrEnum):
    """What goes on record about agreements."""

    PUT_ON_TABLE = "agreement.on_table"
    ACTION = "agreement.action"
