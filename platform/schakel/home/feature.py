"""The manifest of front page, health and demo sign-in."""

from schakel.home import views
from schakel.manifest import Feature

FEATURE = Feature(
    "home",
    blueprint=views.pages,
    required=True,
)
