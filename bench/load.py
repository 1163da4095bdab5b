"""A bounded load: processes of threads that do a walk until the time is over, or once each at the same time."""

import multiprocessing
import resource
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from clients import Client, Walk
from servers import Server

PROCESSES = 2
STRIDE = 10_000  # short numbers: nine digits may pass the test of a burgerservicenummer and be refused
FORK = multiprocessing.get_context("fork")


@dataclass
class Load:
    """The result. `seconds` is wall time, `client_cpu` and `server_cpu` seconds of CPU time."""

    walks: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    client_cpu: float = 0.0
    server_cpu: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    statuses_5xx: int = 0

    @property
    def rate(self) -> float:
        """Walks per second."""
        return self.walks / self.seconds if self.seconds else 0.0

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU time of the server per walk."""
        return 1000 * self.server_cpu / self.walks if self.walks else 0.0


def _thread(port: int, walk: Walk, first: int, begin: float, until: float | None, load: Load) -> None:
    client = Client(port)
    time.sleep(max(0.0, begin - time.monotonic()))
    number = first
    while until is None or time.monotonic() < until:
        started = time.monotonic()
        try:
            load.outcomes[walk(client, number)] += 1
            load.walks += 1
        except Exception as fault:
            load.errors[f"{type(fault).__name__}: {str(fault)[:80]}"] += 1
            load.statuses_5xx += str(fault).startswith("status 5")
            client.close()
        load.slowest = max(load.slowest, time.monotonic() - started)
        number += 1
        if until is None:
            break
    load.requests, load.bytes = client.requests, client.bytes
    load.seconds = time.monotonic() - begin
    client.close()


def _process(pipe: Any, port: int, walk: Walk, firsts: list[int], begin: float, until: float | None) -> None:
    loads = [Load() for _ in firsts]
    threads = [
        threading.Thread(target=_thread, args=(port, walk, first, begin, until, load))
        for first, load in zip(firsts, loads, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = resource.getrusage(resource.RUSAGE_SELF)
    pipe.send((loads, used.ru_utime + used.ru_stime))


def _gathered(answers: list[tuple[list[Load], float]]) -> Load:
    total = Load()
    for loads, cpu in answers:
        total.client_cpu += cpu
        for load in loads:
            total.walks += load.walks
            total.requests += load.requests
            total.bytes += load.bytes
            total.outcomes += load.outcomes
            total.errors += load.errors
            total.statuses_5xx += load.statuses_5xx
            total.seconds = max(total.seconds, load.seconds)
            total.slowest = max(total.slowest, load.slowest)
    return total


def run(server: Server, walk: Walk, clients: int, seconds: float | None, processes: int = PROCESSES) -> Load:
    """Let this many clients walk for this many seconds (None: one walk each, all starting at the same time)."""
    processes = min(processes, clients)
    begin = time.monotonic() + 0.15 + clients / 1500
    until = begin + seconds if seconds is not None else None
    firsts = [1 + number * STRIDE for number in range(clients)]
    pairs = [FORK.Pipe(duplex=False) for _ in range(processes)]
    workers = [
        FORK.Process(target=_process, args=(pair[1], server.port, walk, firsts[n::processes], begin, until))
        for n, pair in enumerate(pairs)
    ]
    before = server.cpu()
    for worker in workers:
        worker.start()
    answers = [pair[0].recv() if pair[0].poll((seconds or 0) + 180) else ([], 0.0) for pair in pairs]
    for worker in workers:
        worker.join(5)
    total = _gathered(answers)
    total.server_cpu = server.cpu() - before
    return total
