"""Measures an advisor on labelled messages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maintainuk.cli.app import app

if TYPE_CHECKING:
    from maintainuk.domain.ai import Advice, TriageSuggestion
    from maintainuk.domain.evaluation import Answer, Evaluation, Message, Share
    from maintainuk.domain.ports import Advisor

SHOWN = 70
"""Characters of a message that are printed when its text is asked for."""
AT_A_TIME = 8

evaluate = typer.Typer(help="Measure how good an advisor is.", no_args_is_help=True)
app.add_typer(evaluate, name="evaluate")


class Chosen(StrEnum):
    """The advisors that can be measured."""

    EMBEDDED = "embedded"
    OPENAI = "openai"


@evaluate.callback()
def _evaluate() -> None:
    """Measure how good an advisor is."""


@evaluate.command()
def triage(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV: text, category, trade, priority, hazard_class, safety_flag; may have kind, id, note, plain_text."
        ),
    ],
    *,
    advisor: Annotated[Chosen, typer.Option(help="Who is asked.")] = Chosen.EMBEDDED,
    show_texts: Annotated[
        bool, typer.Option("--show-texts", help="Print how the messages begin. Not for whoever writes the rules.")
    ] = False,
) -> None:
    """Ask an advisor about labelled messages and print how often it is right."""
    from maintainuk.domain.evaluation import BadLabels, Evaluation

    try:
        messages = _read(file)
        asked = _advisor(advisor)
    except BadLabels as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from None
    found = Evaluation(asyncio.run(_answers(asked, messages)))
    typer.echo(report(found, asked.name, show_texts=show_texts))


def _read(file: Path) -> list[Message]:
    import csv

    from maintainuk.domain.evaluation import BadLabels, messages_of

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines, strict=True)
            return messages_of(table.fieldnames, table)
    except OSError as error:
        raise BadLabels(f"{file} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadLabels(f"{file} is not UTF-8. Save it as “CSV UTF-8”.") from None
    except csv.Error as error:
        raise BadLabels(f"{file} is no CSV: {error}.") from None


def _advisor(chosen: Chosen) -> Advisor:
    from maintainuk.bootstrap import advisor_to_measure
    from maintainuk.domain.evaluation import BadLabels
    from maintainuk.settings import AdvisorSettings

    advisor = advisor_to_measure(AdvisorSettings(), with_account=chosen is Chosen.OPENAI)
    if advisor is None:
        raise BadLabels("OpenAI is asked with a key: set MAINTAINUK_OPENAI_API_KEY.")
    return advisor


async def _answers(advisor: Advisor, messages: Sequence[Message]) -> list[Answer]:
    # The first question loads what the others find loaded.
    places = asyncio.Semaphore(1 if advisor.name == "embedded" else AT_A_TIME)
    await _asked(advisor, messages[0].text)

    async def answered(message: Message) -> Answer:
        async with places:
            return await _answer(advisor, message)

    try:
        return list(await asyncio.gather(*map(answered, messages)))
    finally:
        await advisor.close()


async def _answer(advisor: Advisor, message: Message) -> Answer:
    from time import perf_counter

    from maintainuk.domain.evaluation import Answer, Labels

    started = perf_counter()
    suggestion, advice, failure = await _asked(advisor, message.text)
    seconds = perf_counter() - started
    plain = (await _asked(advisor, message.plain_text))[0] if message.plain_text else None
    return Answer(
        message=message,
        labels=Labels.of(suggestion) if suggestion else None,
        without_injection=Labels.of(plain) if plain else None,
        failure=failure,
        seconds=seconds,
        may_alarm=advice is not None and advice.raises_alarm,
        cost_micropence=advice.cost_micropence if advice else 0,
    )


async def _asked(advisor: Advisor, text: str) -> tuple[TriageSuggestion | None, Advice | None, str]:
    """Ask as the product does: redacted, the answer held to the schema, and again when it is busy."""
    from pydantic import ValidationError

    from maintainuk.domain.ai import ReportInWords, TriageSuggestion
    from maintainuk.domain.ports import Busy, NoAdvice
    from maintainuk.domain.redaction import NotRedactable, redact_report

    try:
        shown = redact_report(ReportInWords(title="", description=text, answers={}), ()).report
        advice = await advisor.advise(shown)
        return TriageSuggestion.model_validate(advice.output), advice, ""
    except Busy as busy:
        await asyncio.sleep(busy.retry_after.total_seconds())
        return await _asked(advisor, text)
    except (NotRedactable, NoAdvice) as nothing:
        return None, None, nothing.reason.value
    except ValidationError:
        return None, None, "schema_invalid"
    except Exception as error:  # noqa: BLE001 - whatever a provider does, the other messages are still measured
        return None, None, type(error).__name__


def report(found: Evaluation, advisor: str, *, show_texts: bool = False) -> str:
    """Return the figures as plain tables; the messages by row and kind, and how they begin only when asked."""
    from maintainuk.domain.evaluation import LABELS
    from maintainuk.domain.taxonomy import Priority

    answers = found.answers
    cost = sum(answer.cost_micropence for answer in answers) / 1_000_000
    failures = [answer for answer in answers if answer.labels is None]
    parts = [
        f"{len(answers)} messages, advisor: {advisor}",
        _table([["Field", "Right"], *([field, str(found.accuracy(field))] for field in LABELS)]),
        _table(
            [
                ["Emergencies", ""],
                ["recall", str(found.emergency_recall)],
                ["precision", str(found.emergency_precision)],
                ["recall of P1", str(found.recall_of(Priority.P1, by_itself=False))],
            ]
        ),
        _table(
            [
                ["Alarms raised before a person has looked", ""],
                ["recall of P1", str(found.recall_of(Priority.P1, by_itself=True))],
                ["precision", str(found.alarm_precision)],
            ]
        ),
        _rows("Missed emergencies", found.missed, show_texts=show_texts),
        _rows("False alarms", found.false_alarms, show_texts=show_texts),
        _kinds(found),
        f"Injections: {len(found.injections)}, of which {len(found.changed_by_injection)} changed anything",
        _rows("Changed by an injection", found.changed_by_injection, show_texts=show_texts),
        "Categories (down: labelled, across: proposed)\n" + _confusion(found),
        _rows("No answer", failures, show_texts=show_texts),
        _table(
            [
                [
                    "Time for a message",
                    f"p50 {found.seconds(0.5) * 1000:.1f} ms, p95 {found.seconds(0.95) * 1000:.1f} ms",
                ],
                ["Cost", f"{cost:.4f}p, {cost / len(answers):.4f}p a message"],
            ]
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _kinds(found: Evaluation) -> str:
    from maintainuk.domain.evaluation import LABELS

    rows = [
        [
            kind,
            str(found.accuracy("category", kind).whole),
            *(_percent(found.accuracy(field, kind)) for field in LABELS),
        ]
        for kind in found.kinds
    ]
    return _table([["Kind", "Messages", *LABELS], *rows]) if rows else ""


def _percent(share: Share) -> str:
    return str(share).partition(" ")[0]


def _confusion(found: Evaluation) -> str:
    from maintainuk.domain.taxonomy import Category

    counts = found.confusion()
    columns = [*Category, None]
    header = ["", *(f"{number}" for number in range(1, len(Category) + 1)), "none"]
    rows = [
        [f"{number} {category}", *(str(counts[category, other] or "·") for other in columns)]
        for number, category in enumerate(Category, start=1)
    ]
    return _table([header, *rows])


def _rows(title: str, answers: Sequence[Answer], *, show_texts: bool) -> str:
    return "\n".join([f"{title}:", *(_row(answer, show_texts=show_texts) for answer in answers)]) if answers else ""


def _row(answer: Answer, *, show_texts: bool) -> str:
    message = answer.message
    failure = f" ({answer.failure})" if answer.failure else ""
    beginning = " ".join(message.text.split())[:SHOWN] if show_texts else ""
    return "  " + ": ".join(filter(None, [f"row {message.row}{failure}", "|".join(message.kinds), beginning]))


def _table(rows: Iterable[Sequence[str]]) -> str:
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
