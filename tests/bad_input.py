"""Bad answers to any form: what each kind of field must refuse, and what the response must contain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from schakel import dates
from tests import forms, html
from tests.web_client import Client

Cases = dict[str, tuple[str, str]]
HUGE = "x" * 100_000
SIGHT = "Hier staan tekens in die niet te zien zijn."
BURGER = "burgerservicenummer"
TWICE = "twee keer"
FIRST = "Iemand anders was u voor."
TRICKS = {"zero width": "Bel\u200blen", "right to left": "Bellen\u202egnp", "bom": "Bel\ufefflen", "nul": "Bel\x00len"}
ENDS = {"line": "Bellen\nBcc: x@evil.test", "crlf": "Bellen\r\nBcc: x@evil.test"}
# Accepted everywhere: stored as typed, escaped wherever it is displayed.
HARMLESS = ("<script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "{{ 7*7 }} %(name)s", "'\"><svg/onload=alert(1)>")  # fmt: skip


def short_text(missing: str = "", size: int = 200) -> Cases:
    """Return values that every field of one line refuses."""
    return story(missing, size) | {name: (value, SIGHT) for name, value in ENDS.items()}


def story(missing: str = "", size: int = 4000) -> Cases:
    """Return values that every field of running text refuses."""
    long = f"hoogstens {size} tekens"
    cases: Cases = {"missing": ("", missing), "blank": (" \t ", missing)} if missing else {}
    cases |= {"too long": ("x" * (size + 1), long), "100 kB": (HUGE, long)}
    cases |= {name: (value, SIGHT) for name, value in TRICKS.items()}
    return cases | {"citizen number": ("Over patiënt 111222333, graag.", BURGER)}


def address() -> Cases:
    """Return values that are no e-mail address."""
    values = ("tjitske", "tjitske@", "a@b.nl, c@d.nl", "<script>@b.nl", "=cmd|'/C calc'!A0", "t@b.nl\r\nBcc: x@evil.test", "t\u200bt@b.nl", "tjítske@b.nl", "a" * 320 + "@b.nl", HUGE)  # fmt: skip
    return {value[:24]: (value, "") for value in values}


def day(missing: str = "", past: str = "") -> Cases:
    """Return values that are no acceptable date."""
    cases: Cases = {"missing": ("", missing)} if missing else {}
    for value in ("morgen", "2026-02-30", "21-11-2026", "<script>", "=1+1", "2027-01-01\r\nX: y", "9" * 400):
        cases[value[:12]] = (value, "")
    cases |= {"far": ("2101-01-01", "te ver weg"), "long ago": ("1999-12-31", "")}
    yesterday = (dates.today() - timedelta(days=1)).isoformat()
    return cases | ({"yesterday": (yesterday, past)} if past else {})


def choice(missing: str = "") -> Cases:
    """Return values that are not among the choices."""
    cases: Cases = {"missing": ("", missing)} if missing else {}
    return cases | {
        name: (value, "") for name, value in {"unknown": "tovenaar", "script": "<script>", "nul": "a\x00b", "huge": HUGE}.items()
    }  # fmt: skip


@dataclass
class Ask:
    """A form: client, address, good answers, and the answers that each of its fields must refuse."""

    who: str
    path: str
    filled: dict[str, Any]
    bad: dict[str, Cases] = field(default_factory=dict)

    def sent(self, client: Client) -> dict[str, Any]:
        """Return the opened form with good answers."""
        return {**forms.typed_in(client.get(self.path).text), **self.filled}


def _read(text: str, name: str) -> tuple[str, dict[str, Any], int]:
    """Return the error at a field, the content of the form, and the number of error summaries."""
    tree = html.quick_tree_of(text)
    error = next((node for node in tree.iter() if node.get("id") == f"{name}-error"), None)
    words = "" if error is None else " ".join("".join(error.itertext()).split())
    return words, forms.typed_in(text), sum(node.get("class") == "errors" for node in tree.iter("div"))


def lost(sent: dict[str, Any], again: dict[str, Any], but: str = "") -> Iterator[str]:
    """Return what was typed and is missing from the response."""
    for name, value in sent.items():
        if name not in ("csrf_token", but) and _seen(value) != _seen(again.get(name, "")):
            yield f"{name} was lost: {again.get(name)!r}"


def _seen(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return "".join(sign for sign in value.strip().replace("\r\n", "\n") if sign not in "\x00\ufffd\n")


def faults_of(ask: Ask, client: Client, dump: Callable[..., Any]) -> list[str]:
    """Send each bad answer in one field; each must get its error there, lose no input, and leave no trace."""
    good, found, before = ask.sent(client), [], dump()
    for name, cases in ask.bad.items():
        choosing = cases.get("unknown") is not None
        for number, (case, (value, saying)) in enumerate(cases.items()):
            client.check_pages = number == 0
            page = client.post(ask.path, data=(sent := {**good, name: value}))
            where = f"{ask.path} {name} {case}"
            if page.status_code != 422:
                found.append(f"{where}: answered {page.status_code}")
                continue
            error, again, summaries = _read(page.text, name)
            if not error or saying not in error or summaries != 1:
                found.append(f"{where}: says {error!r}, {summaries} summaries")
            found += [f"{where}: {one}" for one in lost(sent, again, name if choosing else "")]
            if dump() != before:
                found.append(f"{where}: left a trace")
                before = dump()
    return found


def twice_faults(ask: Ask, client: Client, dump: Callable[..., Any]) -> list[str]:
    """Send each field twice; each must be refused at its place and leave no trace in the database."""
    good, found, before = ask.sent(client), [], dump()
    client.check_pages = False
    tree = html.quick_tree_of(client.get(ask.path).text)
    kinds = {node.get("name"): node.get("type") for node in tree.iter("input")}
    hidden = {name for name, kind in kinds.items() if kind == "hidden"}
    for name, value in good.items():
        if name == "csrf_token" or kinds.get(name) in ("file", "checkbox"):
            continue
        page = client.post(ask.path, data={**good, name: [value, value]})
        error, again, summaries = _read(page.text, name) if page.status_code == 422 else ("", {}, 0)
        if page.status_code != 422 or summaries != 1 or (name not in hidden and TWICE not in error):
            found.append(f"{ask.path} {name}: answered {page.status_code}, says {error!r}")
        else:
            found += [f"{ask.path} {name}: {one}" for one in lost(good, again, name)]
    return found + ([f"{ask.path}: left a trace"] if dump() != before else [])
