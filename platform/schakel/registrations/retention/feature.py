"""Forgetting registrations whose time is over."""

from schakel.manifest import Feature
from schakel.registrations.retention import service

FEATURE = Feature(
    "registrations.retention",
    daily=(service.forget,),
)
