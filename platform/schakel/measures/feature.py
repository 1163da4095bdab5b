"""The manifest of measures and commitments."""

from schakel.manifest import Feature
from schakel.measures import slots, views

FEATURE = Feature(
    "measures",
    blueprint=views.pages,
    slots={"menu": slots.menu, "work": slots.work, "loop.cause": slots.causes},
    required=True,
)
