"""Read an event from the database."""

from schakel.events.models import Event


def event_of(work, slug: str) -> Event:
    with work() as session:
        found = session.query(Event).filter_by(slug=slug).one()
        _ = found.days, found.items, found.pools, found.organisers
    return found
