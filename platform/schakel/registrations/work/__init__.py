"""What registrations tell the coordinators of a meeting."""
