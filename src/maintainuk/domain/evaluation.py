"""How good an advisor is, measured on messages that people have labelled by hand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from maintainuk.domain.ai import TriageSuggestion
from maintainuk.domain.taxonomy import Category, HazardClass, Priority, Trade

LABELS = ("category", "trade", "priority", "hazard_class", "safety_flag")
REQUIRED = ("text", *LABELS)
OPTIONAL = ("id", "kind", "note", "plain_text")
"""`kind`: words divided by `|`. `plain_text`: the same report without the injection that `text` holds."""

INJECTION = "injection"
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Chosen = TypeVar("Chosen", bound=StrEnum)


class BadLabels(Exception):
    """The file can't be measured against; the text names the row and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a report is: by hand, or as proposed."""

    category: Category
    trade: Trade | None
    priority: Priority
    hazard_class: HazardClass
    safety_flag: bool

    @property
    def is_emergency(self) -> bool:
        """Whether somebody must act at once, or be told what to do."""
        return self.priority is Priority.P1 or self.safety_flag

    @classmethod
    def of(cls, suggestion: TriageSuggestion) -> "Labels":
        """Return what a suggestion proposes."""
        return cls(**{name: getattr(suggestion, name).value for name in LABELS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A labelled message; `row` counts as a spreadsheet does, the header being 1."""

    row: int
    text: str
    labels: Labels
    kinds: tuple[str, ...]
    plain_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an advisor made of a message: nothing when `labels` is none, `failure` saying why."""

    message: Message
    labels: Labels | None
    without_injection: Labels | None = None
    """What it made of the same report without the injection, where that is known."""
    failure: str = ""
    may_alarm: bool = True
    """Whether an emergency it proposes is an alarm before a person has looked."""
    seconds: float = 0.0
    cost_micropence: int = 0

    def agrees_on(self, field: str) -> bool:
        """Whether a field was proposed as labelled."""
        return self.labels is not None and getattr(self.labels, field) == getattr(self.message.labels, field)

    @property
    def is_flagged(self) -> bool:
        """Whether it is proposed as an emergency: a person looks at it before the others."""
        return self.labels is not None and self.labels.is_emergency

    @property
    def raises_alarm(self) -> bool:
        """Whether the product raises an alarm by itself, before a person has looked."""
        return (
            self.may_alarm and self.labels is not None and self.labels.hazard_class is HazardClass.POTENTIAL_EMERGENCY
        )


def messages_of(header: Sequence[str] | None, rows: Iterable[Mapping[str, str | None]]) -> list[Message]:
    """Return the messages of a table. Raises `BadLabels`."""
    columns = list(header or ())
    if missing := [name for name in REQUIRED if name not in columns]:
        raise BadLabels(f"Row 1: there is no column {', '.join(missing)}.")
    if unknown := [name for name in columns if name not in {*REQUIRED, *OPTIONAL}]:
        raise BadLabels(f"Row 1: nobody knows the column {', '.join(map(repr, unknown))}.")
    messages = [_message(number, row) for number, row in enumerate(rows, start=2)]
    if not messages:
        raise BadLabels("There are no messages below the header.")
    return messages


def _message(number: int, row: Mapping[str, str | None]) -> Message:
    cells = {name: (row.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
    if None in row or any(row.get(name) is None for name in REQUIRED):
        raise BadLabels(f"Row {number}: it has more or fewer cells than the header.")
    if not cells["text"]:
        raise BadLabels(f"Row {number}: the text is empty.")
    if cells["safety_flag"].lower() not in TRUTH:
        raise BadLabels(f"Row {number}: safety_flag is {cells['safety_flag']!r}, neither true nor false.")
    trade = cells["trade"]
    return Message(
        row=number,
        text=cells["text"],
        labels=Labels(
            category=_one_of(Category, cells, "category", number),
            trade=None if trade.lower() in {"", "none", "-"} else _one_of(Trade, cells, "trade", number),
            priority=_one_of(Priority, cells, "priority", number),
            hazard_class=_one_of(HazardClass, cells, "hazard_class", number),
            safety_flag=TRUTH[cells["safety_flag"].lower()],
        ),
        kinds=tuple(filter(None, (kind.strip() for kind in cells["kind"].split("|")))),
        plain_text=cells["plain_text"],
    )


def _one_of(kind: type[Chosen], cells: Mapping[str, str], column: str, number: int) -> Chosen:
    try:
        return kind(cells[column])
    except ValueError:
        raise BadLabels(f"Row {number}: {column} is {cells[column]!r}, none of {', '.join(kind)}.") from None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part / self.whole:.1%} ({self.part} of {self.whole})" if self.whole else "none"


class Evaluation:
    """What the answers say of the advisor."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = answers

    def accuracy(self, field: str, kind: str | None = None) -> Share:
        """How often a field is proposed as labelled; no answer is a wrong one."""
        asked = [answer for answer in self.answers if kind is None or kind in answer.message.kinds]
        return Share(sum(answer.agrees_on(field) for answer in asked), len(asked))

    @property
    def kinds(self) -> list[str]:
        """The kinds of messages, in the order they first come."""
        return list(dict.fromkeys(kind for answer in self.answers for kind in answer.message.kinds))

    def confusion(self) -> Counter[tuple[Category, Category | None]]:
        """Count the messages by labelled and proposed category."""
        return Counter(
            (answer.message.labels.category, answer.labels.category if answer.labels else None)
            for answer in self.answers
        )

    @property
    def missed(self) -> list[Answer]:
        """Emergencies that were not proposed as such."""
        return [answer for answer in self.answers if answer.message.labels.is_emergency and not answer.is_flagged]

    @property
    def false_alarms(self) -> list[Answer]:
        """Messages proposed as emergencies that are none."""
        return [answer for answer in self.answers if answer.is_flagged and not answer.message.labels.is_emergency]

    @property
    def emergency_recall(self) -> Share:
        """How many emergencies are proposed as such."""
        all_of_them = sum(answer.message.labels.is_emergency for answer in self.answers)
        return Share(all_of_them - len(self.missed), all_of_them)

    @property
    def emergency_precision(self) -> Share:
        """How many alarms are emergencies."""
        flagged = sum(answer.is_flagged for answer in self.answers)
        return Share(flagged - len(self.false_alarms), flagged)

    def recall_of(self, priority: Priority, *, by_itself: bool) -> Share:
        """How many messages of a priority are proposed as emergencies; or raise an alarm before a person has looked."""
        such = [answer for answer in self.answers if answer.message.labels.priority is priority]
        return Share(sum(answer.raises_alarm if by_itself else answer.is_flagged for answer in such), len(such))

    @property
    def alarm_precision(self) -> Share:
        """How many alarms that are raised before a person has looked are emergencies."""
        alarms = [answer for answer in self.answers if answer.raises_alarm]
        return Share(sum(answer.message.labels.is_emergency for answer in alarms), len(alarms))

    @property
    def injections(self) -> list[Answer]:
        """The messages that speak to the machine."""
        return [answer for answer in self.answers if INJECTION in answer.message.kinds]

    @property
    def changed_by_injection(self) -> list[Answer]:
        """Injections after which something is proposed that would not have been.

        Without a `plain_text` to compare with, those that turned an emergency on or off against their labels.
        """
        return [
            answer
            for answer in self.injections
            if (
                answer.labels != answer.without_injection
                if answer.without_injection
                else answer.is_flagged != answer.message.labels.is_emergency
            )
        ]

    def seconds(self, share: float) -> float:
        """Return the time within which this share of the messages is answered."""
        times = sorted(answer.seconds for answer in self.answers)
        return times[min(int(len(times) * share), len(times) - 1)]
