"""The verbs on the shared lists."""

from schakel import db, errors
from schakel.access import Actor
from schakel.audit import service as audit
from schakel.programmes import policy
from schakel.programmes.models import Story, Theme


def add_theme(actor: Actor, code: str, name: str, says: str, position: int) -> Theme:
    """Put a theme on the shared list."""
    errors.require(policy.may_keep_lists(actor))
    theme = Theme(code=code, name=name, says=says, position=position)
    db.session().add(theme)
    db.session().flush()
    audit.record(actor, "theme.added", "theme", theme.id)
    return theme


def tell_story(actor: Actor, code: str, title: str, says: str, position: int) -> Story:
    """Tell what a programme is about on the front page."""
    errors.require(policy.may_keep_lists(actor))
    story = Story(code=code, title=title, says=says, position=position)
    db.session().add(story)
    db.session().flush()
    audit.record(actor, "story.told", "story", story.id)
    return story
