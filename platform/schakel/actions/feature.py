"""The manifest of action points."""

from schakel.actions import policy, queries, service, slots, views
from schakel.manifest import Feature, LinkHome

FEATURE = Feature(
    "actions",
    blueprint=views.pages,
    slots={"menu": slots.menu, "work": slots.work, "links_again": service.send_links_again},
    link_homes=(LinkHome(policy.LINK, "/mijn-actiepunt", queries.link_name),),
    required=True,
)
