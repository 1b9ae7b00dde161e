"""The advisor that needs no account: rules for danger, key words, and what was learned, each with its reason."""

import asyncio
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock

from maintainuk.domain.ai import Advice, Proposal, ReportInWords, TriageSuggestion
from maintainuk.domain.taxonomy import Category, HazardClass, Priority, Trade
from maintainuk.infrastructure.providers.embedded_advisor.commands import without_dictated_answers
from maintainuk.infrastructure.providers.embedded_advisor.dangers import Danger, quote
from maintainuk.infrastructure.providers.embedded_advisor.features import Read, Reader
from maintainuk.infrastructure.providers.embedded_advisor.keywords import Keywords
from maintainuk.infrastructure.providers.embedded_advisor.learned import Learned, Likely, Outcome
from maintainuk.infrastructure.providers.embedded_advisor.reading import Example, faults, sentences

MODEL = "embedded-2"
ALARMING = 0.17
"""From this likelihood on, what was learned flags a report that no rule has flagged …"""
ALARMING_WITH_SIGN = 0.15
"""… or, where words are a sign of danger, from this one on …"""
ALARMING_IN_PART = 0.5
"""… or one of several faults with such words, from this one on: a tap, a bell and a gate hide the smell beside them."""
LEFT_BESIDE_OTHERS = 0.1
"""How likely the whole report must still be: what a sentence sounds like alone, the next one may explain."""
ALARMING_ALONE = 0.4
"""From this likelihood on, an emergency that no word is a sign of is an alarm before a person has looked."""
SURE_ENOUGH = 0.5
"""From this likelihood on, what was learned names the category in spite of a danger's usual one."""

_NOTHING_SAID = frozenset({"", "no", "none", "n/a", "na", "not sure", "don't know", "unknown"})
_SOON: dict[Priority, str] = {
    Priority.P1: "Reads like reports that turned out to be emergencies",
    Priority.P2: "No sign of immediate danger, but reports like it are usually urgent",
    Priority.P3: "No sign of immediate danger; reports like it are usually routine",
    Priority.P4: "No sign of immediate danger; reports like it can usually be planned",
}


_HAZARDS: dict[HazardClass, str] = {
    HazardClass.NONE: "Nothing in it sounds harmful to health or safety",
    HazardClass.POTENTIAL_SIGNIFICANT: "Reads like reports of homes that may harm those who live in them",
}
_NOBODY = "Nobody needs to be told what to do before help comes"
EMERGENCY = Outcome(Priority.P1, HazardClass.POTENTIAL_EMERGENCY, safety_flag=True)
KEEP_OFF = Outcome(Priority.P2, HazardClass.POTENTIAL_SIGNIFICANT, safety_flag=True)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A report as an advisor was shown it, and what a person decided about it."""

    report: ReportInWords
    category: Category
    priority: Priority
    hazard_class: HazardClass


@cache
def _reader() -> Reader:
    return Reader()


@cache
def _learned_from_examples() -> Learned:
    return Learned(_reader())


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
        suggestion, raises_alarm = await asyncio.to_thread(self._suggest, in_words(report))
        return Advice(output=suggestion.model_dump(mode="json"), model=MODEL, raises_alarm=raises_alarm)

    async def close(self) -> None:
        """Give nothing back: it holds nothing open."""

    def _knowledge(self) -> Learned:
        with self._learning:
            if self._learned is None:
                self._learned = Learned(_reader(), tuple(self._own)) if self._own else _learned_from_examples()
            return self._learned

    def _alarmed(self, read: Read, likely: Likely) -> Likely:
        """Return what our examples alone say where words are a sign of danger: confirmations lower no such alarm."""
        if not (self._own and (read.heard.sign or read.heard.hurts)):
            return likely
        unswayed = _learned_from_examples().likely(read.traits)
        return max(likely, unswayed, key=lambda one: one.alarm) if unswayed.alarm >= ALARMING_WITH_SIGN else likely

    def _suggest(self, text: str) -> tuple[TriageSuggestion, bool]:
        """Return the triage, and whether it may raise an alarm before a person has looked."""
        read = _reader().read(text)
        certain = certain_dangers(text) if read.left_out else read.heard.certain
        likely = self._knowledge().likely(read.traits)
        alarmed = self._alarmed(read, likely)
        whole = _judged(read, certain, likely, alarmed)
        if whole.outcome.safety_flag or alarmed.alarm < LEFT_BESIDE_OTHERS:
            return whole.suggested()
        worst = self._worst_part(read)
        # What it is about is told by the whole: a sentence alone has lost the others' words.
        return (replace(worst, read=read, category=whole.category) if worst else whole).suggested()

    def _worst_part(self, read: Read) -> "_Judged | None":
        """Return what the most urgent of several faults would be alone, where that is alarming enough."""
        every = (_reader().read(part, trusted=True) for part in faults(read.home))
        parts = [part for part in every if part.heard.sign or part.heard.hurts]
        likely = self._knowledge().likely_each([part.traits for part in parts])
        worst = max(range(len(parts)), key=lambda place: likely[place].alarm, default=None)
        if worst is None or likely[worst].alarm < ALARMING_IN_PART:
            return None
        return _judged(parts[worst], (), likely[worst], likely[worst])


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is made of a report, or of one fault in it."""

    read: Read
    category: Proposal[Category]
    outcome: Outcome
    reason: str
    raises_alarm: bool

    def suggested(self) -> tuple[TriageSuggestion, bool]:
        outcome, reason, keywords = self.outcome, self.reason, self.read.keywords
        suggestion = TriageSuggestion(
            category=self.category,
            trade=_trade(self.read.heard.told, self.category.value, keywords),
            priority=Proposal(value=outcome.priority, reason=reason),
            hazard_class=Proposal(value=outcome.hazard_class, reason=_HAZARDS.get(outcome.hazard_class, reason)),
            safety_flag=Proposal(value=outcome.safety_flag, reason=reason if outcome.safety_flag else _NOBODY),
            missing_questions=keywords.missing(self.category.value),
        )
        return suggestion, self.raises_alarm


def _judged(read: Read, certain: Sequence[Danger], likely: Likely, alarmed: Likely) -> _Judged:
    category = _category(certain or read.heard.told, read.keywords, likely)
    outcome, reason = _outcome(certain, read, category.value, alarmed)
    raises_alarm = bool(certain or read.heard.sign) or alarmed.alarm >= ALARMING_ALONE
    return _Judged(read, category, outcome, reason, raises_alarm)


def dangers_in(report: ReportInWords, signs_of: Container[str] = ()) -> list[Danger]:
    """Return the dangers that a report surely tells of, then the mere signs of those that `signs_of` names."""
    heard = _reader().dangers.heard_in(sentences(without_dictated_answers(in_words(report)))).told
    told = [one for one in heard if not one.keeps_off]
    return sorted((one for one in told if one.certain or one.key in signs_of), key=lambda one: not one.certain)


def certain_dangers(text: str) -> list[Danger]:
    """Return the dangers that a text surely tells of, commands and quotations in it included."""
    return _reader().dangers.heard_in(sentences(without_dictated_answers(text))).certain


def in_words(report: ReportInWords) -> str:
    """Return the report as one text; of the picker's questions only what was answered with more than a no."""
    answers = []
    for question, answer in report.answers.items():
        plain = answer.strip().casefold().rstrip(".!")
        if plain not in _NOTHING_SAID:
            answers.append(question.rstrip("? ") if plain == "yes" else answer)
    return "\n".join((report.title, report.description, *answers))


def _example(confirmed: Confirmed) -> Example:
    return Example(
        in_words(confirmed.report),
        confirmed.category,
        confirmed.priority,
        confirmed.hazard_class,
        safety_flag=confirmed.priority is Priority.P1,
    )


def _category(dangers: Sequence[Danger], keywords: Keywords, likely: Likely) -> Proposal[Category]:
    best = max(likely.category, key=lambda category: likely.category[category])
    told = next((danger for danger in dangers if danger.certain and danger.category), None)
    if told and told.category and (told.category is best or likely.category[best] < SURE_ENOUGH):
        return Proposal(value=told.category, reason=told.sentence)
    if best in keywords.categories:
        return Proposal(value=best, reason=f"Says “{quote(keywords.categories[best].words)}”")
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


def _outcome(certain: Sequence[Danger], read: Read, category: Category, likely: Likely) -> tuple[Outcome, str]:
    """Return what is to be done, and why: alarms first, and else what reports like it turned out to be."""
    if certain:
        return EMERGENCY, certain[0].sentence
    sign = read.heard.sign or read.heard.hurts
    if likely.alarm >= (ALARMING_WITH_SIGN if sign else ALARMING):
        value = likely.best(alarm=True)
        return value, sign.sentence if sign else _SOON[value.priority]
    if read.heard.hurts and read.heard.hurts.certain:
        return KEEP_OFF, read.heard.hurts.sentence
    value = likely.best(alarm=False)
    if category is Category.OTHER:
        return Outcome(Priority.P4, HazardClass.NONE, safety_flag=False), "Names nothing to repair"
    return value, _SOON[value.priority]
