"""A small HTTP client with a persistent connection, and the walks of a visitor: a page, the bare flow, a registration.

A walk is a sequence of requests. Written on a plain socket so that the client uses little of the servers' two cores.
"""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

CSRF = re.compile(rb'name="csrf_token" type="hidden" value="([^"]+)"')
NONCE = re.compile(rb'name="nonce" type="hidden" value="([^"]+)"')
CHOICE = re.compile(rb'name="((?:round_\d+)|profession)"[^>]* value="([^"]+)"')
OUTCOME = re.compile(rb"<h1>([^<]+)</h1>")


@dataclass
class Answer:
    """A received response; `size` includes its head."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int


class Client:
    """One visitor with one connection, reopened when the server closed it. Counts requests and bytes."""

    def __init__(self, port: int, agent: str = "bench") -> None:
        self.port, self.agent = port, agent
        self.socket: socket.socket | None = None
        self.requests = self.bytes = 0

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """Send one request and return its response; reopens a lost connection once, before any response byte."""
        body = urlencode(form).encode() if form is not None else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: schakel.example.org", f"User-Agent: {self.agent}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value]
        if form is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        fresh = self.socket is None
        try:
            answer = self._exchange(raw)
        except ConnectionError:
            self.close()
            if fresh or method == "POST":
                raise
            answer = self._exchange(raw)
        self.requests += 1
        self.bytes += answer.size
        return answer

    def _exchange(self, raw: bytes) -> Answer:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 120)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(raw)
        data = self._more(b"")
        while b"\r\n\r\n" not in data:
            data = self._more(data)
        head, _, rest = data.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        code = int(status.split()[1])
        body = b"" if code in (204, 304) else self._body(headers, rest)
        if headers.get("connection") == "close":
            self.close()
        return Answer(code, headers, body, len(head) + 4 + len(body))

    def _more(self, data: bytes) -> bytes:
        assert self.socket is not None
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionResetError("closed by the server")
        return data + piece

    def _body(self, headers: dict[str, str], data: bytes) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            return self._chunks(data)
        wanted = int(headers.get("content-length", "0"))
        while len(data) < wanted:
            data = self._more(data)
        return data

    def _chunks(self, data: bytes) -> bytes:
        parts = []
        while True:
            while b"\r\n" not in data:
                data = self._more(data)
            line, _, data = data.partition(b"\r\n")
            size = int(line, 16)
            while len(data) < size + 2:
                data = self._more(data)
            if not size:
                return b"".join(parts)
            parts.append(data[:size])
            data = data[size + 2 :]

    def close(self) -> None:
        """Close the connection."""
        if self.socket:
            self.socket.close()
            self.socket = None


Walk = Callable[[Client, int], str]


def wanted(answer: Answer, *statuses: int) -> Answer:
    """Return the response when its status is as expected. Raises RuntimeError otherwise."""
    if answer.status not in statuses:
        raise RuntimeError(f"status {answer.status}: {answer.body[:200]!r}")
    return answer


def page(path: str, cookie: str = "") -> Walk:
    """Return a walk that fetches one page."""

    def walk(client: Client, number: int) -> str:
        wanted(client.ask("GET", path, Cookie=cookie), 200)
        return "page"

    return walk


def unchanged(path: str, etag: str) -> Walk:
    """Return a walk that fetches a page the visitor has cached."""

    def walk(client: Client, number: int) -> str:
        wanted(client.ask("GET", path, If_None_Match=etag), 304)
        return "unchanged"

    return walk


def bare_flow(client: Client, number: int) -> str:
    """Walk through the bare flow of a registration: form, submit, done."""
    wanted(client.ask("GET", f"/form?n={number % 100_000 + 1}"), 200)
    sent = wanted(client.ask("POST", "/form", {"name": "Jan", "email": "jan@example.org"}), 303)
    wanted(client.ask("GET", sent.headers["location"]), 200)
    return "done"


def registration(slug: str, stem: str) -> Walk:
    """Return a walk that registers a new person: the form with its tokens, submit, the page with the outcome."""

    def walk(client: Client, number: int) -> str:
        path = f"/bijeenkomsten/{slug}/aanmelden"
        form = wanted(client.ask("GET", path), 200)
        cookie = form.headers["set-cookie"].partition(";")[0]
        fields = filled(form.body, number) | {"name": f"Deelnemer {stem} {number}", "organisation": "Praktijk"}
        fields["email"] = f"{stem}.{number}@deelnemers.example.org"
        sent = wanted(client.ask("POST", path, fields, Cookie=cookie), 303)
        done = wanted(client.ask("GET", sent.headers["location"], Cookie=cookie), 200)
        outcomes = OUTCOME.search(done.body)
        return outcomes[1].decode() if outcomes else "?"

    return walk


def filled(body: bytes, number: int) -> dict[str, str]:
    """Return the hidden fields of a form, with one choice from each list, in turn."""
    tokens = CSRF.search(body), NONCE.search(body)
    assert tokens[0] and tokens[1], "a form without its tokens"
    offered: dict[str, list[str]] = {}
    for name, value in CHOICE.findall(body):
        offered.setdefault(name.decode(), []).append(value.decode())
    chosen = {name: values[number % len(values)] for name, values in offered.items()}
    return {"csrf_token": tokens[0][1].decode(), "nonce": tokens[1][1].decode(), **chosen}


def signed_in(client: Client, email: str, password: str) -> str:
    """Sign in and return the session cookie."""
    form = wanted(client.ask("GET", "/inloggen"), 200)
    cookie = form.headers["set-cookie"].partition(";")[0]
    token = CSRF.search(form.body)
    assert token
    fields = {"csrf_token": token[1].decode(), "email": email, "password": password}
    return wanted(client.ask("POST", "/inloggen", fields, Cookie=cookie), 303).headers["set-cookie"].partition(";")[0]
