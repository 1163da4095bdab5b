"""Action points: from proposal to check by another, with the first deadline kept."""
