"""The manifest of one's own account."""

from schakel.identity import policy
from schakel.identity.own_account import queries, service, views
from schakel.manifest import Feature, LinkHome

FEATURE = Feature(
    "identity.own_account",
    blueprint=views.pages,
    link_homes=(
        LinkHome(service.LINK, "/wachtwoord", queries.link_name),
        LinkHome(policy.WEEKLY_LINK, "/weekmail-stoppen", queries.stop_name),
    ),
    required=True,
)
