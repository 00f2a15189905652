"""What the public door knows: folders, the token keys, and the public half of the journal's key. No vault, no database."""

import base64
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

from groundswell.basics.tokens import TokenKeys


@dataclass(frozen=True, slots=True)
class DoorConfig:
    """Everything the door needs, as the command `up` hands it over in a file of mode 600."""

    published: Path
    journal: Path
    office_socket: Path
    base_url: str
    organisation: str
    token_keys: dict[int, bytes]
    token_current: int
    intake_public: bytes
    intake_key_id: int
    behind_proxy: bool = False
    """The operator's own proxy stands before the door and says in X-Forwarded-For who asks."""
    processes: int = 1
    """Processes that answer side by side: each lets in its share of what one network may bring."""

    @property
    def tokens(self) -> TokenKeys:
        """The token keys, ready."""
        return TokenKeys(self.token_keys, self.token_current)

    @property
    def entry_key(self) -> bytes:
        """What the ids of entries are made with; of its own, so that an id says nothing of a token."""
        return hmac.digest(self.token_keys[self.token_current], b"entry", "sha256")

    def write(self, path: Path) -> None:
        """Put it where the door's process reads it."""
        content = {
            "published": str(self.published), "journal": str(self.journal), "office_socket": str(self.office_socket),
            "base_url": self.base_url, "organisation": self.organisation,
            "token_keys": {str(key): base64.b64encode(value).decode() for key, value in self.token_keys.items()},
            "token_current": self.token_current, "intake_public": base64.b64encode(self.intake_public).decode(),
            "intake_key_id": self.intake_key_id, "behind_proxy": self.behind_proxy, "processes": self.processes,
        }  # fmt: skip
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)

    @classmethod
    def read(cls, path: Path) -> "DoorConfig":
        """What `write` wrote."""
        content = json.loads(path.read_text())
        return cls(
            published=Path(content["published"]),
            journal=Path(content["journal"]),
            office_socket=Path(content["office_socket"]),
            base_url=content["base_url"],
            organisation=content["organisation"],
            token_keys={int(key): base64.b64decode(value) for key, value in content["token_keys"].items()},
            token_current=content["token_current"],
            intake_public=base64.b64decode(content["intake_public"]),
            intake_key_id=content["intake_key_id"],
            behind_proxy=content["behind_proxy"],
            processes=content["processes"],
        )
