"""The manifest of what participants change in their own registration."""

from schakel.manifest import Feature
from schakel.registrations.policy import LINK
from schakel.registrations.self_service import views

FEATURE = Feature(
    "registrations.self_service",
    blueprint=views.pages,
    link_home=(LINK, "/mijn-aanmelding"),
    required=True,
)
