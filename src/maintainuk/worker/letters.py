"""The e-mails the product writes: facts in, HTML and plain text out, both saying the same."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from maintainuk.domain.organisations import Organisation
from maintainuk.domain.people import Person
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.reference.dangers import gas_emergency

HERE = Path(__file__).parent
LONDON = ZoneInfo("Europe/London")
TEXTS: dict[str, dict[str, str]] = tomllib.loads((HERE / "texts" / "en.toml").read_text(encoding="utf-8"))

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the reader may want to check."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    lines: list[str]
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says, before it takes the shape of HTML or text."""

    subject: str
    greeting: str
    opening: str
    facts: list[Fact]
    sections: list[Section]
    closing: str
    signature: list[str]
    footer: str

    @property
    def html(self) -> str:
        """The letter for readers of HTML; everything people typed is escaped."""
        return _templates.get_template("letter.html").render(letter=self)

    @property
    def text(self) -> str:
        """The letter for everybody else, word for word the same."""
        return _templates.get_template("letter.txt").render(letter=self)


def acknowledgement(
    ticket: MaintenanceTicket, reporter: Person, home: Property, unit: Unit | None, organisation: Organisation
) -> Letter:
    """Tell somebody that their report has arrived, what happens next and whom to call in an emergency."""
    texts = _Texts(
        "ticket-acknowledgement",
        name=reporter.name,
        reference=ticket.reference,
        organisation=organisation.name,
        phone=organisation.phone,
        gas=gas_emergency(home.nation).number,
    )
    reachable = organisation.phone is not None
    return Letter(
        subject=texts["subject"],
        greeting=texts.shared("greeting"),
        opening=texts["opening"],
        facts=[
            Fact(texts["reported"], one_line(ticket.title)),
            Fact(texts["place"], one_line(place(home, unit))),
            Fact(texts["moment"], moment(ticket.reported_at)),
        ],
        sections=[
            Section(
                texts["next"],
                [texts["next-read"], texts["next-arrange"], texts["next-call" if reachable else "next-answer"]],
            ),
            Section(
                texts["emergency"],
                [texts["emergency-danger"], texts["emergency-gas"], *([texts["emergency-home"]] if reachable else [])],
                is_urgent=True,
            ),
        ],
        closing=texts["closing"],
        signature=[one_line(line) for line in (organisation.name, organisation.phone) if line],
        footer=texts.shared("footer"),
    )


class _Texts:
    """One letter's part of the catalogue, with its names filled in."""

    def __init__(self, letter: str, **names: Any) -> None:  # noqa: ANN401
        self._letter = letter
        self._names = {name: one_line(str(value)) for name, value in names.items()}

    def __getitem__(self, key: str) -> str:
        return TEXTS[self._letter][key].format(**self._names)

    def shared(self, key: str) -> str:
        return TEXTS["letter"][key].format(**self._names)


def one_line(words: str) -> str:
    """Return the words on one line, so that nothing people typed can begin a header of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def place(home: Property, unit: Unit | None) -> str:
    """Return where a home is, as an envelope would say it."""
    return ", ".join(part for part in (unit.label if unit else "", home.address, home.postcode) if part)


def moment(at: datetime) -> str:
    """Return an instant as people in the UK say it, such as Sunday 22 November 2026, 14:30."""
    local = at.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
