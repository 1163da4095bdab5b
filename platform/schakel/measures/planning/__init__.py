"""Action points under a measure, and the proposals of *Zelfde thema*."""
