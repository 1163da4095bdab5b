"""What was done, by whom and when: append-only lines under a seal that finds every change."""
