"""What coordinators do with meetings."""

from schakel.events.desk import views
from schakel.manifest import Feature

FEATURE = Feature(
    "events.desk",
    blueprint=views.pages,
    required=True,
)
