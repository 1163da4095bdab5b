"""The manifest of *vandaag* and the weekly mail."""

from schakel.home.today import jobs, slots, views
from schakel.manifest import Feature

FEATURE = Feature(
    "home.today",
    blueprint=views.pages,
    slots={"menu": slots.menu},
    daily=(jobs.weekly_digest,),
    required=True,
)
