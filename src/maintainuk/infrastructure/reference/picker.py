"""Reads the guided picker: rooms, the faults found in them, and the drawings, from `picker/`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from maintainuk.domain.taxonomy import Category, Priority, Trade

FOLDER = Path(__file__).with_name("picker")
PATH = re.compile(r'<path d="([^"<>]+)"/>')


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked about a fault. `yes_no` is answered `yes` or `no`, `choice` with an option's key."""

    key: str
    text: str
    kind: Literal["choice", "text", "yes_no"]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that can be wrong, and what it usually means; `drawing` is one path on a board of 48 by 48."""

    key: str
    name: str
    drawing: str
    category: Category
    trade: Trade
    priority: Priority
    advice: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """Where in the home, with what can be wrong there, the usual things first."""

    key: str
    name: str
    drawing: str
    faults: tuple[Fault, ...]


@cache
def rooms() -> tuple[Room, ...]:
    """Return every room with its faults. A fault found in several rooms is the same one everywhere."""
    written = tomllib.loads((FOLDER / "picker.toml").read_text(encoding="utf-8"))
    questions = {key: _question(key, one) for key, one in written["question"].items()}
    faults = {one["key"]: _fault(one, questions) for one in written["fault"]}
    return tuple(
        Room(one["key"], one["name"], _drawing(one["drawing"]), tuple(faults[key] for key in one["faults"]))
        for one in written["room"]
    )


@cache
def faults() -> Mapping[str, Fault]:
    """Return every fault by its key."""
    return {fault.key: fault for room in rooms() for fault in room.faults}


def in_words(room_key: str | None, fault_key: str | None) -> tuple[str | None, str | None]:
    """Return the names of a room and a fault; none for what the picker no longer knows."""
    fault = faults().get(fault_key or "")
    return next((room.name for room in rooms() if room.key == room_key), None), fault.name if fault else None


def answered(fault_key: str | None, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what was asked about a fault and answered, both in words; what the picker no longer asks is left out."""
    fault = faults().get(fault_key or "")
    asked = fault.questions if fault else ()
    told = {question.text: _in_words(question, answers.get(question.key)) for question in asked}
    return {question: answer for question, answer in told.items() if answer}


def _in_words(question: Question, answer: object) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return next((option.text for option in question.options if option.key == answer), str(answer or ""))


def _fault(written: Mapping[str, Any], questions: Mapping[str, Question]) -> Fault:
    return Fault(
        key=written["key"],
        name=written["name"],
        drawing=_drawing(written["drawing"]),
        category=Category(written["category"]),
        trade=Trade(written["trade"]),
        priority=Priority(written["priority"]),
        advice=tuple(written["advice"]),
        questions=tuple(questions[key] for key in written["questions"]),
    )


def _question(key: str, written: Mapping[str, Any]) -> Question:
    options = tuple(Option(**one) for one in written.get("options", ()))
    return Question(key, written["text"], written["kind"], options)


def _drawing(name: str) -> str:
    if (path := PATH.search((FOLDER / "drawings" / f"{name}.svg").read_text(encoding="utf-8"))) is None:
        raise ValueError(f"{name}.svg is not one path")
    return path[1]
