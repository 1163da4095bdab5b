"""R4: an acknowledged registration is on the disk before the response is sent; observed with strace."""

import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import databases
from tests.reliability.forked_server import WORKERS, wait_until

pytestmark = pytest.mark.both_databases

POSTS = 30
CALL = re.compile(r"^(\d+)\s+(\w+)\(\d+<([^>]*)>(?:, \"((?:[^\"\\]|\\.)*)\")?")
RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>")
STARTED = re.compile(r"^(\d+)\s+(\w+)\(\d+<([^>]*)>.*<unfinished \.\.\.>$")


@pytest.fixture
def traced(server, tmp_path):
    """The system calls of all web workers, recorded while the test runs."""
    assert shutil.which("strace"), (
        "strace is missing, and this test needs it to see that responses wait for the disk: apt-get install strace"
    )
    file = tmp_path / "calls"
    wait_until(lambda: len(server.workers()) == WORKERS)  # the first may respond before the last was forked
    pids = [word for pid in server.workers() for word in ("-p", str(pid))]
    watch = "trace=fsync,fdatasync,pwrite64,sendto,sendmsg,write,writev"
    command = ["strace", "-f", "-y", "-s", "24", "-e", watch, "-o", str(file), *pids]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: attached(server.workers()) or tracer.poll() is not None)
    assert tracer.poll() is None, f"strace may not trace: {tracer.stderr.read()}"

    def end() -> str:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
        return file.read_text()

    yield end
    if tracer.poll() is None:
        tracer.kill()
        tracer.wait(10)
    tracer.stderr.close()


def attached(pids) -> bool:
    tasks = [task for pid in pids for task in Path(f"/proc/{pid}/task").glob("*/status")]
    return all("TracerPid:\t0" not in task.read_text() for task in tasks)


def events_of(text: str):
    """Yield (thread, call, file, first bytes) in the order in which the calls ended."""
    begun: dict[tuple[str, str], str] = {}
    for line in text.splitlines():
        if found := STARTED.match(line):
            begun[found.group(1), found.group(2)] = found.group(3)
        elif found := RESUMED.match(line):
            yield found.group(1), found.group(2), begun.pop((found.group(1), found.group(2)), "?"), line
        elif found := CALL.match(line):
            yield found.group(1), found.group(2), found.group(3), found.group(4) or ""


def unsynced(text: str) -> tuple[int, list[str]]:
    """Return the number of redirects sent after a write, and those sent before the write was synced."""
    answers, faults = 0, []
    dirty: dict[str, bool] = {}
    synced: dict[str, bool] = {}
    for thread, call, target, data in events_of(text):
        if call in ("pwrite64", "write", "writev") and target.endswith("-wal"):
            dirty[thread] = True
        elif call in ("fsync", "fdatasync") and target.endswith("-wal"):
            dirty[thread], synced[thread] = False, True
        elif call in ("sendto", "sendmsg", "write", "writev") and "HTTP/1.1 303" in data:
            answers += 1
            if dirty.get(thread) or not synced.get(thread):
                faults.append(
                    f"thread {thread}: answer {answers} left with dirty={dirty.get(thread)} synced={synced.get(thread)}"
                )
            synced[thread] = dirty[thread] = False
    return answers, faults


def test_every_acknowledged_registration_was_synced_before_its_response_was_sent(engines, server, request):
    """PostgreSQL writes in its own processes: there it is a setting, which the application checks at its start."""
    if server.name == "postgresql":
        refuses_a_database_that_does_not_sync(engines, request.getfixturevalue("run_folder"))
        return
    end = request.getfixturevalue("traced")
    hall = server.hall(room={None: POSTS})
    visitor = server.visitor()
    for number in range(POSTS):
        visitor.open(hall)
        assert visitor.send(hall, f"Gast{number}")[0] == 303
    visitor.close()
    answers, faults = unsynced(end())
    assert answers == POSTS and faults == []


def refuses_a_database_that_does_not_sync(engines, folder) -> None:
    """Make a database that does not wait for the disk."""
    kind = engines("postgresql")
    url = kind.copy()
    try:
        kind._do(f'alter database "{urlsplit(url).path[1:]}" set synchronous_commit = off')
        with pytest.raises(RuntimeError, match="synchronous_commit"):
            databases.make_app(url, folder)
    finally:
        kind.drop(url)


def test_control_a_response_that_did_not_wait_is_detected():
    wal, wire = "7</tmp/x.db-wal>", '9<socket:[1]>, "HTTP/1.1 303 SEE OTHER"'
    good = f'11 pwrite64({wal}, "x", 1, 0) = 1\n11 fdatasync({wal}) = 0\n11 sendto({wire}, 9, 0, NULL, 0) = 9\n'
    late = f'11 pwrite64({wal}, "x", 1, 0) = 1\n11 sendto({wire}, 9, 0, NULL, 0) = 9\n11 fdatasync({wal}) = 0\n'
    other = f'11 pwrite64({wal}, "x", 1, 0) = 1\n12 fdatasync({wal}) = 0\n11 sendto({wire}, 9, 0, NULL, 0) = 9\n'
    never = f"11 sendto({wire}, 9, 0, NULL, 0) = 9\n"
    again = good + f'11 pwrite64({wal}, "x", 1, 0) = 1\n11 sendto({wire}, 9, 0, NULL, 0) = 9\n'
    assert unsynced(good) == (1, [])
    assert [len(unsynced(text)[1]) for text in (late, other, never, again)] == [1, 1, 1, 1]
