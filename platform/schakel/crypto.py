"""Keys and hashes. Keys live in a key ring outside the database: one line per key, `name base64`."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class KeyRing:
    """The keys by name. Never printed: repr contains names only."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys

    def __repr__(self) -> str:
        return f"KeyRing({sorted(self._keys)})"

    def holds(self, name: str) -> bool:
        """Whether the ring has a key of this name."""
        return name in self._keys

    def key(self, name: str) -> bytes:
        """Return the key of this name. Raises KeyError when the ring has none."""
        return self._keys[name]


def read_keyring(path: Path) -> KeyRing:
    """Read a key ring file. Raises ValueError on a line without a key of 32 bytes, OSError when the file is absent."""
    keys = {}
    for line in path.read_text().splitlines():
        name, _, value = line.strip().partition(" ")
        if not name or name.startswith("#"):
            continue
        keys[name] = base64.b64decode(value, validate=True)
        if len(keys[name]) < KEY_BYTES:
            raise ValueError(f"key {name} in the key ring is shorter than {KEY_BYTES} bytes")
    return KeyRing(keys)


def write_keyring(path: Path, names: tuple[str, ...] = ("audit", "fields", "links")) -> None:
    """Create a key ring, readable by its owner only. Raises FileExistsError when the file exists."""
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        for name in names:
            file.write(f"{name} {base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n")


def new_token() -> str:
    """Return a new link token: 128 bits, safe in a URL. Only its hash is stored."""
    return secrets.token_urlsafe(16)


def derive_token(key: bytes, *parts: str) -> str:
    """Return a token of 128 bits, derived from the key each time, so that no database stores it."""
    return base64.urlsafe_b64encode(bytes.fromhex(mac(key, *parts))[:16]).decode().rstrip("=")


def new_public_id() -> str:
    """Return a random id for addresses: it discloses no order or count."""
    return secrets.token_hex(6)


def token_hash(token: str) -> str:
    """Return the hash of a token that is stored (the token is random, so a plain SHA-256 suffices)."""
    return hashlib.sha256(token.encode()).hexdigest()


def mac(key: bytes, *parts: str) -> str:
    """Return HMAC-SHA256 over the parts, each preceded by its length so that no two lists collide."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
