"""P7: the cost of the director's page as measures grow, unchanged and right after a change."""

import json

import databases
from measures import Stage

SMALL, LARGE = 1_000, 100_000


def growing(stage: Stage) -> None:
    """Measure with 10^3 and 10^5 measures in one organisation; CPU of the application, without PostgreSQL's."""
    url = stage.kind.copy()
    found = json.loads(databases.helper("growth.py", stage.folder, url, str(SMALL), str(LARGE)))
    few, many = found[str(SMALL)], found[str(LARGE)]
    for what, key, bar in (("as it stands", "", 1.5), ("right after a change", "changed_", None)):
        small, large = few[f"{key}cpu_ms"], many[f"{key}cpu_ms"]
        times = large / small
        figures = f"{times:.2f} ({small:.1f} → {large:.1f} ms CPU)"
        good = times <= bar if bar else None
        stage.add("P7", f"monitoring, {what}: 10^3 → 10^5", figures, f"≤ {bar} ×" if bar else "", good)
        count = many[f"{key}statements"]
        stage.add("P7", f"monitoring, {what}: SQL", str(count), "≤ 8", count <= 8)
    stage.kind.drop(url)
