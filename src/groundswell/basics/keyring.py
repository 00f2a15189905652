"""Key files: made once, mode 600, outside the database, each a small ring so that keys can be changed.

A file is JSON: `{"current": 2, "keys": {"1": "<base64>", "2": "<base64>"}}`. The current key seals, all of them open.
No key means a clear refusal; nothing in Groundswell falls back to plaintext.
"""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from groundswell.basics.result import Refused
from groundswell.basics.tokens import KEY_BYTES as TOKEN_KEY_BYTES
from groundswell.basics.tokens import TokenKeys

RINGS: Mapping[str, tuple[int, str]] = {
    "vault": (32, "seals contact details (AES-256-GCM)"),
    "index": (32, "finds a person by address without opening anything (HMAC-SHA-256; names by keyed BLAKE2s)"),
    "tokens": (TOKEN_KEY_BYTES, "signs the links, bounce addresses and unsubscribe addresses in letters (AES-256-SIV)"),
    "intake": (32, "opens the journal of signatures (X25519 private key; the public door holds only the public half)"),
    "secret": (48, "signs staff sessions (Django's secret)"),
}
"""Ring name → length of a key in bytes, what it is for."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id, and the id that is used for new work."""

    keys: Mapping[int, bytes]
    current: int

    @property
    def current_key(self) -> bytes:
        """The key that seals today."""
        return self.keys[self.current]

    def with_new(self, key: bytes) -> "KeyRing":
        """The ring with one key more, which becomes the current one."""
        new_id = max(self.keys, default=0) + 1
        return KeyRing({**self.keys, new_id: key}, new_id)

    def to_text(self) -> str:
        """The content of a key file."""
        keys = {str(key_id): base64.b64encode(key).decode() for key_id, key in sorted(self.keys.items())}
        return json.dumps({"current": self.current, "keys": keys}, indent=1) + "\n"


class KeyFolder:
    """The folder of key files. Reading is lazy and cached; a missing or damaged file is refused by its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rings: dict[str, KeyRing] = {}
        self._stamps: dict[str, tuple[int, int]] = {}

    def path(self, name: str) -> Path:
        """Where the ring `name` lies."""
        return self.folder / f"{name}.json"

    def ring(self, name: str) -> KeyRing:
        """The ring, or `Refused` with the file's name and the mend. A file that was replaced (a rotation) is read anew."""
        try:
            stamp = self.path(name).stat()
        except OSError:
            self._rings.pop(name, None)
            return self._read(name)
        mark = (stamp.st_mtime_ns, stamp.st_ino)
        if self._stamps.get(name) != mark or name not in self._rings:
            self._rings[name] = self._read(name)
            self._stamps[name] = mark
        return self._rings[name]

    def forget(self) -> None:
        """Read the files anew at the next call (after a rotation)."""
        self._rings.clear()
        self.__dict__.pop("tokens", None)

    @cached_property
    def tokens(self) -> TokenKeys:
        """The token keys, ready to seal and open."""
        ring = self.ring("tokens")
        return TokenKeys(ring.keys, ring.current)

    def write(self, name: str, ring: KeyRing) -> None:
        """Put the ring on disk: whole or not at all, mode 600."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.path(name).with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(ring.to_text())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path(name))
        self.forget()

    def _read(self, name: str) -> KeyRing:
        path = self.path(name)
        length, purpose = RINGS[name]
        try:
            content = json.loads(path.read_text())
            keys = {int(key_id): base64.b64decode(key, validate=True) for key_id, key in content["keys"].items()}
            ring = KeyRing(keys, int(content["current"]))
        except FileNotFoundError:
            raise Refused.because(
                "key-missing",
                f"The key file {path} is missing; it {purpose}.",
                "Put it back from your backup. On a new installation, `groundswell init` makes it.",
            ) from None
        except PermissionError:
            raise Refused.because(
                "key-unreadable", f"The key file {path} can't be read by this user.", "Run as the user who owns it."
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused.because("key-damaged", f"The key file {path} is damaged.", "Put it back from your backup.") from None
        if ring.current not in ring.keys or any(len(key) != length for key in ring.keys.values()):
            raise Refused.because(
                "key-damaged",
                f"The key file {path} holds keys of another length or lacks its current one.",
                "Put it back from your backup.",
            )
        return ring
