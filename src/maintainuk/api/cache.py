"""Answers that need no asking again: `permitted(Permission.X, remembered=True)`.

Who asks, and whether they may, is asked of the database each time; only then is an answer recalled, and only one that
the same person was given, under the same version of their role, with nothing changed in their organisation since.
"""

from fastapi import Request, Response

from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.cache.answers import Answers, Place
from maintainuk.infrastructure.telemetry import trail

OK = 200
TAIL = len('"00000000000000000000000000000000"}')
"""How an envelope ends: with its own trace id, which is not part of what is remembered."""


class Recalled(Exception):
    """The answer is known; nothing need be worked out."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        step = trail.current()
        ending = f'"{step.trace_id if step else ""}"}}'.encode()
        self.answer = Response(body + ending, media_type="application/json")


async def recall(request: Request, actor: Actor, answers: Answers) -> None:
    """Raise `Recalled` when the answer is known; otherwise note where it is to be kept."""
    scope = request.scope
    known = await answers.recall(actor, scope["path"].encode() + b"?" + scope["query_string"])
    if isinstance(known, bytes):
        raise Recalled(known)
    scope["remember"] = known


async def remember(request: Request, answer: Response) -> None:
    """Keep a good answer, if its route asked for that."""
    place: Place | None = request.scope.get("remember")
    if place is not None and answer.status_code == OK:
        answers: Answers = request.app.state.services.answers
        await answers.keep(place, bytes(answer.body)[:-TAIL])
