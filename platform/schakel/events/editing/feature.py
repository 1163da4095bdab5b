"""What coordinators do with meetings."""

from schakel.events.editing import views
from schakel.manifest import Feature

FEATURE = Feature(
    "events.editing",
    blueprint=views.pages,
    required=True,
)
