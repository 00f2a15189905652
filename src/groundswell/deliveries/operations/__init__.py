"""The deliveries room's writes. Each owns its transaction, takes `now`, and may be repeated."""

from groundswell.deliveries.operations.dossier import ANSWERS, WAYS, Delivered, add_proof, write_dossier
from groundswell.deliveries.operations.drip import Pace, drip_once, start_drip, stop_drip
from groundswell.deliveries.operations.make import (
    HandedOver,
    Verified,
    begin,
    export,
    go_on,
    hand_over,
    preview,
    since_preview,
    verify,
)
from groundswell.deliveries.operations.target_pages import MOST_DAYS, address, close_target_page, open_target_page

__all__ = [
    "ANSWERS",
    "MOST_DAYS",
    "WAYS",
    "Delivered",
    "HandedOver",
    "Pace",
    "Verified",
    "add_proof",
    "address",
    "begin",
    "close_target_page",
    "drip_once",
    "export",
    "go_on",
    "hand_over",
    "open_target_page",
    "preview",
    "since_preview",
    "start_drip",
    "stop_drip",
    "verify",
    "write_dossier",
]
