"""The organiser's list of registrations."""
