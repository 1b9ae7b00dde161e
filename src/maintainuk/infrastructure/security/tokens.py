"""Access tokens: what a client shows with each request, signed so that the answer needs no look-up."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.utils import base64url_encode
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from maintainuk.domain.errors import NotSignedIn
from maintainuk.domain.sign_in import Client
from maintainuk.settings import Settings

LIFETIME = timedelta(minutes=15)
ISSUER = "maintainuk"
ALGORITHM = "EdDSA"
SKEW = 5
"""Seconds by which the clocks of two API machines may differ."""

LONGEST = 8_192
REMEMBERED = 4_096


class Claims(BaseModel):
    """What a token says. Role and permissions are for the client's display: the server asks the database."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    user_id: UUID = Field(alias="sub")
    session_id: UUID = Field(alias="sid")
    org_id: UUID = Field(alias="orgId")
    client: Client = Field(alias="aud")
    email: StrictStr
    role: StrictStr
    role_version: StrictInt = Field(alias="rver")
    permissions: tuple[StrictStr, ...]
    token_id: UUID = Field(alias="jti")
    issuer: StrictStr = Field(alias="iss")
    issued_at: StrictInt = Field(alias="iat")
    not_before: StrictInt = Field(alias="nbf")
    expires_at: StrictInt = Field(alias="exp")


REQUIRED = [str(field.alias or name) for name, field in Claims.model_fields.items()]


class Tokens:
    """Issues and verifies access tokens with this installation's Ed25519 key."""

    def __init__(self, settings: Settings) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(settings.derived_key("token-signing"))
        self._public = self._private.public_key()
        self.key_id = sha256(self._public.public_bytes_raw()).hexdigest()[:16]
        self._header = base64url_encode(
            f'{{"alg":"{ALGORITHM}","kid":"{self.key_id}","typ":"at+jwt"}}'.encode()
        ).decode()
        self._verified: OrderedDict[bytes, Claims] = OrderedDict()

    def issue(  # noqa: PLR0913  (each is a claim)
        self,
        *,
        user_id: UUID,
        session_id: UUID,
        org_id: UUID,
        client: Client,
        email: str,
        role: str,
        role_version: int,
        permissions: Sequence[str],
        now: datetime,
    ) -> str:
        """Return a token good for `LIFETIME` from `now`."""
        moment = int(now.timestamp())
        claims = Claims(
            user_id=user_id,
            session_id=session_id,
            org_id=org_id,
            client=client,
            email=email,
            role=role,
            role_version=role_version,
            permissions=tuple(permissions),
            token_id=uuid4(),
            issuer=ISSUER,
            issued_at=moment,
            not_before=moment,
            expires_at=moment + int(LIFETIME.total_seconds()),
        )
        return jwt.encode(
            claims.model_dump(mode="json", by_alias=True),
            self._private,
            algorithm=ALGORITHM,
            headers={"kid": self.key_id, "typ": "at+jwt"},
        )

    def verify(self, token: str) -> Claims:
        """Return what a genuine, present token says, whichever client it is for. Raises `NotSignedIn` for any other.

        What somebody may do follows from their role alone: no client opens or shuts anything.

        A token that was verified once is remembered until it runs out: its bytes, and so its signature and claims,
        cannot change, and whether the session still lives is asked of the database on every request anyway.
        """
        if len(token) > LONGEST or not token.isascii():
            raise NotSignedIn
        fingerprint = sha256(token.encode()).digest()
        claims = self._verified.get(fingerprint)
        if claims is None:
            claims = self._verify_afresh(token)
            self._verified[fingerprint] = claims
            if len(self._verified) > REMEMBERED:
                self._verified.popitem(last=False)
        elif claims.expires_at + SKEW <= time.time():
            del self._verified[fingerprint]
            raise NotSignedIn
        return claims

    def _verify_afresh(self, token: str) -> Claims:
        # We alone issue these tokens, so their header has one spelling: no `none`, no `jku`, no second `alg` gets past.
        header, _, rest = token.partition(".")
        if header != self._header or rest.count(".") != 1 or "=" in rest:
            raise NotSignedIn
        try:
            stated = jwt.decode(
                token,
                self._public,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=list(Client),
                leeway=SKEW,
                options={"require": REQUIRED},
            )
            return Claims.model_validate(stated)
        except (jwt.InvalidTokenError, ValidationError, ValueError, TypeError, OverflowError):
            raise NotSignedIn from None
