"""Action points under a measure."""
