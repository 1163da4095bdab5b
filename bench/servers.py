"""gunicorn for Schakel and for the bare application with the same settings, and the CPU time of each."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from databases import BENCH, HOST, ROOT, environment

BIN = Path(sys.executable).parent
TICK = os.sysconf("SC_CLK_TCK")
FAULTS = ("database is locked", "database_unavailable", "crash request", "commit_failed", "Traceback", "deadlock")


def free_port() -> int:
    """Return a free port on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """Return the ids of a process and its children."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                if int(_stat(int(entry.name))[1]) == pid:
                    found.append(int(entry.name))
    return found


class Server:
    """One gunicorn with one database. `log` is what it wrote to its standard error."""

    def __init__(self, name: str, app: str, settings: dict[str, str], folder: Path, workers: int, ready: str) -> None:
        self.name, self.port, self.ready = name, free_port(), ready
        self.log = folder / f"{name}-{self.port}.log"
        settings |= {"PORT": str(self.port), "SCHAKEL_WORKERS": str(workers), "SCHAKEL_THREADS": "4"}
        command = [str(BIN / "gunicorn"), "-c", str(ROOT / "gunicorn.conf.py"), app]
        self.began = time.perf_counter()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT if app.startswith("wsgi") else BENCH, env=settings, stdout=log, stderr=log
            )
        self._wait()
        self.first_answer = time.perf_counter() - self.began
        self.pids = self._settled(workers + 1)

    def _wait(self) -> None:
        """Send requests until the first good response; at most 30 s."""
        for _ in range(6000):
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} stopped:\n{self.log.read_text()[-2000:]}")
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2) as asking:
                asking.sendall(f"GET {self.ready} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
                if asking.recv(64).startswith(b"HTTP/1.1 200"):
                    return
            time.sleep(0.005)
        raise RuntimeError(f"{self.name} gave no sign of life")

    def _settled(self, wanted: int) -> list[int]:
        for _ in range(500):
            found = family(self.process.pid)
            if len(found) >= wanted:
                return found
            time.sleep(0.02)
        raise RuntimeError(f"{self.name}: {len(found)} processes, {wanted} expected")

    def cpu(self) -> float:
        """Return the seconds of CPU time of master and workers so far."""
        return sum(sum(map(int, _stat(pid)[11:13])) for pid in self.pids) / TICK

    def memory(self) -> tuple[float, float]:
        """Return RSS and PSS in MB of the largest worker."""
        return max(_memory(pid) for pid in self.pids[1:])

    def faults(self) -> dict[str, int]:
        """Return how often each fault is in the log."""
        text = self.log.read_text(errors="replace")
        return {fault: text.count(fault) for fault in FAULTS if fault in text}

    def stop(self) -> None:
        """Stop it, and wait until it has ended."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def _memory(pid: int) -> tuple[float, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:] if line.startswith(("Rss", "Pss:"))}
    return found["Rss"], found["Pss"]


def ours(folder: Path, url: str, workers: int = 2, **more: str) -> Server:
    """Start Schakel."""
    return Server("ours", "wsgi:app", environment(folder, url, **more), folder, workers, "/gezond")


def bare(folder: Path, address: str, workers: int = 2) -> Server:
    """Start the bare application with new tables."""
    settings = {**os.environ, "BARE_DATABASE": address}
    subprocess.run([sys.executable, str(BENCH / "bare_app.py")], env=settings, check=True, timeout=120)
    return Server("bare", "bare_app:app", settings, folder, workers, "/page")


class Together:
    """A server whose CPU time includes that of its database."""

    def __init__(self, server: Server, database_cpu: Callable[[], float]) -> None:
        self.server, self.port, self.database_cpu = server, server.port, database_cpu

    def cpu(self) -> float:
        """Return the seconds of CPU time of all of them so far."""
        return self.server.cpu() + self.database_cpu()


class Worker:
    """`flask worker` beside the web processes, and the mail server it sends to."""

    def __init__(self, folder: Path, url: str) -> None:
        port = free_port()
        self.log = folder / f"worker-{port}.log"
        sink = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
        settings = environment(folder, url, SCHAKEL_SMTP=f"127.0.0.1:{port}", SCHAKEL_SMTP_TLS="0")
        with open(self.log, "wb") as log:
            self.sink = subprocess.Popen(sink, stdout=log, stderr=log)
            work = [str(BIN / "flask"), "--app", "wsgi:app", "worker"]
            self.process = subprocess.Popen(work, cwd=ROOT, env=settings, stdout=log, stderr=log)

    def stop(self) -> None:
        """Stop both."""
        for process in (self.process, self.sink):
            process.terminate()
            process.wait(20)

    def cpu(self) -> float:
        """Return the seconds of CPU time so far."""
        return sum(map(int, _stat(self.process.pid)[11:13])) / TICK

    def faults(self) -> dict[str, int]:
        """Return how often each fault is in the log."""
        text = self.log.read_text(errors="replace")
        return {fault: text.count(fault) for fault in FAULTS if fault in text}
