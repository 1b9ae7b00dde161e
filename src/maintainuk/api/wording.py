"""What is wrong with a request's fields, said so that the person who filled them in knows what to do.

The texts never repeat what was sent: it may be a password, and answers are kept in places that must not know one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Facts = Mapping[str, Any]

WORDS: Mapping[str, Callable[[Facts], str]] = {
    "missing": lambda _: "This is needed.",
    "extra_forbidden": lambda _: "There is no such field.",
    "string_type": lambda _: "Give this as text.",
    "string_too_short": lambda facts: (
        "This is needed." if facts["min_length"] == 1 else f"Use at least {facts['min_length']:,} characters."
    ),
    "string_too_long": lambda facts: f"Use at most {facts['max_length']:,} characters.",
    "string_unicode": lambda _: "This holds a character that cannot be stored.",
    "string_pattern_mismatch": lambda _: "This is not written the way it should be.",
    "enum": lambda facts: f"Choose one of: {facts['expected']}.",
    "literal_error": lambda facts: f"Choose one of: {facts['expected']}.",
    "uuid_parsing": lambda _: "This is not an id.",
    "uuid_type": lambda _: "This is not an id.",
    "int_parsing": lambda _: "Give a whole number.",
    "int_type": lambda _: "Give a whole number.",
    "int_from_float": lambda _: "Give a whole number.",
    "bool_parsing": lambda _: "Say true or false.",
    "bool_type": lambda _: "Say true or false.",
    "greater_than_equal": lambda facts: f"Give {facts['ge']} or more.",
    "less_than_equal": lambda facts: f"Give {facts['le']} or less.",
    "greater_than": lambda facts: f"Give more than {facts['gt']}.",
    "less_than": lambda facts: f"Give less than {facts['lt']}.",
    "too_long": lambda facts: f"Give at most {facts['max_length']}.",
    "too_short": lambda facts: f"Give at least {facts['min_length']}.",
    "datetime_parsing": lambda _: "Give a date and time such as 2026-11-23T09:30:00Z.",
    "datetime_from_date_parsing": lambda _: "Give a date and time such as 2026-11-23T09:30:00Z.",
    "date_parsing": lambda _: "Give a date such as 2026-11-23.",
    "date_from_datetime_parsing": lambda _: "Give a date such as 2026-11-23.",
    "model_attributes_type": lambda _: "Send a JSON object.",
    "model_type": lambda _: "Send a JSON object.",
    "dict_type": lambda _: "Send a JSON object.",
    "list_type": lambda _: "Give a list.",
    "value_error": lambda facts: _sentence(str(facts.get("error", ""))),
}

PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def fields_in_words(problems: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what is wrong with each field, by the name it was sent under; `body` stands for the whole of it."""
    fields: dict[str, list[str]] = {}
    for problem in problems:
        texts = fields.setdefault(_name(problem["loc"]), [])
        if (text := _words(problem["type"], problem.get("ctx") or {})) not in texts:
            texts.append(text)
    return fields


def _words(kind: str, facts: Facts) -> str:
    return WORDS[kind](facts) if kind in WORDS else "This is not valid."


def _name(location: tuple[str | int, ...]) -> str:
    parts = location[1:] if location and location[0] in PLACES else location
    return ".".join(map(str, parts)) or str(location[0] if location else "body")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
