"""The rule on ratios: the bare application before and after each measurement, repeats, medians."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import load
from load import Load

LIMIT = 0.15


@dataclass
class Pair:
    """The repeats that count. `rejected`: those left out because the bare runs around them differed by 15 % or more;
    `noisy`: those used although they differed, as there were no better ones. A pair with noisy repeats fails.
    """

    ours: list[Load] = field(default_factory=list)
    bare: list[tuple[Load, Load]] = field(default_factory=list)
    rejected: int = 0
    noisy: int = 0

    def rate(self) -> float:
        """Our walks per second."""
        return median(one.rate for one in self.ours)

    def bare_rate(self) -> float:
        """Walks per second of the bare application."""
        return median((a.rate + b.rate) / 2 for a, b in self.bare)

    def ratio(self) -> float:
        """Ours to bare by walks per second, median of the repeats."""
        return median(2 * one.rate / (a.rate + b.rate) for one, (a, b) in zip(self.ours, self.bare, strict=True))

    def cpu(self) -> float:
        """Our milliseconds of CPU time per walk."""
        return median(one.cpu_ms for one in self.ours)

    def bare_cpu(self) -> float:
        """Milliseconds of CPU time per walk of the bare application."""
        return median((a.cpu_ms + b.cpu_ms) / 2 for a, b in self.bare)

    def cpu_ratio(self) -> float:
        """Bare to ours by CPU time: comparable with `ratio`, and more reliable when they differ."""
        return self.bare_cpu() / self.cpu()

    def client_ms(self) -> float:
        """The client's own milliseconds of CPU time per walk of ours."""
        return median(1000 * one.client_cpu / one.walks for one in self.ours)

    def errors(self) -> int:
        """Our failed walks."""
        return sum(sum(one.errors.values()) for one in self.ours)


def differ(a: Load, b: Load) -> float:
    """Return how far two bare runs differ, by rate."""
    return abs(a.rate - b.rate) / max(a.rate, b.rate, 1e-9)


def measure(bare: Callable[[], Load], ours: Callable[[], Load], repeats: int) -> Pair:
    """Run both to warm up; then bare, ours, bare, ours, …, bare. A repeat counts when the bare runs around it agree.

    At most 3 × repeats attempts. When the machine is never quiet enough, the latest attempts are used and counted in
    `noisy`.
    """
    pair = Pair()
    bare()
    ours()
    before = bare()
    for attempt in range(3 * repeats):
        mine = ours()
        after = bare()
        quiet, last = differ(before, after) < LIMIT, 3 * repeats - attempt <= repeats - len(pair.ours)
        if quiet or last:
            pair.ours.append(mine)
            pair.bare.append((before, after))
        pair.rejected += not quiet and not last
        pair.noisy += not quiet and last
        before = after
        if len(pair.ours) == repeats:
            break
    return pair


def of_walks(bare_server, bare_walk, our_server, our_walk, clients: int, seconds: float, repeats: int) -> Pair:
    """Measure the same number of clients for the same seconds on both."""
    return measure(
        lambda: load.run(bare_server, bare_walk, clients, seconds),
        lambda: load.run(our_server, our_walk, clients, seconds),
        repeats,
    )
