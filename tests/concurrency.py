"""Simultaneous work on a separate database: committing blocks, signed-in clients, and a common start."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from flask import Flask

from schakel import db
from tests import web_client
from tests.web_client import Client


@contextmanager
def committing(app: Flask) -> Iterator[None]:
    """Run a block in its own context and commit it."""
    with app.app_context():
        db.set_writing(True)
        yield
        db.end_transaction(True)
    db.set_writing(False)


def enter(app: Flask, person: Any) -> Client:
    """Return a signed-in client of an application with real commits."""
    with app.app_context():
        return web_client.sign_in(web_client.make_client(app), app, web_client.account_of(person))


def at_once(*verbs: Callable[[], int]) -> list[int]:
    """Run all at the same time; return what each returned."""
    answers: list[int] = []
    gate = threading.Barrier(len(verbs))

    def go(verb: Callable[[], int]) -> None:
        gate.wait()
        answers.append(verb())

    threads = [threading.Thread(target=go, args=(verb,)) for verb in verbs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def together(app, work, items, threads=40):
    """Run `work(item)` for each item in its own transaction, all at the same time."""
    start = threading.Barrier(threads)

    def one(item):
        with app.app_context():
            start.wait(60)
            db.set_writing(True)
            try:
                done = work(item)
                db.end_transaction(True)
                return done
            except BaseException:
                db.end_transaction(False)
                raise

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, items))
