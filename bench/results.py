"""Figures with their limits, and how both are printed and stored."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Figure:
    """One measured value. `good` is None when it has no limit."""

    promise: str
    database: str
    what: str
    value: str
    bar: str = ""
    good: bool | None = None

    @property
    def verdict(self) -> str:
        """The verdict in one word."""
        return "" if self.good is None else "yes" if self.good else "NO"


@dataclass
class Results:
    """All figures of a run, printed when they are added."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, promise: str, database: str, what: str, value: str, bar: str = "", good: bool | None = None) -> None:
        """Add one figure."""
        figure = Figure(promise, database, what, value, bar, good)
        self.figures.append(figure)
        print(f"{promise:4} {database:11} {what:58} {value:>34}  {bar:>20} {figure.verdict}", flush=True)

    def table(self) -> str:
        """Return the figures as Markdown."""
        lines = ["| # | Database | What | Measured | Must | Met |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {one.promise} | {one.database} | {one.what} | {one.value} | {one.bar or '–'} | {one.verdict or '–'} |"
            for one in self.figures
        ]
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> None:
        """Write `results.md` and `results.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "results.md").write_text(self.table())
        (folder / "results.json").write_text(json.dumps([asdict(one) for one in self.figures], indent=1))
