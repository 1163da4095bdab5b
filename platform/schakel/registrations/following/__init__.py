"""The worker's part: events that moved, offers that ran out, places that came free."""
