"""Passkeys (WebAuthn): the question a browser is asked, and whether its answer is good.

The challenge is made of the ticket's secret, which works once; so does each answer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from maintainuk.domain.second_factors import SecondFactor
from maintainuk.settings import Settings

NAME = "MaintainUK"
LONGEST_ANSWER = 20_000
"""Characters; a real one has about a thousand."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


class Passkeys:
    """Asks and judges; keeps nothing."""

    def __init__(self, settings: Settings) -> None:
        self._origin = settings.address
        self._site = urlsplit(settings.address).hostname or "localhost"

    def question(self, ticket: str, keys: Sequence[SecondFactor]) -> dict[str, Any]:
        """Return what `navigator.credentials.get` is given to prove one of these."""
        options = webauthn.generate_authentication_options(
            rp_id=self._site,
            challenge=_challenge(ticket),
            allow_credentials=_described(keys),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return _as_json(options)

    def offer(
        self, ticket: str, *, identity_id: UUID, email: str, name: str, known: Sequence[SecondFactor]
    ) -> dict[str, Any]:
        """Return what `navigator.credentials.create` is given to make one."""
        options = webauthn.generate_registration_options(
            rp_id=self._site,
            rp_name=NAME,
            user_id=identity_id.bytes,
            user_name=email,
            user_display_name=name,
            challenge=_challenge(ticket),
            exclude_credentials=_described(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
        return _as_json(options)

    def made(self, answer: dict[str, Any], ticket: str) -> NewPasskey | None:
        """Return the passkey that was made, if the answer is one to our question."""
        try:
            found = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=_challenge(ticket),
                expected_rp_id=self._site,
                expected_origin=self._origin,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            return None
        return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count)

    def proved(self, answer: dict[str, Any], ticket: str, key: SecondFactor) -> int | None:
        """Return the passkey's new counter, if it has signed our question."""
        assert key.public_key is not None
        try:
            found = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=_challenge(ticket),
                expected_rp_id=self._site,
                expected_origin=self._origin,
                credential_public_key=key.public_key,
                credential_current_sign_count=key.sign_count,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            return None
        return found.new_sign_count

    @staticmethod
    def named_in(answer: dict[str, Any]) -> bytes:
        """Return which passkey an answer claims to be of; empty when it claims nothing readable."""
        raw = answer.get("rawId")
        if not isinstance(raw, str):
            return b""
        try:
            return webauthn.base64url_to_bytes(raw)
        except ValueError:
            return b""


def _challenge(ticket: str) -> bytes:
    return sha256(b"passkey-challenge:" + ticket.encode()).digest()


def _described(keys: Sequence[SecondFactor]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys if key.credential_id]


def _as_json(options: Any) -> dict[str, Any]:  # noqa: ANN401  (one of two shapes of the library)
    written: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return written
