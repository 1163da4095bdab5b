"""The manifest of the coordinator's pages of events."""

from schakel.events.editing import views
from schakel.manifest import Feature

FEATURE = Feature(
    "events.editing",
    blueprint=views.pages,
    required=True,
)
