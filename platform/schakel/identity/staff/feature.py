"""The manifest of *Beheer*: accounts, roles and deputies."""

from schakel.identity.staff import service, slots, views
from schakel.manifest import Feature

FEATURE = Feature(
    "identity.staff",
    blueprint=views.pages,
    slots={"menu": slots.menu},
    link_home=(service.LINK, "/wachtwoord"),
)
