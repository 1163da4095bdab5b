"""The manifest of signing up for an event, the waiting list, and what follows a change."""

from schakel.manifest import Feature
from schakel.registrations import jobs, slots, views

FEATURE = Feature(
    "registrations",
    blueprint=views.pages,
    slots={"work": slots.work, "queues": slots.with_waiting_list},
    minute=(jobs.lapse_offers, jobs.fill_freed, jobs.follow_events),
    required=True,
)
