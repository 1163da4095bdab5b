"""After every test of this folder the places must be consistent."""

from tests.registrations.places_add_up import sound as sound
