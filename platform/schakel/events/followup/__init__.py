"""Action points that follow from an event and its sessions."""
