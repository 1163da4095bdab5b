"""The manifest of *samenwerkingsafspraken*."""

from schakel.agreements import slots, views
from schakel.manifest import Feature

FEATURE = Feature(
    "agreements",
    blueprint=views.pages,
    slots={"loop.cause": slots.causes, "panel.event": slots.panel},
    required=True,  # the check on loops reads its tables
)
