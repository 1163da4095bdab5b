"""Action points: from proposal to a check by somebody else; the first deadline is stored."""
