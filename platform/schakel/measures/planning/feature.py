"""The manifest of action points under a measure."""

from schakel.manifest import Feature
from schakel.measures.planning import views

FEATURE = Feature(
    "measures.planning",
    blueprint=views.pages,
    required=True,
)
