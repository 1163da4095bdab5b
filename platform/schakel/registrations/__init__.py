"""Who comes: sign-up without account, room, waiting list with offers, change and withdraw by link."""
