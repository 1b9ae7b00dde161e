"""The advisor that needs no account: rules for danger, key words, and what was learned, each with its reason."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

from maintainuk.domain.ai import Advice, Proposal, ReportInWords, TriageSuggestion
from maintainuk.domain.taxonomy import Category, HazardClass, Priority, Trade
from maintainuk.infrastructure.providers.embedded_advisor.dangers import Danger, DangerRules, quote
from maintainuk.infrastructure.providers.embedded_advisor.keywords import KeywordRules, Keywords, Pointer
from maintainuk.infrastructure.providers.embedded_advisor.learned import Learned, Likely
from maintainuk.infrastructure.providers.embedded_advisor.reading import (
    Example,
    sentences,
    without_instructions,
)

MODEL = "embedded-1"
ALARMING = 0.4
"""From this likelihood on, what was learned raises an alarm that no rule has raised."""
SURE_ENOUGH = 0.5
"""From this likelihood on, what was learned names the category in spite of a danger's usual one."""

_NOTHING_SAID = frozenset({"", "no", "none", "n/a", "na", "not sure", "don't know", "unknown"})
_SOON: dict[Priority, str] = {
    Priority.P1: "Reads like reports that turned out to be emergencies",
    Priority.P2: "No sign of immediate danger, but reports like it are usually urgent",
    Priority.P3: "No sign of immediate danger; reports like it are usually routine",
    Priority.P4: "No sign of immediate danger; reports like it can usually be planned",
}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A report as an advisor was shown it, and what a person decided about it."""

    report: ReportInWords
    category: Category
    priority: Priority
    hazard_class: HazardClass


@cache
def _rules() -> tuple[DangerRules, KeywordRules]:
    dangers = DangerRules()
    return dangers, KeywordRules(dangers.words)


@cache
def _learned_from_examples() -> Learned:
    return Learned(_rules()[1])


class EmbeddedAdvisor:
    """An `Advisor` for one organisation, whose confirmations it learns from and shows to no other.

    Words in a report are words: none of them can tell it what to answer.
    """

    name = "embedded"

    def __init__(self, confirmed: Sequence[Confirmed] = ()) -> None:
        self._own = [_example(one) for one in confirmed]
        self._learned: Learned | None = None
        self._learning = Lock()

    def learn(self, confirmed: Sequence[Confirmed]) -> None:
        """Take in what people have decided since; the next advice knows it."""
        with self._learning:
            self._own += [_example(one) for one in confirmed]
            self._learned = None

    async def advise(self, report: ReportInWords) -> Advice:
        """Propose a triage. Learning and reading take the processor, so both keep off the event loop."""
        suggestion = await asyncio.to_thread(self._suggest, in_words(report))
        return Advice(output=suggestion.model_dump(mode="json"), model=MODEL)

    async def close(self) -> None:
        """Give nothing back: it holds nothing open."""

    def _knowledge(self) -> Learned:
        with self._learning:
            if self._learned is None:
                self._learned = Learned(_rules()[1], tuple(self._own)) if self._own else _learned_from_examples()
            return self._learned

    def _suggest(self, text: str) -> TriageSuggestion:
        danger_rules, keyword_rules = _rules()
        dangers = danger_rules.told_of(sentences(text))
        keywords = keyword_rules.read(sentences(without_instructions(text)))
        likely = self._knowledge().likely(keywords)
        category = _category(dangers, keywords.categories, likely)
        return TriageSuggestion(
            category=category,
            trade=_trade(dangers, category.value, keywords),
            priority=_priority(dangers, category.value, likely),
            hazard_class=_hazard_class(dangers, likely),
            safety_flag=_safety_flag(dangers, likely),
            missing_questions=keywords.missing(category.value),
        )


def dangers_in(report: ReportInWords) -> list[Danger]:
    """Return the dangers that a report tells of."""
    return _rules()[0].told_of(sentences(in_words(report)))


def in_words(report: ReportInWords) -> str:
    """Return the report as one text; of the picker's questions only what was answered with more than a no."""
    answers = []
    for question, answer in report.answers.items():
        plain = answer.strip().casefold().rstrip(".!")
        if plain not in _NOTHING_SAID:
            answers.append(question.rstrip("? ") if plain == "yes" else answer)
    return "\n".join((report.title, report.description, *answers))


def _example(confirmed: Confirmed) -> Example:
    return Example(in_words(confirmed.report), confirmed.category, confirmed.priority, confirmed.hazard_class)


def _category(dangers: Sequence[Danger], pointers: dict[Category, Pointer], likely: Likely) -> Proposal[Category]:
    best = max(likely.category, key=lambda category: likely.category[category])
    told = next((danger for danger in dangers if danger.category), None)
    if told and told.category and (told.category is best or likely.category[best] < SURE_ENOUGH):
        return Proposal(value=told.category, reason=told.sentence)
    if best in pointers:
        return Proposal(value=best, reason=f"Says “{quote(pointers[best].words)}”")
    return Proposal(value=best, reason="Reads most like other reports of this kind")


def _trade(dangers: Sequence[Danger], category: Category, keywords: Keywords) -> Proposal[Trade | None]:
    told = next((danger for danger in dangers if danger.trade and danger.category is category), None)
    trade, words = keywords.trade(category)
    if words is None and told and told.trade:
        return Proposal(value=told.trade, reason=told.sentence)
    if trade is None:
        return Proposal(value=None, reason="No trade is needed unless it turns out to be a repair")
    if words is None:
        return Proposal(value=trade, reason="The usual trade for this kind of repair")
    return Proposal(value=trade, reason=f"Says “{quote(words)}”")


def _priority(dangers: Sequence[Danger], category: Category, likely: Likely) -> Proposal[Priority]:
    if dangers:
        return Proposal(value=Priority.P1, reason=dangers[0].sentence)
    value = max(likely.priority, key=lambda priority: likely.priority[priority])
    if likely.priority.get(Priority.P1, 0.0) >= ALARMING:
        value = Priority.P1
    elif value is Priority.P1:
        value = Priority.P2
    if category is Category.OTHER and value is not Priority.P1:
        return Proposal(value=Priority.P4, reason="Names nothing to repair")
    return Proposal(value=value, reason=_SOON[value])


def _hazard_class(dangers: Sequence[Danger], likely: Likely) -> Proposal[HazardClass]:
    told = max(dangers, key=lambda danger: danger.hazard_class.severity, default=None)
    value = max(likely.hazard_class, key=lambda hazard: likely.hazard_class[hazard])
    if told and told.hazard_class.severity >= value.severity:
        return Proposal(value=told.hazard_class, reason=told.sentence)
    if value is HazardClass.NONE:
        return Proposal(value=value, reason="Nothing in it sounds harmful to health or safety")
    return Proposal(value=value, reason="Reads like reports of homes that may harm those who live in them")


def _safety_flag(dangers: Sequence[Danger], likely: Likely) -> Proposal[bool]:
    told = next((danger for danger in dangers if danger.safety_flag), None)
    if told:
        return Proposal(value=True, reason=told.sentence)
    both = (
        likely.priority.get(Priority.P1, 0.0),
        likely.hazard_class.get(HazardClass.POTENTIAL_EMERGENCY, 0.0),
    )
    if not dangers and min(both) >= ALARMING:
        return Proposal(value=True, reason=_SOON[Priority.P1])
    return Proposal(value=False, reason="Nobody needs to be told what to do before help comes")
