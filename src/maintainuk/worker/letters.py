"""The e-mails the product writes: facts in, HTML and plain text out, both saying the same."""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from maintainuk.domain.london import LONDON
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.properties import Property, Unit
from maintainuk.infrastructure.reference.dangers import dangers, gas_emergency
from maintainuk.infrastructure.repositories.messaging import Correspondence

HERE = Path(__file__).parent
TEXTS: dict[str, dict[str, str]] = tomllib.loads((HERE / "texts" / "en.toml").read_text(encoding="utf-8"))

OURS = "#1f6f5c"
PRODUCT = "MaintainUK"

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


@dataclass(frozen=True, slots=True)
class Link:
    """Where the letter leads."""

    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says, before it takes the shape of HTML or text."""

    subject: str
    greeting: str
    opening: str
    link: Link
    facts: list[Fact]
    sections: list[Section]
    closing: str
    signature: list[str]
    footer: str
    colour: str
    """Of its button and edges, #rrggbb; white words can be read on it."""
    sender: str
    """Stands at its head, beside the logo: many programs fetch no picture before they are told to."""
    logo: str | None = None
    """Where the organisation's logo is fetched; none, and only its name stands there."""

    @property
    def html(self) -> str:
        """The letter for readers of HTML; everything people typed is escaped."""
        return _templates.get_template("letter.html").render(letter=self)

    @property
    def text(self) -> str:
        """The letter for everybody else, word for word the same."""
        return _templates.get_template("letter.txt").render(letter=self)


def write(about: Correspondence, link: str, *, logo: str | None = None) -> Letter:
    """Return the letter of a message; `link` is where it leads, `logo` where the organisation's picture is fetched."""
    return replace(WRITERS[about.message.template](about, link), logo=logo)


def acknowledgement(about: Correspondence, link: str) -> Letter:
    """Tell somebody that their report has arrived, what happens next and whom to call in an emergency."""
    assert about.ticket is not None
    texts, reachable = _Texts(about), about.organisation.phone is not None
    return _letter(
        texts,
        link,
        facts=[
            *_repeated(texts, about),
            *_where(texts, about),
            Fact(texts["moment"], moment(about.ticket.reported_at)),
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
    )


def news(about: Correspondence, link: str) -> Letter:
    """Tell the tenant what was decided or asked, in the words that staff wrote for them."""
    assert about.ticket is not None
    texts = _Texts(about)
    said = [one_line(part) for part in (about.words or "").splitlines() if part.strip()]
    next_ = texts.all("next-", without=() if about.gave_times else ("next-times",))
    return _letter(
        texts,
        link,
        facts=[Fact(texts["reported"], one_line(about.ticket.title)), *_where(texts, about)],
        sections=[*([Section(texts["words"], said)] if said else []), Section(texts["next"], next_)],
    )


def alarm(about: Correspondence, link: str) -> Letter:
    """Tell the organisation's emergency contact that somebody may be in danger, and where."""
    ticket = about.ticket
    assert ticket is not None
    assert ticket.danger is not None
    texts = _Texts(about)
    return _letter(
        texts,
        link,
        facts=[
            Fact(texts["danger"], next(one.question for one in dangers(texts.nation) if one.key is ticket.danger)),
            *_where(texts, about),
            Fact(texts["moment"], moment(ticket.reported_at)),
        ],
        sections=[Section(texts["next"], texts.all("next-"), is_urgent=True)],
    )


def way_in(about: Correspondence, link: str) -> Letter:
    """Give somebody the way in that they asked for or were offered, or show them what happened to it."""
    texts = _Texts(about)
    return _letter(texts, link, facts=[], sections=[Section(texts["next"], texts.all("next-"))])


def invitation(about: Correspondence, link: str) -> Letter:
    """Offer somebody a place; whom nobody but a sign-up names hears that anybody may have typed their address."""
    if about.organisation.waits_until is None:
        return way_in(about, link)
    texts = _Texts(about, "sign-up")
    ours = replace(_letter(texts, link, facts=[], sections=[Section(texts["next"], texts.all("next-"))]), colour=OURS)
    return replace(ours, signature=[PRODUCT])


WRITERS: Mapping[MessageTemplate, Callable[[Correspondence, str], Letter]] = {
    MessageTemplate.TICKET_ACKNOWLEDGEMENT: acknowledgement,
    MessageTemplate.TICKET_QUESTION: news,
    MessageTemplate.TICKET_APPROVED: news,
    MessageTemplate.TICKET_REJECTED: news,
    MessageTemplate.TICKET_CANCELLED: news,
    MessageTemplate.DANGER_ALERT: alarm,
    MessageTemplate.ENTRY_LINK: way_in,
    MessageTemplate.PASSWORD_RESET: way_in,
    MessageTemplate.SECURITY_CHANGED: way_in,
    MessageTemplate.INVITATION: invitation,
    MessageTemplate.ADMINISTRATION_CHANGED: way_in,
    MessageTemplate.SUPPORT_BEGAN: way_in,
    MessageTemplate.EXPORT_ASKED: way_in,
}


def _letter(texts: "_Texts", link: str, *, facts: list[Fact], sections: list[Section]) -> Letter:
    organisation = texts.organisation
    return Letter(
        subject=texts["subject"],
        greeting=texts["greeting"] if "greeting" in texts else texts.shared("greeting"),
        opening=texts["opening"],
        link=Link(texts["link"], link),
        facts=facts,
        sections=sections,
        closing=texts.shared("closing"),
        signature=[one_line(line) for line in (organisation.name, organisation.phone) if line],
        footer=texts["footer"] if "footer" in texts else texts.shared("footer"),
        colour=organisation.colour or OURS,
        sender=one_line(organisation.name),
    )


def _repeated(texts: "_Texts", about: Correspondence) -> list[Fact]:
    """Return what was reported: to tenants only, or a poster would carry anybody's words to anybody in our name."""
    return [Fact(texts["reported"], one_line(about.ticket.title))] if about.ticket and about.is_tenant else []


def _where(texts: "_Texts", about: Correspondence) -> list[Fact]:
    written = about.ticket.address_as_written if about.ticket else None
    where = place(about.home, about.unit) if about.home else written
    return [Fact(texts.shared("place"), one_line(where))] if where else []


class _Texts:
    """One letter's part of the catalogue, with its names filled in."""

    def __init__(self, about: Correspondence, of: str | None = None) -> None:
        self.organisation = about.organisation
        self.nation = about.home.nation if about.home else about.organisation.nation
        names: dict[str, str | None] = {
            "name": about.name,
            "reference": about.ticket.reference if about.ticket else None,
            "organisation": about.organisation.name,
            "phone": about.organisation.phone,
            "gas": gas_emergency(self.nation).number,
        }
        self._names = {name: one_line(value or "") for name, value in names.items()}
        self._texts = TEXTS[of or about.message.template]

    def __getitem__(self, key: str) -> str:
        return self._texts[key].format(**self._names)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def all(self, beginning: str, *, without: Collection[str] = ()) -> list[str]:
        """Return the texts whose keys begin so, in the catalogue's order; none speaks of a phone that is not there."""
        has_phone = bool(self._names["phone"])
        texts = ((key, text) for key, text in self._texts.items() if key.startswith(beginning) and key not in without)
        return [self[key] for key, text in texts if has_phone or "{phone}" not in text]

    def shared(self, key: str) -> str:
        """Return what every letter says alike."""
        if key == "greeting" and not self._names["name"]:
            key = "greeting-nobody"
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
