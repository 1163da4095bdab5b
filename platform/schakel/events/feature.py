"""The manifest of events."""

from schakel.events import slots, views
from schakel.manifest import Feature

FEATURE = Feature(
    "events",
    blueprint=views.pages,
    slots={"menu": slots.menu, "work": slots.work},
    required=True,
)
