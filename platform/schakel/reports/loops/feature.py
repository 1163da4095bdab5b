"""The manifest of the check that nothing asked, promised or judged is lost."""

from schakel.manifest import Feature
from schakel.reports.loops import commands

FEATURE = Feature(
    "reports.loops",
    commands=(commands.loops,),
)
