"""The workflows of the code as a page of docs (`make workflows`)."""

from schakel.actions import rules as actions
from schakel.events import rules as events
from schakel.measures import rules as measures
from schakel.registrations import rules as registrations

WORKFLOWS = (actions.WORKFLOW, events.WORKFLOW, measures.WORKFLOW, registrations.WORKFLOW)
HEAD = """# Workflows

The states of each subject and the verbs between them, made from the code by `make workflows`; a test holds them equal.
"""


def page() -> str:
    """Return docs/workflows.md: a state diagram (Mermaid) per workflow."""
    return HEAD + "".join(f"\n## {one.name}\n\n```mermaid\n{one.diagram()}```\n" for one in WORKFLOWS)
