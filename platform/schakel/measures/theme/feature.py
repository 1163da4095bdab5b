"""The manifest of *Zelfde thema*: action points that fit a measure."""

from schakel.manifest import Feature
from schakel.measures.theme import slots, views

FEATURE = Feature(
    "measures.theme",
    blueprint=views.pages,
    slots={"panel.action": slots.on_action, "panel.measure": slots.on_measure},
    required=True,
)
