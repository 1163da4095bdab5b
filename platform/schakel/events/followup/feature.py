"""The manifest of action points from events."""

from schakel.events.followup import slots, views
from schakel.manifest import Feature

FEATURE = Feature(
    "events.followup",
    blueprint=views.pages,
    slots={"loop.cause": slots.causes, "panel.event": slots.panel},
)
