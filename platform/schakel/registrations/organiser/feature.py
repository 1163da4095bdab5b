"""The manifest of the list of registrations, for coordinators."""

from schakel.manifest import Feature
from schakel.registrations.organiser import slots, views

FEATURE = Feature(
    "registrations.organiser",
    blueprint=views.pages,
    required=True,
    slots={"recipients.event": slots.recipients},
)
