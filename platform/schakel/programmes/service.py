"""The services on the shared lists."""

from schakel import db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.programmes import policy
from schakel.programmes.models import Story, Theme
from schakel.programmes.rules import AuditEvent


def add_theme(actor: Actor, code: str, name: str, says: str, position: int) -> Theme:
    """Add a theme to the shared list."""
    errors.require(policy.may_edit_lists(actor))
    theme = Theme(code=code, name=name, says=says, position=position)
    db.session().add(theme)
    db.session().flush()
    audit.record(actor, AuditEvent.THEME_ADDED, "theme", theme.id)
    return theme


def add_story(actor: Actor, code: str, title: str, says: str, position: int) -> Story:
    """Add a story to the front page: what a programme is about."""
    errors.require(policy.may_edit_lists(actor))
    story = Story(code=code, title=title, says=says, position=position)
    db.session().add(story)
    db.session().flush()
    audit.record(actor, AuditEvent.STORY_ADDED, "story", story.id)
    return story
