"""`make bench`: measure the performance promises on both databases and print every figure with its limit.

`python bench/run.py [--quick] [--rounds N] [--database sqlite|postgresql] [names…]`

Names: page flow race many starting growth. `--rounds`: how often the race is run with two workers (twenty by default).
The figures also go to `bench/out/results.md` and `results.json`. P11 needs both databases in one run.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import databases
import growing
import measures
import races
from results import Results

MEASURES = {
    "page": measures.page,
    "flow": measures.flow,
    "race": races.race,
    "many": measures.many,
    "starting": measures.starting,
    "growth": growing.growing,
}
OUT = Path(__file__).resolve().parent / "out"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two repeats, one race per database")
    parser.add_argument(
        "--rounds", type=int, default=20, choices=range(1, 21), metavar="1-20", help="races with 2 workers"
    )
    parser.add_argument("--database", choices=databases.ENGINES, action="append")
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], help="which measurements; all when none is named")
    return parser.parse_args()


def _compare(results: Results, rates: dict[str, dict[str, tuple[float, float]]]) -> None:
    """P11: SQLite compared with PostgreSQL, by rate and by ratio to bare (the machine's load varies during a run)."""
    for what, bar in (("registration with its mail", 0.80), ("event page", 0.90), ("unchanged (304)", 0.90)):
        found = rates.get(what, {})
        if len(found) == 2:
            for number, by in enumerate(("by rate", "by ratio to bare")):
                part = found["sqlite"][number] / found["postgresql"][number]
                results.add(
                    "P11", "both", f"{what}: SQLite to PostgreSQL, {by}", f"{part:.0%}", f"≥ {bar:.0%}", part >= bar
                )


def main() -> int:
    """Run the measurements; return 0 when every limit was met."""
    wanted = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that every server that was started is stopped
    results = Results()
    rates: dict[str, dict[str, tuple[float, float]]] = {}
    began = time.time()
    print(f"load average at the start {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores", flush=True)
    for name in wanted.database or databases.ENGINES:
        with tempfile.TemporaryDirectory(prefix="schakel-bench-") as folder:
            kind = databases.make(name, Path(folder))
            stage = measures.Stage(Path(folder), kind, wanted.quick, results, rounds=wanted.rounds, rates=rates)
            for measure in wanted.names or MEASURES:
                MEASURES[measure](stage)
            locked = stage.faults.pop("database is locked", 0)
            stage.add(
                "P11", f"database is locked, in {stage.registrations} registrations", str(locked), "0", not locked
            )
            stage.add("P11", "other trouble in the logs", str(stage.faults or "none"), "none", not stage.faults)
    _compare(results, rates)
    results.write(OUT)
    spent = (time.time() - began) / 60
    print(f"{spent:.1f} minutes, load average at the end {os.getloadavg()[0]:.1f}; kept in {OUT}")
    return int(any(figure.good is False for figure in results.figures))


if __name__ == "__main__":
    sys.exit(main())
