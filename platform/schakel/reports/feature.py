"""The manifest of the monitoring."""

from schakel.manifest import Feature
from schakel.reports import slots, views

FEATURE = Feature(
    "reports",
    blueprint=views.pages,
    slots={"menu": slots.menu},
)
