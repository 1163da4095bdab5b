"""The manifest of signing in, with the command that makes the first account."""

from schakel.identity import commands, views
from schakel.manifest import Feature

FEATURE = Feature(
    "identity",
    blueprint=views.pages,
    commands=(commands.account_group,),
    required=True,
)
