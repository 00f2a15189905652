"""What the door does against robots, by itself: nobody else sees a signer, and nobody is turned away.

A signature that looks wrong is *held*: taken, kept, not counted, and decided by staff. Only what no person can send (a
field that nobody sees, filled in) is dropped.
"""

import base64
import fcntl
import hmac
import json
import os
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution

from groundswell.basics.domains import DISPOSABLE
from groundswell.pages.door.neighbours import Raised, Spent

BURST, PER_SECOND = 40.0, 0.5
"""A network (IPv4 /24, IPv6 /48) may bring this many at once, and this many a second for ever: a school, not a farm."""
RAISE_AT = 60
"""Doubtful signatures of one action within `WINDOW` seconds from which on its form asks for a little work."""
WINDOW = 60.0
CALM_AFTER = 600.0
OLDEST_FORM = timedelta(hours=36)
_WORK = 60_000
"""Hashes that a form costs while it is raised: a second or two on a phone, and a hundred cores for a hundred a second."""
_MOST = 100_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Networks:
    """From a visitor's address to a keyed hash of its network that nobody can make again the day after."""

    def __init__(self, folder: Path, *, today: Callable[[], date] = lambda: datetime.now(UTC).date()) -> None:
        self._path = folder / "network.key"
        self._today, self._day, self._key = today, date.min, b""
        self._known: dict[str, bytes] = {}

    def of(self, client: str) -> bytes:
        """8 bytes for the network of `client` (address, or address:port); empty for this machine and for nonsense."""
        host = client.rpartition(":")[0].strip("[]") if client.count(":") == 1 or client.startswith("[") else client
        if self._today() != self._day:
            self._turn()
        if host not in self._known:
            if len(self._known) > _MOST:
                self._known.clear()
            self._known[host] = self._hash(host)
        return self._known[host]

    def _hash(self, host: str) -> bytes:
        try:
            address = ip_address(host)
        except ValueError:
            return b""
        if address.is_loopback:
            return b""
        mapped = getattr(address, "ipv4_mapped", None)
        packed = (mapped or address).packed
        return hmac.digest(self._key, packed[:3] if len(packed) == 4 else packed[:6], "sha256")[:8]

    def _turn(self) -> None:
        """Today's key: random, in a file that door processes share, written over tomorrow and kept nowhere else."""
        self._day = self._today()
        self._known.clear()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # the first of the day makes it, the others wait for it
                kept = file.read().split()
                if len(kept) != 2 or kept[0] != self._day.isoformat() or len(kept[1]) != 64:
                    kept = [self._day.isoformat(), secrets.token_hex(32)]
                    file.seek(0)
                    file.truncate()
                    file.write(f"{kept[0]} {kept[1]}\n")
                self._key = bytes.fromhex(kept[1])
        except (OSError, ValueError):
            self._key = secrets.token_bytes(32)  # a full disk: this process keeps a key of its own for today


class Guard:
    """Judges forms. Holds counts per network and action, in memory and bounded.

    Of `processes` doors side by side, among which visitors fall by chance, each lets in its share. What all of them must know
    (which actions are under attack, which proofs of work were used) they tell each other in `folder`; it names nobody.
    """

    def __init__(self, key: bytes, folder: Path, *, clock: Callable[[], datetime], processes: int = 1) -> None:
        self._key, self._clock = hmac.digest(key, b"form", "sha256"), clock
        self._burst, self._per_second, self._raise_at = BURST / processes, PER_SECOND / processes, RAISE_AT / processes
        self._buckets: dict[bytes, _Bucket] = {}
        self._doubtful: dict[int, deque[float]] = {}
        self._raised, self._spent = Raised(folder), Spent(folder)

    def stamp(self) -> str:
        """What a form carries to prove when it was handed out; the same for everyone within ten seconds."""
        return self._stamped(int(self._clock().timestamp()) // 10)

    def raised(self, action: int) -> bool:
        """True while this action's form asks for work."""
        until = self._raised.until(action)
        # More than it is ever raised for was written by a clock that has jumped since.
        return until > 0 and 0 < until - self._clock().timestamp() <= CALM_AFTER + 1

    def work(self, working: str) -> str:
        """The puzzle, as markup inside the form; without a script it does nothing, and the signature is held."""
        expires = self._clock() + timedelta(hours=2)
        made = create_challenge(ChallengeOptions(algorithm="SHA-256", max_number=_WORK, hmac_key=self._key.hex(), expires=expires))
        puzzle = {"algorithm": made.algorithm, "challenge": made.challenge, "salt": made.salt, "signature": made.signature}
        return (
            f'<input type="hidden" name="altcha" value=""><p class="hint" data-work="{escape(json.dumps(puzzle))}" '
            f'data-most="{_WORK}" data-words="{escape(working)}" role="status"></p>'
        )

    def doubt(self, *, action: int, network: bytes, values: Mapping[str, str], domain: str, by_letter: bool) -> str:
        """Why this signature is to be held; empty where it is not. Counts it."""
        now = self._clock().timestamp()
        crowded = bool(network) and not self._let_in(network, now)
        reason = ""
        if domain in DISPOSABLE:
            reason = "throw-away address"
        elif not by_letter and self._solved(values.get("altcha", ""), now):
            return ""
        elif crowded:
            reason = "many from one network"
        elif not by_letter and self.raised(action):
            reason = "under attack, no proof of work"
        elif not by_letter and values.get("stamp") and not self._fresh(values["stamp"], now):
            reason = "form too old or not ours"
        if reason:
            self._count(action, now)
        return reason

    def _let_in(self, network: bytes, now: float) -> bool:
        bucket = self._buckets.get(network)
        if bucket is None:
            if len(self._buckets) >= _MOST:
                self._buckets.clear()
            bucket = self._buckets[network] = _Bucket(self._burst, now)
        # A clock that jumps back gives nothing and takes nothing.
        bucket.left = min(self._burst, bucket.left + max(0.0, now - bucket.at) * self._per_second)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _count(self, action: int, now: float) -> None:
        found = self._doubtful.setdefault(action, deque())
        found.append(now)
        while found and not 0 <= now - found[0] <= WINDOW:
            found.popleft()
        if len(found) >= self._raise_at:
            self._raised.set(action, now + CALM_AFTER)

    def _stamped(self, moment: int) -> str:
        return f"{moment:x}-{hmac.digest(self._key, b'%x' % moment, 'sha256')[:6].hex()}"

    def _fresh(self, stamp: str, now: float) -> bool:
        moment, _, _ = stamp.partition("-")
        try:
            made = int(moment[:12], 16)
        except ValueError:
            return False
        if not hmac.compare_digest(self._stamped(made).encode(), stamp.encode("utf-8", "replace")):
            return False
        return -60 <= now - made * 10 <= OLDEST_FORM.total_seconds()

    def _solved(self, payload: str, now: float) -> bool:
        if not payload or len(payload) > 1000:
            return False
        try:
            # The end is checked by the clock that everything here is checked by.
            good, _ = verify_solution(payload, self._key.hex(), check_expires=False)
            said = json.loads(base64.b64decode(payload))
            signature, ends = str(said["signature"]), int(parse_qs(str(said["salt"]).partition("?")[2])["expires"][0])
        except Exception:  # noqa: BLE001 (whatever a robot sends is no solution)
            return False
        return bool(good) and ends >= now and self._spent.take(signature, ends=ends, now=now)
