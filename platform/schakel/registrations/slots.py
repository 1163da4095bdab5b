"""What registrations supply to other features' pages."""

from schakel.registrations.work import work as work
