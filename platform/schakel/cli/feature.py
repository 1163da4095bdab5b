"""The manifest of the commands of the installation: key ring, worker, stories, demo."""

from schakel.cli import commands, demo
from schakel.manifest import Feature

FEATURE = Feature(
    "cli",
    commands=(commands.keyring, commands.worker, commands.stories, demo.demo),
    required=True,
)
