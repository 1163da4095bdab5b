"""What registrations supply to pages of other features."""

from schakel.registrations.places.service import with_waiting_list as with_waiting_list
from schakel.registrations.work_items import work as work
