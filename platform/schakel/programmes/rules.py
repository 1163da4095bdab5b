"""Audit events about the shared lists."""

from enum import StrEnum


class AuditEvent(StrEnum):
    """Audit events about the shared lists."""

    THEME_ADDED = "theme.added"
    STORY_ADDED = "story.added"
