"""The manifest of the demo's mailbox."""

from schakel.home.postbox import views
from schakel.manifest import Feature

FEATURE = Feature(
    "home.postbox",
    blueprint=views.pages,
)
