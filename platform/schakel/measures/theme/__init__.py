"""*Zelfde thema*: a measure and an action point that fit: one side proposes, the other accepts."""
