"""The manifest of action points."""

from schakel.actions import policy, slots, views
from schakel.manifest import Feature

FEATURE = Feature(
    "actions",
    blueprint=views.pages,
    slots={"menu": slots.menu, "work": slots.work},
    link_home=(policy.LINK, "/mijn-actiepunt"),
    required=True,
)
