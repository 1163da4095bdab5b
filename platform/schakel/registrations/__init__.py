"""Registrations: sign-up without account, places, waiting list with offers, change and withdraw by link."""
