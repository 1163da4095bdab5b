"""The manifest of links in mails."""

from schakel.identity.links import views
from schakel.manifest import Feature

FEATURE = Feature(
    "identity.links",
    blueprint=views.pages,
    required=True,
)
