"""What meetings ask of their coordinators today."""
