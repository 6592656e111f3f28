"""Settings from the environment. Read once at an edge, passed down as a value."""

from __future__ import annotations

import base64
import os
import secrets
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from outreach.explained import Explained
from outreach.places import ROOT

LOCAL_CARRIER_PORT = 8010
DEMO_ACCOUNT = "AC" + "0" * 31 + "1"
DEMO_NUMBER = "+8610690000001"


class Provider(StrEnum):
    """Who carries texts and calls."""

    LOCAL = "local"  #: the local carrier, on this machine, whose handsets are simulated
    TWILIO = "twilio"  #: a real one


class BadSettings(Explained):
    """An environment variable has a value that cannot be used."""


class Settings(BaseSettings):
    """Everything that differs between one machine and another."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, populate_by_name=True)

    database_url: str | None = None
    public_base_url: str | None = None
    twilio_account_sid: str = DEMO_ACCOUNT
    twilio_auth_token: str | None = None
    twilio_auth_token_previous: str | None = None
    twilio_api_base: str | None = None
    sender: str = Field(default=DEMO_NUMBER, validation_alias="OUTREACH_SENDER")
    calls_per_second: float | None = Field(default=None, gt=0, validation_alias="OUTREACH_CALLS_PER_SECOND")
    """What the carrier's account may place; config/bank.yml where not set."""
    calls_at_once: int | None = Field(default=None, gt=0, validation_alias="OUTREACH_CALLS_AT_ONCE")
    texts_per_second: float | None = Field(default=None, gt=0, validation_alias="OUTREACH_TEXTS_PER_SECOND")
    """What the sender may text; config/bank.yml where not set."""
    port: int = Field(default=8000, validation_alias="OUTREACH_PORT")
    console_port: int = Field(default=8001, validation_alias="OUTREACH_CONSOLE_PORT")
    console_base_url: str | None = Field(default=None, validation_alias="OUTREACH_CONSOLE_URL")
    oidc_issuer: str | None = Field(default=None, validation_alias="OUTREACH_OIDC_ISSUER")
    oidc_client_id: str | None = Field(default=None, validation_alias="OUTREACH_OIDC_CLIENT_ID")
    oidc_client_secret: str | None = Field(default=None, validation_alias="OUTREACH_OIDC_CLIENT_SECRET")
    oidc_login_claim: str = Field(default="preferred_username", validation_alias="OUTREACH_OIDC_LOGIN_CLAIM")
    """Which claim of the issuer's is the login of an account."""
    bot_url: str = Field(default="http://127.0.0.1:5005", validation_alias="OUTREACH_BOT_URL")
    actions_url: str = Field(default="http://127.0.0.1:5055/webhook", validation_alias="OUTREACH_ACTIONS_URL")
    data_dir: Path = Field(default=ROOT / ".data", validation_alias="OUTREACH_DATA_DIR")
    secret: str | None = Field(default=None, validation_alias="OUTREACH_SECRET")
    data_key: str | None = Field(default=None, validation_alias="OUTREACH_DATA_KEY")
    data_key_previous: str | None = Field(default=None, validation_alias="OUTREACH_DATA_KEY_PREVIOUS")
    """The key before, while rows are sealed anew with the current one (docs/runbook.md)."""
    shared: Path = Field(default=ROOT.parent / "shared", validation_alias="OUTREACH_SHARED")
    clock_start: datetime | None = Field(default=None, validation_alias="OUTREACH_CLOCK_START")
    clock_rate: float = Field(default=1.0, gt=0, validation_alias="OUTREACH_CLOCK_RATE")

    @field_validator("clock_start")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("has no time zone; write 2026-11-24T09:30:00+08:00")
        return value

    @property
    def api_base(self) -> str:
        """Where the carrier's REST API is; the local carrier where none is set."""
        return (self.twilio_api_base or f"http://127.0.0.1:{LOCAL_CARRIER_PORT}").rstrip("/")

    @property
    def carrier_is_local(self) -> bool:
        """Whether nothing sent from here can leave this machine: only then may the clock differ from real time."""
        return _is_loopback(urlsplit(self.api_base).hostname or "")

    @property
    def provider(self) -> Provider:
        """Through whom we send: the row of the country policy that applies, and what a stop of one carrier names."""
        return Provider.LOCAL if self.carrier_is_local else Provider.TWILIO

    @property
    def public_url(self) -> str:
        """The address under which the carrier reaches us."""
        return (self.public_base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def console_url(self) -> str:
        """The address under which staff reach the console; raises BadSettings where it would go unprotected."""
        url = (self.console_base_url or f"http://127.0.0.1:{self.console_port}").rstrip("/")
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname and not parts.path:
            return url
        if parts.scheme == "http" and _is_loopback(parts.hostname or "") and not parts.path:
            return url
        raise BadSettings(f"OUTREACH_CONSOLE_URL is {url}; write https://HOST (plain http on this machine only)")

    @property
    def oidc(self) -> tuple[str, str, str] | None:
        """Issuer, client and secret, or None where staff sign in with accounts of our own."""
        given = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)
        issuer, client, secret = given
        if issuer and client and secret:
            return issuer.rstrip("/"), client, secret
        if any(given):
            raise BadSettings(
                "set all of OUTREACH_OIDC_ISSUER, OUTREACH_OIDC_CLIENT_ID and OUTREACH_OIDC_CLIENT_SECRET"
            )
        return None

    def with_secrets(self) -> Self:
        """Fill the secrets that were not set from files under the data directory, making them on first use.

        That is the embedded default; a production deployment sets all three.
        """
        return self.model_copy(
            update={
                "secret": self.secret or _kept(self.data_dir / "secret"),
                "data_key": self.data_key or _kept(self.data_dir / "data_key"),
                "data_key_previous": self.data_key_previous or _read(self.data_dir / "data_key_previous"),
                "twilio_auth_token": self.twilio_auth_token
                or (_kept(self.data_dir / "carrier_token") if self.carrier_is_local else None),
            },
        )

    def data_key_bytes(self) -> bytes:
        """The key of the encrypted columns; raises BadSettings unless it is 32 bytes in base64."""
        return _key_bytes("OUTREACH_DATA_KEY", self.data_key or "")

    def previous_key_bytes(self) -> bytes | None:
        """The key before, where one is set; raises BadSettings unless it is 32 bytes in base64."""
        given = self.data_key_previous
        return _key_bytes("OUTREACH_DATA_KEY_PREVIOUS", given) if given else None


def read() -> Settings:
    """Read the environment; raises BadSettings naming the variable and what would be right."""
    try:
        return Settings()
    except ValidationError as error:
        said = "; ".join(f"{entry['loc'][0]}: {entry['msg']}" for entry in error.errors())
        raise BadSettings(said) from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def new_secret() -> str:
    """32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _key_bytes(name: str, given: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(given)
    except ValueError as error:
        raise BadSettings(f"{name} is not base64; give 32 bytes in URL-safe base64") from error
    if len(key) < 32:  # noqa: PLR2004 - AES-256
        raise BadSettings(f"{name} is shorter than 32 bytes; give 32 bytes in URL-safe base64")
    return key


def _read(path: Path) -> str | None:
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def _kept(path: Path) -> str:
    """A random secret kept in a file only its owner reads; two first starts at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = new_secret()
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(made, encoding="ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
