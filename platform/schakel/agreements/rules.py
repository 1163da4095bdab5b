"""What goes on record about agreements."""

from enum import StrEnum


class AuditEvent(StrEnum):
    """What goes on record about agreements."""

    ADDED_TO_EVENT = "agreement.on_table"
    ACTION = "agreement.action"
