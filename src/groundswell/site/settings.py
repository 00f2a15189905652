"""Every setting of an installation, typed, with its default and its reason. `docs/settings.md` is tested against this.

Read from the environment, or from the file that `GROUNDSWELL_ENV_FILE` names. A wrong value is refused at start, by
name, before anything listens.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from groundswell.basics.keyring import KeyFolder
from groundswell.basics.result import Problem, Refused


class Settings(BaseSettings):
    """The installation, as its operator described it."""

    model_config = SettingsConfigDict(env_prefix="GROUNDSWELL_", extra="ignore", frozen=True, populate_by_name=True)

    mode: Literal["production", "development", "demo"] = Field(
        "production", description="`production`; `development` and `demo` add the local mail receiver and its page."
    )
    data: Path = Field(Path("var"), description="The data folder: database, keys, journal, published pages, media.")
    keys: Path | None = Field(None, description="The key folder, where it should lie elsewhere than in `data`.")
    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="A PostgreSQL server (`postgresql://user:password@host/name`). Empty: embedded, in `data`.",
    )
    base_url: str = Field("http://127.0.0.1:8000", description="The address that supporters' links begin with.")
    listen: str = Field("127.0.0.1:8000", description="Where the public door listens: `host:port`.")
    smtp: str = Field(
        "smtp://127.0.0.1:8025",
        description="Where letters are handed over: `smtp[s|+starttls]://user:password@host:port`; "
        "several with a comma, a weight as `#3`.",
    )
    bounce_domain: str = Field("bounce.example.org", description="The domain in Return-Path; its MX must lead here.")
    inbound_listen: str = Field("127.0.0.1:8025", description="Where our own mail receiver listens.")
    debug: bool = Field(False, description="Django's debug pages. Refused in production.")
    secret: str = Field("", description="Django's secret, where it is not kept in the key folder.")
    time_zone: str = Field("UTC", description="The office's time zone (IANA name).")
    postgres_user: str = Field("", description="The system user that runs the embedded database when started as root.")
    web_threads: int = Field(4, ge=1, le=64, description="Threads of the office's web server.")

    @field_validator("data", "keys")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("should look like https://act.example.org")
        return value.rstrip("/")

    @field_validator("listen", "inbound_listen")
    @classmethod
    def _host_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("should look like 127.0.0.1:8000")
        return value

    @property
    def is_local(self) -> bool:
        """Demo and development: a mailbox page instead of the world."""
        return self.mode != "production"

    @property
    def host(self) -> str:
        """The public door's host."""
        return self.listen.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The public door's port."""
        return int(self.listen.rpartition(":")[2])

    @cached_property
    def key_folder(self) -> KeyFolder:
        """The keys of this installation."""
        return KeyFolder(self.keys or self.data / "keys")

    @property
    def database_folder(self) -> Path:
        """Where the embedded database lies."""
        return self.data / "postgres"

    @property
    def journal_folder(self) -> Path:
        """Where the public door writes what it accepted."""
        return self.data / "journal"

    @property
    def published_folder(self) -> Path:
        """Published pages: files that are served without Django or database."""
        return self.data / "published"

    @property
    def media_folder(self) -> Path:
        """Images and documents that staff uploaded."""
        return self.data / "media"

    @property
    def handover_folder(self) -> Path:
        """Files that were handed over, with their proofs."""
        return self.data / "handed-over"

    @property
    def mailbox_folder(self) -> Path:
        """The maildir of the local receiver (demo and development)."""
        return self.data / "mailbox"

    @property
    def run_folder(self) -> Path:
        """Locks and sockets of the running group."""
        return self.data / "run"


def load(**changes: object) -> Settings:
    """The settings of this process, or `Refused` naming each wrong one."""
    env_file = os.environ.get("GROUNDSWELL_ENV_FILE")
    if env_file and not Path(env_file).is_file():
        raise Refused.because(
            "setting-env-file", f"GROUNDSWELL_ENV_FILE names {env_file}, which is not there.", "Correct or unset it."
        )
    try:
        return Settings(_env_file=env_file, **changes)  # type: ignore[call-arg, arg-type]
    except ValidationError as error:
        raise Refused(
            *(
                Problem(
                    "setting-wrong",
                    f"The setting {_variable(str(fault['loc'][0]))} is wrong: {_reason(fault['msg'])}.",
                    "docs/settings.md lists them all.",
                )
                for fault in error.errors()
            )
        ) from None


def _variable(name: str) -> str:
    return name if name.isupper() else f"GROUNDSWELL_{name.upper()}"


def _reason(text: str) -> str:
    return text.removeprefix("Value error, ")
