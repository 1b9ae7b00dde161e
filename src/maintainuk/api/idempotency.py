"""A request repeated with the same Idempotency-Key has one effect and one answer.

The key is claimed as the first row of the unit of work and the answer is written into it as the last, so key, effect
and answer commit together. A request that fails leaves no key: it may be tried again.
"""

import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from re import compile as pattern
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from maintainuk.api.errors import KeyReused, Malformed
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.idempotency import IdempotentAnswer
from maintainuk.infrastructure.repositories.idempotency import IdempotentAnswers

KEY = pattern(r"[!-~]{1,255}")
KEPT_HEADERS = ("content-type", "etag", "location")


class AlreadyAnswered(Exception):
    """The request was made before; `answer` is what it was told then."""

    def __init__(self, known: IdempotentAnswer) -> None:
        super().__init__()
        assert known.status is not None
        self.answer = Response(
            known.body or "", known.status, {**json.loads(known.headers or "{}"), "Idempotent-Replay": "true"}
        )


@dataclass(slots=True)
class Claim:
    """A key that waits for its answer."""

    row_id: UUID
    answers: IdempotentAnswers
    instead: bytes | None = None

    async def keep(self, response: Response) -> None:
        """Keep the answer beside its effect, before both commit."""
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        body = bytes(response.body) if self.instead is None else self.instead
        await self.answers.keep(self.row_id, status=response.status_code, headers=json.dumps(headers), body=body)


def keep_instead(request: Request, answer: BaseModel) -> None:
    """Keep this for a repetition of the request: the answer now given holds a secret, which is never stored."""
    if (claim := claim_of(request)) is not None:
        claim.instead = answer.model_dump_json(by_alias=True).encode()


def claim_of(request: Request) -> Claim | None:
    """Return what was claimed for this request."""
    claim: Claim | None = request.scope.get("idempotency")
    return claim


async def claim(request: Request, work: UnitOfWork, *, by: UUID | None = None) -> None:
    """Claim the request's key for this unit of work. Raises `AlreadyAnswered` when it has had its effect.

    Keys are the signed-in person's own; somebody without an account is known `by` their link.
    """
    if request.method != "POST" or (key := request.headers.get("idempotency-key")) is None:
        return
    if not KEY.fullmatch(key):
        raise Malformed("idempotency-key-unreadable")
    by = by or work.actor.user_id or work.actor.key_id
    assert by is not None
    answers = IdempotentAnswers(work.session, by)
    request_hash = await _fingerprint(request)
    known = await answers.claim(key, request_hash, work.now)
    if isinstance(known, UUID):
        request.scope["idempotency"] = Claim(known, answers)
    elif known.request_hash != request_hash:
        raise KeyReused
    else:
        raise AlreadyAnswered(known)


async def _fingerprint(request: Request) -> bytes:
    """Return what tells one request from another: a keyed hash of address and body, which may hold secrets."""
    address = f"{request.scope['path']}?".encode() + request.scope["query_string"]
    told = b"%d:%s%s" % (len(address), address, await request.body())
    return hmac.digest(request.app.state.services.fingerprint_key, told, sha256)
