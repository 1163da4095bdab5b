"""The manifest of the audit log: commands only."""

from schakel.audit import commands
from schakel.manifest import Feature

FEATURE = Feature(
    "audit",
    commands=(commands.audit_group,),
    required=True,
)
