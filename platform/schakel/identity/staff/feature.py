"""The manifest of *Beheer*: accounts, roles and deputies."""

from schakel.identity.staff import slots, views
from schakel.manifest import Feature

FEATURE = Feature(
    "identity.staff",
    blueprint=views.pages,
    slots={"menu": slots.menu},
)
