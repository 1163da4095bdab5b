"""The manifest of deleting registrations after their retention period."""

from schakel.manifest import Feature
from schakel.registrations.retention import service

FEATURE = Feature(
    "registrations.retention",
    daily=(service.forget,),
)
