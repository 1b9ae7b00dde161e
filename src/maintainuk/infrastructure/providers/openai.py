"""OpenAI as an advisor: one call for each report, its answer held to our schema, no tries of its own."""

from __future__ import annotations

import asyncio
import json
import tomllib
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from maintainuk.domain.ai import Advice, AiFailure, ReportInWords, TriageSuggestion
from maintainuk.domain.ports import Busy, NoAdvice
from maintainuk.infrastructure.providers.embedded_advisor.floor import raised_by_rules

if TYPE_CHECKING:
    from openai import AsyncOpenAI, RateLimitError
    from openai.types.responses import Response

FOLDER = Path(__file__).parent
PROMPT_VERSION = "triage-v1"
PROMPT = (FOLDER / "openai_triage_v1.md").read_text(encoding="utf-8")
MOST_TOKENS_OUT = 4_000
"""Room for a model's thinking besides the few hundred tokens of an answer."""
WAIT_WHEN_BUSY = timedelta(seconds=20)
"""When it does not say itself how long."""
LONGEST_WAIT = timedelta(minutes=10)
OUT_OF_MONEY = "insufficient_quota"


class OpenAIAdvisor:
    """An `Advisor` behind an account. `base_url` may name any service that speaks the same Responses API.

    The strict schema leaves no room for wrong shapes, so an answer that breaks it is never sent back to be repaired.
    The rules for danger look at each report as well: whatever a report talks the model into, it can't lower an alarm.
    """

    name = "openai"

    def __init__(self, *, api_key: str, model: str, base_url: str, timeout: float = 30.0) -> None:
        self._api_key = api_key
        self._model = model
        self._base_url = base_url
        self._timeout = timeout

    async def advise(self, report: ReportInWords) -> Advice:
        """Propose a triage. Raises `NoAdvice` for good, `Busy` to wait, OpenAI's own errors to be tried again."""
        await asyncio.to_thread(import_module, "openai")  # takes a second, and the worker has other jobs in hand
        from openai import BadRequestError, RateLimitError  # noqa: PLC0415 - only some need it

        try:
            raw = await self._client.responses.with_raw_response.parse(
                model=self._model,
                instructions=PROMPT,
                input=json.dumps(
                    {"title": report.title, "description": report.description, "answers": dict(report.answers)},
                    ensure_ascii=False,
                ),
                text_format=TriageSuggestion,
                max_output_tokens=MOST_TOKENS_OUT,
                store=False,
                metadata={"prompt": PROMPT_VERSION},
            )
        except RateLimitError as refused:
            if refused.code == OUT_OF_MONEY:
                raise  # Waiting does not help; a person must, and sees it after the usual tries.
            raise Busy(_asked_to_wait(refused)) from None
        except BadRequestError:
            raise NoAdvice(AiFailure.PROVIDER_ERROR) from None
        # Whether it was refused or cut off is read first: the SDK parses half an answer too, and fails.
        answer = _unparsed(raw.content)
        _raise_if_unusable(answer)
        try:
            response: Any = raw.parse()
        except (ValidationError, AttributeError, TypeError):  # the SDK expects its own shapes and looks for no other
            raise NoAdvice(AiFailure.SCHEMA_INVALID) from None
        suggestion = response.output_parsed
        if not isinstance(suggestion, TriageSuggestion):
            raise NoAdvice(AiFailure.SCHEMA_INVALID)
        # The rules take their time over a long report.
        raised = await asyncio.to_thread(raised_by_rules, suggestion, report)
        return self._advice(raised, answer)

    async def close(self) -> None:
        """Give its connections back."""
        if "_client" in self.__dict__:
            await self._client.close()

    @cached_property
    def _client(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI  # noqa: PLC0415

        return AsyncOpenAI(api_key=self._api_key, base_url=self._base_url or None, timeout=self._timeout, max_retries=0)

    def _advice(self, suggestion: TriageSuggestion, answer: Response) -> Advice:
        usage = answer.usage
        tokens_in, tokens_out = (usage.input_tokens, usage.output_tokens) if usage else (0, 0)
        cached = usage.input_tokens_details.cached_tokens if usage and usage.input_tokens_details else 0
        return Advice(
            output=suggestion.model_dump(mode="json"),
            model=answer.model or self._model,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost_micropence=cost_micropence(answer.model or self._model, tokens_in, tokens_out, cached=cached),
        )


def cost_micropence(model: str, tokens_in: int, tokens_out: int, *, cached: int = 0) -> int:
    """Return what a call costs, in millionths of a penny; `cached` of the tokens in were charged at the lower price."""
    table = _prices()
    # The longest name first: gpt-5-mini-2025-08-07 is no gpt-5.
    known = sorted(table["models"], key=len, reverse=True)
    listed = next((name for name in known if model == name or model.startswith(f"{name}-20")), None)
    price = table["models"][listed] if listed else max(table["models"].values(), key=_dearness)
    dollars_for_a_million = (
        Decimal(price["input"]) * (tokens_in - cached)
        + Decimal(price["cached_input"]) * cached
        + Decimal(price["output"]) * tokens_out
    )
    # Dollars for a million tokens are millionths of a dollar for one: a million cancels out.
    return int((dollars_for_a_million * table["pence_per_dollar"]).to_integral_value(ROUND_HALF_UP))


def _dearness(price: dict[str, str]) -> Decimal:
    return Decimal(price["input"]) + Decimal(price["output"])


@cache
def _prices() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "openai_prices.toml").read_text(encoding="utf-8"))


def _unparsed(content: bytes) -> Response:
    from openai.types.responses import Response  # noqa: PLC0415

    try:
        answer = json.loads(content)
    except ValueError:
        raise NoAdvice(AiFailure.SCHEMA_INVALID) from None
    if not isinstance(answer, dict):
        raise NoAdvice(AiFailure.SCHEMA_INVALID)
    return Response.construct(**answer)


def _raise_if_unusable(answer: Response) -> None:
    if answer.status == "incomplete":
        why = answer.incomplete_details.reason if answer.incomplete_details else None
        raise NoAdvice(AiFailure.REFUSED if why == "content_filter" else AiFailure.TRUNCATED)
    if answer.status not in {None, "completed"}:
        raise NoAdvice(AiFailure.PROVIDER_ERROR)
    for item in answer.output or ():
        parts = getattr(item, "content", None) or ()
        if any(getattr(part, "type", None) == "refusal" for part in parts):
            raise NoAdvice(AiFailure.REFUSED)


def _asked_to_wait(refused: RateLimitError) -> timedelta:
    try:
        wait = timedelta(seconds=float(refused.response.headers["retry-after"]))
    except (KeyError, ValueError, OverflowError):
        return WAIT_WHEN_BUSY
    return min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)
