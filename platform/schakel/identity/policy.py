"""Who may see and change people, roles and organisations."""

from schakel.access import Actor


def may_administer(actor: Actor) -> bool:
    """Roles and accounts are the administrator's."""
    return actor.holds("administrator") or actor.came == "system:seeds"


def may_grant(actor: Actor, organisation_id: int) -> bool:
    """An administrator gives and withdraws roles inside the own organisation only."""
    return actor.holds("administrator", organisation_id=organisation_id) or actor.came == "system:seeds"


def may_arrange_deputy(actor: Actor, away_person_id: int) -> bool:
    """Everybody arranges their own deputy; an administrator does so for others."""
    return actor.person_id == away_person_id or may_administer(actor)


def is_staff(actor: Actor) -> bool:
    """Holds any role today."""
    return bool(actor.grants)
