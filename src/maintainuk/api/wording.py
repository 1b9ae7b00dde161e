"""The sentence for each refusal and for what is wrong with a field: `texts/errors.en.toml` has them.

The sentences never repeat what was sent: it may be a password, and answers are kept in places that must not know one.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from maintainuk.domain.errors import Reason

Text = str | Mapping[str, str]
Texts = Mapping[str, Text]

CATALOGUE: Mapping[str, Texts] = tomllib.loads(
    (Path(__file__).parent / "texts" / "errors.en.toml").read_text(encoding="utf-8")
)
REFUSALS, FIELDS = CATALOGUE["refusals"], CATALOGUE["fields"]
UNKNOWN_MISTAKE = FIELDS[Reason("not-valid").key]

PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def in_words(reason: Reason, texts: Texts) -> str:
    """Return the sentence for a reason, with its facts."""
    return _filled(texts[reason.key], reason.facts)


def fields_in_words(problems: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what is wrong with each field, by the name it was sent under; `body` stands for the whole of it."""
    fields: dict[str, list[str]] = {}
    for problem in problems:
        texts = fields.setdefault(_name(problem["loc"]), [])
        text = _filled(FIELDS.get(problem["type"], UNKNOWN_MISTAKE), problem.get("ctx") or {})
        if text not in texts:
            texts.append(text)
    return fields


def _filled(text: Text, facts: Mapping[str, Any]) -> str:
    if not isinstance(text, str):
        text = text["one" if facts[text["by"]] == 1 else "other"]
    return text.format_map(facts)


def _name(location: tuple[str | int, ...]) -> str:
    parts = location[1:] if location and location[0] in PLACES else location
    return ".".join(map(str, parts)) or str(location[0] if location else "body")


def mistake(reason: Reason) -> PydanticCustomError:
    """Return what a check of a field raises to say what is wrong with it."""
    return PydanticCustomError(reason.key, reason.key, reason.facts)


def size_in_words(size: int) -> str:
    """Return a number of bytes as people say it: `1 MB`."""
    for unit, name in ((1_048_576, "MB"), (1_024, "kB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"
