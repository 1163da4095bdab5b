"""What several tests start from, put in the database once.

A test marked `prepared(by=World)` finds what `World()` made, and gets a copy of its own of what `World()` returned from the
fixture `prepared`. The rows stand in an open transaction: each test works in a savepoint in it that is rolled back. The
transaction ends when a test comes by that is prepared otherwise.
"""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from schakel import db
from schakel.app import fsa

Maker = Callable[[], Any]


def maker_of(node: pytest.Item) -> Maker | None:
    """What prepares the database for a test; None for an empty one."""
    mark = node.get_closest_marker("prepared")
    return mark.kwargs["by"] if mark else None


class Preparation:
    """The connection of an application with an open transaction, in which one maker has worked."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.engine = fsa.engine
        self.maker: Maker | None = None
        self._made = b""
        self._connection: sa.Connection | None = None

    def connection_for(self, maker: Maker | None) -> sa.Connection:
        """A connection with an open transaction that sees what the maker made."""
        if self._connection is None or maker is not self.maker or not self._connection.in_transaction():
            self.close()
            self._connection = self.engine.connect()
            self._connection.begin()
            if maker:
                self._made = self._make(maker)
            self.maker = maker
        return self._connection

    def copy(self) -> Any:
        """What the maker returned, as objects that no other test has."""
        return pickle.loads(self._made)

    def close(self) -> None:
        """Roll everything back and let the connection go."""
        if self._connection is not None:
            self._connection.close()  # which rolls back
        self._connection = self.maker = None

    def _make(self, maker: Maker) -> bytes:
        fsa._app_engines[self.app][None] = self._connection
        try:
            with self.app.app_context():
                made = maker()
                db.end_transaction(True)
            return pickle.dumps(made)
        finally:
            fsa._app_engines[self.app][None] = self.engine
