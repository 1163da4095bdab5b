"""A mail server that fails on request at each step of the conversation, and an application that uses it."""

import asyncio
import email
import email.policy
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from tests.demo_server import free_port

GOOD = "250 OK"


class Sink:
    """Receives mail. `script` holds what to do with the next attempts, one word each; after that all succeed.

    ok · 451 and 550 (at RCPT) · 554 (after DATA) · hang (at RCPT) · drop (before DATA) · dropped (after DATA, unanswered) ·
    gone (after its 250, before QUIT) · leave (at once after its 250)
    """

    def __init__(self) -> None:
        self.reset()
        self.port = free_port()
        self.on: dict[str, Callable[[], None]] = {}
        self._controller: Any = None

    def reset(self) -> None:
        """Delete all mails and the script."""
        self.script: list[str] = []
        self.taken: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.tries = self.connections = 0
        self.on = {}
        self._now = "ok"

    def start(self) -> None:
        """Listen on the loopback."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    def ids(self) -> Counter[str]:
        """Return how often each Message-ID was received."""
        return Counter(str(one["Message-ID"]) for one in self.taken)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.tries += 1
        self._now = self.script.pop(0) if self.script else "ok"
        self._call("mail")
        if self._now == "421":
            return "421 closing"
        envelope.mail_from = address
        return GOOD

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self._now in ("451", "550"):
            return f"{self._now} no"
        if self._now == "hang":
            await asyncio.sleep(30)
        if self._now == "drop":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return GOOD

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self._now == "554":
            return "554 no"
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        self._call("data")
        if self._now == "dropped":
            server.transport.abort()
        asyncio.get_running_loop().call_later(0.002, self._call, "accepted")
        if self._now in ("gone", "leave"):
            asyncio.get_running_loop().call_later(0.05 if self._now == "gone" else 0, server.transport.abort)
        return GOOD

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        if self._now == "gone":
            await asyncio.sleep(0.2)
        return "221 Bye"

    def _call(self, point: str) -> None:
        if point in self.on:
            self.on[point]()


def send_to(app: Flask, port: int, monkeypatch: Any) -> None:
    """Let an application send its mail to a port on the loopback address, without TLS."""
    state = app.extensions["mail"]
    for name, value in {"server": "127.0.0.1", "port": port, "use_tls": False}.items():
        monkeypatch.setattr(state, name, value)
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", port)
