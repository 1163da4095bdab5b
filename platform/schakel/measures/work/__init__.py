"""What measures ask of somebody today, and what changed about them."""
