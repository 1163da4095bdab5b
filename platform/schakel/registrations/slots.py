"""What registrations supply to pages of other features."""

from schakel.registrations.work_items import work as work
