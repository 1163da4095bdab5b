"""Audit events about agreements."""

from enum import StrEnum


class AuditEvent(StrEnum):
    """Audit events about agreements."""

    ADDED_TO_EVENT = "agreement.on_table"
    ACTION = "agreement.action"
