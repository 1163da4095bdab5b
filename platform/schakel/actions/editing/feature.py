"""The manifest of changing an action point."""

from schakel.actions import policy, queries
from schakel.actions.editing import views
from schakel.manifest import Feature, LinkHome

FEATURE = Feature(
    "actions.editing",
    blueprint=views.pages,
    link_homes=(LinkHome(policy.FORMER_LINK, "/niet-meer-bij-u", queries.former_link_name),),
    required=True,
)
