"""The post office's writes: letters lodged, rows addressed, claimed, recorded, recovered. Each is safe to repeat."""

from groundswell.post.operations.claiming import LEASE, Claimed, claim, release, release_all, withhold
from groundswell.post.operations.lodging import address, lodge
from groundswell.post.operations.recording import mark_returned, record
from groundswell.post.operations.recovering import recover, settle, settle_uncertain
from groundswell.post.operations.steering import cancel, pause, resume, set_speed, stop

__all__ = [
    "LEASE", "Claimed", "address", "cancel", "claim", "lodge", "mark_returned", "pause", "record", "recover", "release",
    "release_all", "resume", "set_speed", "settle", "settle_uncertain", "stop", "withhold",
]  # fmt: skip
