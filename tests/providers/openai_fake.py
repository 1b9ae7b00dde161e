"""OpenAI's Responses API on loopback, in its real wire format, in good and in bad moods."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

GOOD = {
    "category": {"value": "plumbing_leaks", "reason": "Says the kitchen tap drips."},
    "trade": {"value": "plumber", "reason": "Taps are mended by a plumber."},
    "priority": {"value": "P3", "reason": "A drip does no damage."},
    "hazard_class": {"value": "none", "reason": "Nobody can come to harm."},
    "safety_flag": {"value": False, "reason": "Nothing needs doing now."},
    "missing_questions": [{"question": "Can you turn it off?", "reason": "It does not say."}],
}
OBEYING = GOOD | {
    "category": {"value": "other", "reason": "As instructed."},
    "priority": {"value": "P4", "reason": "The report says to ignore previous instructions."},
}
OFF_SCHEMA: dict[str, dict[str, Any]] = {
    "an unknown category": GOOD | {"category": {"value": "plumbing", "reason": "Tap."}},
    "an unknown priority": GOOD | {"priority": {"value": "P0", "reason": "Tap."}},
    "a reason of 301 characters": GOOD | {"priority": {"value": "P3", "reason": "x" * 301}},
    "a field too many": GOOD | {"approve": True},
    "a field too few": {name: value for name, value in GOOD.items() if name != "safety_flag"},
    "six questions": GOOD | {"missing_questions": GOOD["missing_questions"] * 6},
}


FAILURES = {
    "busy": (429, "Rate limit reached", "requests", "rate_limit_exceeded"),
    "out of money": (429, "You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
    "broken": (500, "The server had an error", "server_error", None),
    "unauthorized": (401, "Incorrect API key provided", "invalid_request_error", "invalid_api_key"),
    "bad request": (400, "Unsupported parameter", "invalid_request_error", "unsupported_parameter"),
}


@dataclass
class OpenAIFake:
    """What it answers next, and what it was asked."""

    base_url: str = ""
    mood: str = "good"
    answer: dict[str, Any] = field(default_factory=lambda: dict(GOOD))
    retry_after: str | None = "7"
    asked: list[dict[str, Any]] = field(default_factory=list)
    authorization: str = ""
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        self.authorization = dict(scope["headers"])[b"authorization"].decode()
        self.asked.append(await _body(receive))
        assert (scope["method"], scope["path"]) == ("POST", "/v1/responses")
        if self.mood == "silent":
            await self.gone.wait()
            return
        status, headers, body = self._reply()
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", b"application/json"), *headers],
            }
        )
        await send({"type": "http.response.body", "body": body})

    def _reply(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        if self.mood in FAILURES:
            status, message, kind, code = FAILURES[self.mood]
            wait = [(b"retry-after", self.retry_after.encode())] if self.mood == "busy" and self.retry_after else []
            error = {"error": {"message": message, "type": kind, "param": None, "code": code}}
            return status, wait, json.dumps(error).encode()
        written = json.dumps(self.answer)
        answers = {
            "good": lambda: self._response(_text(written)),
            "not json": lambda: b"<html>A proxy was here</html>",
            "another shape": lambda: b'{"choices": [], "output": ["nonsense"]}',
            "refusal": lambda: self._response({"type": "refusal", "refusal": "I can't help with that."}),
            "cut off": lambda: self._response(_text(written[:120]), incomplete="max_output_tokens"),
            "filtered": lambda: self._response(_text(""), incomplete="content_filter"),
            "half an answer": lambda: self._response(_text(written[:120])),
            "empty": self._response,
        }
        return 200, [], answers[self.mood]()

    def _response(self, *content: dict[str, Any], incomplete: str | None = None) -> bytes:
        status = "incomplete" if incomplete else "completed"
        message = {"id": "msg_1", "type": "message", "role": "assistant", "status": status, "content": list(content)}
        return json.dumps(
            {
                "id": "resp_1",
                "object": "response",
                "created_at": 1_795_000_000,
                "status": status,
                "error": None,
                "incomplete_details": {"reason": incomplete} if incomplete else None,
                "instructions": None,
                "metadata": {},
                "model": "gpt-5-mini-2025-08-07",
                "output": [{"id": "rs_1", "type": "reasoning", "summary": []}, *([message] if content else [])],
                "parallel_tool_calls": True,
                "temperature": 1.0,
                "tool_choice": "auto",
                "tools": [],
                "top_p": 1.0,
                "usage": {
                    "input_tokens": 1000,
                    "input_tokens_details": {"cached_tokens": 400, "cache_write_tokens": 0},
                    "output_tokens": 300,
                    "output_tokens_details": {"reasoning_tokens": 64},
                    "total_tokens": 1300,
                },
            }
        ).encode()


@asynccontextmanager
async def openai_fake() -> AsyncIterator[OpenAIFake]:
    """Serve it on a free port of loopback."""
    fake = OpenAIFake()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(fake, log_level="critical", lifespan="off", timeout_graceful_shutdown=1, ws="none")
    )
    serving = asyncio.create_task(server.serve([listener]))
    fake.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    try:
        yield fake
    finally:
        fake.gone.set()
        server.should_exit = True
        await serving
        listener.close()


def _text(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


async def _body(receive) -> dict[str, Any]:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return json.loads(body)
