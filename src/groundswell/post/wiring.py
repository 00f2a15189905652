"""The installation's post office, from its settings: tokens, signers, relay."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from groundswell.engine.sign import Signer
from groundswell.engine.transports.smtp import Relay, SmtpTransport
from groundswell.post.deliver import PostOffice

SELECTOR = "gs1"


def dkim_path(domain: str) -> Path:
    """Where the DKIM key of a domain lies."""
    folder: Path = settings.GROUNDSWELL.key_folder.folder
    return folder / "dkim" / f"{domain}.{SELECTOR}.pem"


@lru_cache(maxsize=32)
def signer_for(domain: str) -> Signer | None:
    """The signer of a from-domain; None where it has no key yet (doctor says so)."""
    path = dkim_path(domain)
    return Signer(domain, SELECTOR, path.read_bytes()) if path.exists() else None


def post_office() -> PostOffice:
    """Everything that delivering needs."""
    installation = settings.GROUNDSWELL
    return PostOffice(
        tokens=installation.key_folder.tokens,
        base_url=installation.base_url,
        bounce_domain=installation.bounce_domain,
        logs=installation.data / "post",
        signer_for=signer_for,
    )


def transport() -> SmtpTransport:
    """A way to the first relay of the settings."""
    return SmtpTransport(Relay.parse(settings.GROUNDSWELL.smtp.split(",")[0]))
