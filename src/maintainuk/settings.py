"""Everything an operator may decide, read once from MAINTAINUK_… variables."""

import base64
import hmac
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SHORTEST_SECRET = 32
MASTER_KEY_BYTES = 32
PLACEHOLDERS = ("change", "secret", "default", "example", "password", "insecure")
"""Words that a secret in a guide has and one made by chance has not."""


class Mode(StrEnum):
    """Demo: invented people, one click to sign in, loopback only. Live: real homes."""

    DEMO = "demo"
    LIVE = "live"


class AdvisorSettings(BaseSettings):
    """Who proposes triage; a measurement needs no more than this."""

    model_config = SettingsConfigDict(env_prefix="MAINTAINUK_", frozen=True, extra="ignore")

    openai_api_key: SecretStr | None = Field(
        None, description="Lets OpenAI propose triage, from redacted words. Empty: the embedded advisor does."
    )
    openai_base_url: str = Field("https://api.openai.com/v1", description="Where the Responses API is spoken.")
    openai_model: str = Field("gpt-5-mini", description="Model that is asked; its price is in openai_prices.toml.")


class Settings(AdvisorSettings):
    """The whole configuration; embedded defaults are values, not branches."""

    mode: Mode = Field(Mode.DEMO, description="demo or live.")
    secret_key: SecretStr = Field(description="At least 32 characters; every other key is derived from it.")
    index_key: SecretStr | None = Field(
        None,
        description="Finds people by their e-mail; never changes. Empty: secret_key, so name it here before changing.",
    )
    master_keys: SecretStr | None = Field(
        None,
        description="Keys that wrap each organisation's: VERSION:BASE64, comma between; the highest wraps. Empty: one"
        " derived from index_key or secret_key, which stays good as version 0. See `maintainuk keys`.",
    )

    sign_up: bool | None = Field(
        None,
        description="Whether anybody may begin an organisation here; letters have to leave. Empty: in demo mode only.",
    )

    os_places_key: SecretStr | None = Field(
        None, description="Lets Ordnance Survey's Places API find addresses. Empty: those that are known here already."
    )
    os_places_url: str = Field("https://api.os.uk/search/places/v1", description="Where that API is spoken.")

    host: str = Field("127.0.0.1", description="Address the API listens on. Demo mode refuses any but loopback.")
    port: int = Field(8300, ge=1, le=65535, description="Port the API listens on.")
    public_url: str = Field(
        "", description="Address people type; live mode beyond loopback: https. Empty: http://localhost:PORT."
    )
    web_dist: Path | None = Field(None, description="Folder of the built browser clients. Empty: none are served.")

    database_url: SecretStr = Field(
        description="PostgreSQL as the role that owns the schema; used by migrate and demo."
    )
    app_database_url: SecretStr | None = Field(None, description="As maintainuk_app. Empty: derived from database_url.")
    worker_database_url: SecretStr | None = Field(
        None, description="As maintainuk_worker. Empty: derived from database_url."
    )
    database_pool: int = Field(10, ge=1, le=100, description="Connections each process keeps at most.")
    database_deadline: float = Field(
        5.0, gt=0, description="Seconds one database call may take, and entering an organisation with all it needs."
    )
    pgbouncer: bool = Field(False, description="Connections pass PgBouncer in transaction mode.")

    redis_url: SecretStr | None = Field(None, description="Redis or Valkey. Empty: cache, limits and hints fall back.")
    redis_required: bool = Field(False, description="Whether readiness fails without Redis.")
    storage_url: str = Field("memory:///", description="Files: file:///path, s3://bucket, memory:///.")

    request_deadline: float = Field(15.0, gt=0, description="Seconds one request may take.")
    body_limit: int = Field(1_048_576, gt=0, description="Bytes of a request body.")
    requests_per_minute: int = Field(1_200, gt=0, description="Requests one person may make in a minute.")
    key_requests_per_minute: int = Field(300, gt=0, description="Requests one API key may make in a minute.")
    organisation_requests_per_minute: int = Field(12_000, gt=0, description="Requests one organisation may make.")
    allowed_origins: tuple[str, ...] = Field((), description="Other web origins that may call the API (CORS), as JSON.")
    trusted_proxies: int = Field(0, ge=0, description="How many proxies in front may be believed about the address.")
    response_cache_seconds: int = Field(10, ge=0, description="How long cached answers live; 0 turns the cache off.")

    metrics_token: SecretStr | None = Field(
        None, description="Bearer token for /metrics. Empty: demo mode shows them to this machine, live mode to nobody."
    )
    otlp_endpoint: str = Field(
        "",
        validation_alias=AliasChoices("otlp_endpoint", "MAINTAINUK_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="OTLP/HTTP collector for traces: http://HOST:4318. Empty: OTEL_EXPORTER_OTLP_ENDPOINT, else none.",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    worker_concurrency: int = Field(10, ge=1, le=200, description="Jobs one worker process runs at a time.")
    worker_lease: float = Field(30.0, gt=0, description="Seconds a job stays with a worker that gives no sign of life.")
    worker_metrics_port: int | None = Field(
        None, description="Port of the worker's own /metrics, which live mode serves with metrics_token only."
    )
    mail_sender: str = Field("repairs@maintainuk.example.com", description="Address that e-mails are sent from.")

    @model_validator(mode="after")
    def _safe_for_its_mode(self) -> Self:
        if len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            message = f"MAINTAINUK_SECRET_KEY needs at least {SHORTEST_SECRET} characters."
            raise ValueError(message)
        if self.index_key is not None and len(self.index_key.get_secret_value()) < SHORTEST_SECRET:
            message = f"MAINTAINUK_INDEX_KEY needs at least {SHORTEST_SECRET} characters."
            raise ValueError(message)
        try:
            _ = self.master_key_ring
        except ValueError:
            message = (
                "MAINTAINUK_MASTER_KEYS needs VERSION:KEY, the key 32 bytes in base64: 1:$(openssl rand -base64 32)"
            )
            raise ValueError(message) from None
        if self.mode is Mode.DEMO and self.host not in LOOPBACK:
            message = (
                "Demo mode signs anybody in, so it only listens on loopback. Set MAINTAINUK_MODE=live to serve others."
            )
            raise ValueError(message)
        if self.mode is Mode.LIVE:
            self._safe_for_real_homes()
        return self

    def _safe_for_real_homes(self) -> None:
        key = self.secret_key.get_secret_value()
        if len(set(key)) < SHORTEST_SECRET // 4 or any(word in key.lower() for word in PLACEHOLDERS):
            message = "MAINTAINUK_SECRET_KEY looks like a default. Make one with: openssl rand -base64 48"
            raise ValueError(message)
        if self.host not in LOOPBACK and not self.is_https:
            message = (
                f"Live mode on {self.host} needs an https:// address in MAINTAINUK_PUBLIC_URL: passwords and cookies"
                " would cross the network for all to read."
            )
            raise ValueError(message)

    @property
    def address(self) -> str:
        """Where people reach the product; passkeys want `localhost` and not 127.0.0.1."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def is_https(self) -> bool:
        """Whether cookies may demand a secure connection."""
        return self.address.startswith("https://")

    @property
    def longest_transaction(self) -> float:
        """Seconds after which PostgreSQL itself ends a transaction: no work that still goes on has one so long."""
        return max(self.request_deadline, self.database_deadline) + self.database_deadline

    @property
    def is_demo(self) -> bool:
        """Whether invented people may sign in with one click."""
        return self.mode is Mode.DEMO

    @property
    def has_mailer(self) -> bool:
        """Whether letters reach anybody: the demo has its mailbox, and live mode can't be given a mailer yet."""
        return self.is_demo

    @property
    def is_sign_up_open(self) -> bool:
        """Whether anybody may begin an organisation without those who run the installation."""
        return self.is_demo if self.sign_up is None else self.sign_up

    def derived_key(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose, so that no two uses share a key."""
        return _derived(self.secret_key, purpose)

    @property
    def email_index_key(self) -> bytes:
        """The 32 bytes behind each stored e-mail index: another secret key must not make everybody unknown."""
        return self.lasting_key("email-index")

    def lasting_key(self, purpose: str) -> bytes:
        """Return 32 bytes for what must stay good when the secret key is changed."""
        return _derived(self.index_key or self.secret_key, purpose)

    @cached_property
    def master_key_ring(self) -> dict[int, bytes]:
        """The keys that wrap the organisations' keys, by version; 0 is derived. Raises `ValueError`."""
        ring = {0: self.lasting_key("master-key")}
        given = self.master_keys.get_secret_value() if self.master_keys else ""
        for one in filter(None, (part.strip() for part in given.split(","))):
            version, _, key = one.partition(":")
            ring[int(version)] = base64.b64decode(key, validate=True)
        if any(len(key) != MASTER_KEY_BYTES for key in ring.values()) or min(ring) < 0:
            raise ValueError
        return ring

    def role_password(self, role: str) -> str:
        """Return the database password of a role that migrations create."""
        return base64.urlsafe_b64encode(self.derived_key(f"database-role:{role}")).decode().rstrip("=")

    @cached_property
    def owner_dsn(self) -> str:
        """PostgreSQL as the owner of the schema."""
        return self.database_url.get_secret_value()

    @cached_property
    def app_dsn(self) -> str:
        """PostgreSQL as the API's role, which owns nothing and sees one organisation at a time."""
        return self._dsn_as(self.app_database_url, "maintainuk_app")

    @cached_property
    def worker_dsn(self) -> str:
        """PostgreSQL as the worker's role, which besides sees due messages of all organisations."""
        return self._dsn_as(self.worker_database_url, "maintainuk_worker")

    def _dsn_as(self, given: SecretStr | None, role: str) -> str:
        if given is not None:
            return given.get_secret_value()
        parts = urlsplit(self.owner_dsn)
        server = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{role}:{quote(self.role_password(role))}@{server}"))


def _derived(key: SecretStr, purpose: str) -> bytes:
    return hmac.digest(key.get_secret_value().encode(), purpose.encode(), sha256)
