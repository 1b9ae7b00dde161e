"""Which tables and columns go along, what each is, and why the others stay: the page is `contents.en.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from textwrap import fill
from typing import Final

from sqlalchemy import Column, Table

from maintainuk.domain.base import SCHEMA
from maintainuk.infrastructure.database.tables import METADATA

_PAGE: Final = tomllib.loads(Path(__file__).with_name("contents.en.toml").read_text(encoding="utf-8"))
TABLES: Final[Mapping[str, str]] = _PAGE["tables"]
TABLES_LEFT_OUT: Final[Mapping[str, str]] = _PAGE["tables_left_out"]
COLUMNS_LEFT_OUT: Final[Mapping[str, str]] = _PAGE["columns_left_out"]
_WORDS: Final[Mapping[str, str]] = _PAGE["readme"]

WIDTH = 100


def tables() -> Iterator[tuple[Table, list[Column[object]]]]:
    """Yield each table that goes along with those of its columns that do; whose rows they are need not be said."""
    for name in sorted(TABLES):
        table = METADATA.tables[f"{SCHEMA}.{name}"]
        yield table, [one for one in table.c if one.name != "org_id" and f"{name}.{one.name}" not in COLUMNS_LEFT_OUT]


def readme(organisation: str, made_at: datetime) -> str:
    """Return what somebody reads who opens the file in ten years."""
    facts = {"organisation": organisation, "made_at": f"{made_at:%d %B %Y, %H:%M} UTC"}
    parts = [
        _WORDS["title"].format_map(facts),
        _folded(_WORDS["whole"]),
        _folded(_WORDS["secret"]),
        _WORDS["tables"],
        _folded(_WORDS["format"]),
        *(_told(name, what) for name, what in sorted(TABLES.items())),
        _WORDS["files"],
        *(_folded(_WORDS[name]) for name in ("photos", "documents", "logo", "manifest")),
        _WORDS["left_out"],
        _folded(_WORDS["installation"]),
        *(_told(name, why) for name, why in sorted({**TABLES_LEFT_OUT, **COLUMNS_LEFT_OUT}.items())),
    ]
    return "\r\n\r\n".join(part.replace("\n", "\r\n") for part in parts) + "\r\n"


def _folded(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _told(name: str, what: str) -> str:
    return f"{name}\n{fill(what, WIDTH, initial_indent='    ', subsequent_indent='    ')}"
