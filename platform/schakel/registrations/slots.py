"""What registrations supply to other features' pages."""

from schakel.registrations.work_items import work as work
