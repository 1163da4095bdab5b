"""After every test of this folder the places must add up."""

from tests.registrations.places_add_up import sound as sound
