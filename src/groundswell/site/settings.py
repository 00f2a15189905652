"""Every setting of an installation, typed, with its default and its reason. `docs/settings.md` is tested against this.

Read from the environment, or from the file that `GROUNDSWELL_ENV_FILE` names. A wrong value is refused at start, by
name, before anything listens.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from groundswell.basics.keyring import KeyFolder
from groundswell.basics.result import Problem, Refused
from groundswell.engine.pace import parse_limits, parse_quiet, parse_ramp


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
    base_url: str = Field("", description="The address that supporters' links begin with. Empty: where the door listens.")
    listen: str = Field("127.0.0.1:8000", description="Where the public door listens: `host:port`.")
    smtp: str = Field(
        "",
        description="Where letters are handed over: `smtp[s|+starttls]://user:password@host:port`; "
        "several with a comma, a weight as `#3`; `file:/folder` for a maildir, `anymail:postmark` "
        "for a provider's API. Empty: the mail server of this machine (port 25); "
        "in demo and development our own receiver.",
    )
    domain_limits: str = Field("", description="Letters a minute to a receiving domain at most: `gmail.com=600, outlook.com=300`.")
    warm_up: str = Field(
        "", description="A new sending domain's ramp: first day, letters on it, growth a day: `2026-11-01:200:1.5`."
    )
    one_letter_a_day: bool = Field(True, description="Nobody gets two letters to lists within a day; the second waits.")
    quiet_hours: str = Field("", description="Hours in which letters to lists rest, by the office's time zone: `22:00-07:00`.")
    bounce_domain: str = Field("bounce.example.org", description="The domain in Return-Path; its MX must lead here.")
    inbound_listen: str = Field("127.0.0.1:8025", description="Where our own mail receiver listens.")
    mx_listen: str = Field(
        "", description="Where bounces, goodbyes and answers are taken in by SMTP: `0.0.0.0:25`. Empty: nowhere."
    )
    mx_certificate: Path | None = Field(None, description="The certificate chain (PEM) for STARTTLS at `GROUNDSWELL_MX_LISTEN`.")
    mx_key: Path | None = Field(None, description="Its private key (PEM).")
    mx_per_minute: int = Field(600, ge=1, description="Mails a minute that one network (/24, IPv6: /64) may bring.")
    inbound_addresses: str = Field(
        "", description="Addresses whose mail comes in here beside those of the bounce domain, with commas: `answers@example.org`."
    )
    inbound_maildir: Path | None = Field(None, description="A maildir that another mail server fills; taken mails are removed.")
    inbound_mailboxes: str = Field(
        "",
        description="Mailboxes to fetch from: `imaps://user:password@host/INBOX`, `pop3s://…`, `imap+starttls://…`; "
        "several with a comma.",
    )
    answers_to: str = Field("", description="Where people's answers are forwarded. Empty: to the Reply-To of the letter.")
    webhooks: str = Field(
        "",
        description="Mail providers that report here, with their signing keys: `postmark mailgun=KEY sendgrid=KEY`. "
        "`groundswell inbound webhooks` prints the addresses.",
    )
    debug: bool = Field(False, description="Django's debug pages. Refused in production.")
    secret: str = Field("", description="Django's secret, where it is not kept in the key folder.")
    time_zone: str = Field("UTC", description="The office's time zone (IANA name).")
    postgres_user: str = Field("", description="The system user that runs the embedded database when started as root.")
    behind_proxy: bool = Field(
        False, description="A proxy of your own stands before the door and says in X-Forwarded-For who asks."
    )
    cap_letters: int = Field(
        0,
        ge=0,
        le=100,
        description="Nobody gets more mailings than this in `GROUNDSWELL_CAP_DAYS`, unless an audience has its own cap; 0: no cap.",
    )
    cap_days: int = Field(7, ge=1, le=90, description="The days that `GROUNDSWELL_CAP_LETTERS` is counted in.")
    approval_above: int = Field(
        500, ge=0, description="A letter that staff wrote needs a second person's approval where it is for more people than this."
    )
    silent_months: int = Field(
        0,
        ge=0,
        le=240,
        description="After so many months, people who may not be written to and never did anything are forgotten; 0: never.",
    )
    door_processes: int = Field(
        2, ge=1, le=64, description="Processes of the public door. One uses one core; the database needs some of the machine too."
    )
    senders: int = Field(
        2, ge=1, le=64,
        description="Processes that hand over a large letter side by side. One uses one core, and a little of another to sign.",
    )  # fmt: skip
    web_threads: int = Field(4, ge=1, le=64, description="Threads of the office's web server.")

    @field_validator("data", "keys", "mx_certificate", "mx_key", "inbound_maildir")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if not value:
            return value
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("should look like https://act.example.org")
        return value.rstrip("/")

    @field_validator("listen", "inbound_listen", "mx_listen")
    @classmethod
    def _host_port(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.field_name == "mx_listen":
            return value
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("should look like 127.0.0.1:8000")
        return value

    @field_validator("domain_limits", "warm_up", "quiet_hours")
    @classmethod
    def _pace(cls, value: str, info: ValidationInfo) -> str:
        {"domain_limits": parse_limits, "warm_up": parse_ramp, "quiet_hours": parse_quiet}[str(info.field_name)](value)
        return value

    @model_validator(mode="after")
    def _what_follows(self) -> Self:
        """A second installation names other ports; its links and its post follow them."""
        if not self.base_url:
            object.__setattr__(self, "base_url", f"http://{self.listen}")
        if not self.smtp:
            object.__setattr__(self, "smtp", f"smtp://{self.inbound_listen}" if self.is_local else "smtp://127.0.0.1:25")
        return self

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
    def fetches_as(self) -> str:
        """How we say who we are when a source is fetched: the program, and where to ask about it."""
        from groundswell import __version__  # noqa: PLC0415 (a word of the package itself)

        return f"Groundswell-record/{__version__} (+{self.base_url})" if self.base_url else f"Groundswell-record/{__version__}"

    @property
    def evidence_folder(self) -> Path:
        """Copies of the record's sources, each under its SHA-256."""
        return self.data / "evidence"

    @property
    def handover_folder(self) -> Path:
        """Files that were handed over, with their proofs."""
        return self.data / "handed-over"

    @property
    def mailbox_folder(self) -> Path:
        """The maildir of the local receiver (demo and development)."""
        return self.data / "mailbox"

    @property
    def spool_folder(self) -> Path:
        """Mail that came in, sealed, until it is in the database."""
        return self.data / "inbound"

    @property
    def lists_folder(self) -> Path:
        """Lists that staff uploaded to import: deleted when they are imported, and after a day."""
        return self.data / "lists"

    @property
    def inbound_list(self) -> frozenset[str]:
        """The fixed addresses whose mail comes in here, in lower case."""
        return frozenset(each.strip().lower() for each in self.inbound_addresses.split(",") if each.strip())

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
