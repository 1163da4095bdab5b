"""The log and its seals: commands only."""

from schakel.audit import commands
from schakel.manifest import Feature

FEATURE = Feature(
    "audit",
    commands=(commands.audit_group,),
    required=True,
)
