"""What comes out of an event: action points out of its sessions."""
