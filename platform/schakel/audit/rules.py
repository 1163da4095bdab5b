"""What a seal covers."""

import json
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


def canonical(audit_id: int, at: datetime, words: tuple[str | None, ...], detail: dict[str, Any]) -> tuple[str, ...]:
    """Return the parts of a row in one canonical form, the same on both databases."""
    texts = tuple("-" if word is None else f"={word}" for word in words)
    return (
        str(audit_id),
        at.astimezone(UTC).isoformat(),
        *texts,
        json.dumps(detail, sort_keys=True, ensure_ascii=True),
    )


def chain_faults(rows: list[tuple[int, int, str, str]], start: tuple[int, str] = (0, START)) -> list[str]:
    """Return faults in a part of the chain, in Dutch; rows are (seq, audit id, stored hash, computed hash)."""
    faults = []
    expected = start[0] + 1
    for seq, audit_id, stored, computed in rows:
        if seq != expected:
            faults.append(f"zegel {expected} ontbreekt")
        if stored != computed:
            faults.append(f"regel {audit_id} of zegel {seq} is gewijzigd")
        expected = seq + 1
    return faults
