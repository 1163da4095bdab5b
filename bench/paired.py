"""The rule on ratios: the bare application before and after each measurement, repeats, medians."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import load
from load import Load

LIMIT = 0.15


@dataclass
class Pair:
    """The repeats that count. `rejected`: left out because the bare runs round them differed by 15 % or more;
    `noisy`: kept all the same, because no better came. A pair with noisy repeats is not accepted.
    """

    ours: list[Load] = field(default_factory=list)
    bare: list[tuple[Load, Load]] = field(default_factory=list)
    rejected: int = 0
    noisy: int = 0

    def rate(self) -> float:
        """Our walks a second."""
        return median(one.rate for one in self.ours)

    def bare_rate(self) -> float:
        """The bare application's."""
        return median((a.rate + b.rate) / 2 for a, b in self.bare)

    def ratio(self) -> float:
        """Ours to bare by walks a second, repeat by repeat."""
        return median(2 * one.rate / (a.rate + b.rate) for one, (a, b) in zip(self.ours, self.bare, strict=True))

    def cpu(self) -> float:
        """Our milliseconds of processor time a walk."""
        return median(one.cpu_ms for one in self.ours)

    def bare_cpu(self) -> float:
        """The bare application's."""
        return median((a.cpu_ms + b.cpu_ms) / 2 for a, b in self.bare)

    def cpu_ratio(self) -> float:
        """Bare to ours by processor time: comparable with `ratio`, and believed when they disagree."""
        return self.bare_cpu() / self.cpu()

    def client_ms(self) -> float:
        """The client's own milliseconds of processor time a walk of ours."""
        return median(1000 * one.client_cpu / one.walks for one in self.ours)

    def errors(self) -> int:
        """Walks of ours that failed."""
        return sum(sum(one.errors.values()) for one in self.ours)


def differ(a: Load, b: Load) -> float:
    """How far two bare runs lie apart, by rate."""
    return abs(a.rate - b.rate) / max(a.rate, b.rate, 1e-9)


def measure(bare: Callable[[], Load], ours: Callable[[], Load], repeats: int) -> Pair:
    """Both once to warm up; then bare, ours, bare, ours, …, bare. A repeat counts when the bare runs round it agree.

    At most 3 × repeats attempts. When the machine was never quiet enough, what was measured last fills up and
    `noisy` tells.
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
    """The same number of clients for the same seconds on both."""
    return measure(
        lambda: load.run(bare_server, bare_walk, clients, seconds),
        lambda: load.run(our_server, our_walk, clients, seconds),
        repeats,
    )
