"""The manifest of what participants change in their own registration."""

from schakel.manifest import Feature, LinkHome
from schakel.registrations.policy import LINK
from schakel.registrations.self_service import service, views

FEATURE = Feature(
    "registrations.self_service",
    blueprint=views.pages,
    link_homes=(LinkHome(LINK, "/mijn-aanmelding", service.link_name),),
    required=True,
)
