"""What participants change in their own registration."""

from schakel.manifest import Feature
from schakel.registrations.changing import views
from schakel.registrations.mailing import LINK

FEATURE = Feature(
    "registrations.changing",
    blueprint=views.pages,
    link_home=(LINK, "/mijn-aanmelding"),
    required=True,
)
