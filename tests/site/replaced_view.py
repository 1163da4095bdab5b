"""Replace a view by one that misbehaves."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from schakel import access


def instead_of(
    app: Flask, monkeypatch: pytest.MonkeyPatch, endpoint: str, view: Callable[..., Any], writes: bool = False
) -> None:
    """Replace the view of `endpoint` by `view`, open to everybody."""
    view.rule = access.Rule("public", access.public, writes=writes)
    monkeypatch.setitem(app.view_functions, endpoint, view)
