"""A strict reader of iCalendar: it accepts only what RFC 5545 allows."""

import re
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Z][A-Z0-9-]*")
BARE = re.compile(r'[^\x00-\x08\x0a-\x1f\x7f";:,]*')
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "UID", "PRODID", "TZID", "TZNAME"}
ONCE = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SEQUENCE",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "URL",
    "STATUS",
    "ORGANIZER",
    "METHOD",
}


@dataclass
class Part:
    """A component: its lines as (name, parameters, value) and the components in it."""

    name: str
    lines: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def all(self, name: str) -> list[tuple[dict[str, str], str]]:
        """Return every line of this name."""
        return [(params, value) for one, params, value in self.lines if one == name]

    def get(self, name: str) -> str:
        """Return the value of a line that occurs once."""
        ((_params, value),) = self.all(name)
        return value


def read(raw: bytes) -> Part:
    """Read a file. Raises AssertionError with the fault."""
    assert raw.endswith(b"\r\n"), "the last line does not end"
    assert b"\n" not in raw.replace(b"\r\n", b""), "a bare LF"
    assert b"\r" not in raw.replace(b"\r\n", b""), "a bare CR"
    physical = raw[:-2].split(b"\r\n")
    for line in physical:
        assert line, "an empty line"
        assert len(line) <= 75, f"{len(line)} octets: {line!r}"
        line.removeprefix(b" ").decode()  # folded between characters, never inside one
    logical: list[bytes] = []
    for line in physical:
        if line.startswith((b" ", b"\t")):
            assert logical, "the first line is folded"
            logical[-1] += line[1:]
        else:
            logical.append(line)
    return _tree([_property(one.decode()) for one in logical])


def _tree(lines: list[tuple[str, dict[str, str], str]]) -> Part:
    root = Part("")
    stack = [root]
    for name, params, value in lines:
        if name == "BEGIN":
            stack.append(Part(value))
        elif name == "END":
            ended = stack.pop()
            assert ended.name == value and stack, f"END:{value} of {ended.name}"
            for once in ONCE:
                assert len(ended.all(once)) <= 1, f"{once} occurs more than once"
            stack[-1].parts.append(ended)
        else:
            assert len(stack) > 1, f"{name} outside a component"
            stack[-1].lines.append((name, params, value))
    assert len(stack) == 1 and len(root.parts) == 1 and root.parts[0].name == "VCALENDAR", "not one calendar"
    return root.parts[0]


def _property(text: str) -> tuple[str, dict[str, str], str]:
    found = NAME.match(text)
    assert found, f"no name: {text!r}"
    name, rest, params = found.group(), text[found.end() :], {}
    while rest.startswith(";"):
        key = NAME.match(rest[1:])
        assert key and rest[1 + key.end()] == "=", f"a parameter without value: {text!r}"
        rest = rest[2 + key.end() :]
        if rest.startswith('"'):
            value, _, rest = rest[1:].partition('"')
        else:
            value = BARE.match(rest).group()  # type: ignore[union-attr]
            rest = rest[len(value) :]
        params[key.group()] = value
    assert rest.startswith(":"), f"what comes after {name} is no value: {text!r}"
    value = rest[1:]
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value), f"a control character: {text!r}"
    return name, params, _unescape(value) if name in TEXTS else value


def _unescape(value: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), f"not escaped: {value!r}"
    assert not re.search(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])", value), f"an escape that is none: {value!r}"
    return re.sub(r"\\([\\;,nN])", lambda one: {"n": "\n", "N": "\n"}.get(one.group(1), one.group(1)), value)
