"""Action points under a measure."""

from schakel.manifest import Feature
from schakel.measures.desk import views

FEATURE = Feature(
    "measures.desk",
    blueprint=views.pages,
    required=True,
)
