"""Hard rules for danger: better ten alarms for nothing than one missed. The rules are in dangers.toml."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from maintainuk.domain.taxonomy import Category, HazardClass, Trade
from maintainuk.infrastructure.providers.embedded_advisor.patterns import (
    Atoms,
    Mention,
    Pattern,
    Span,
    compiled,
    phrase,
)
from maintainuk.infrastructure.providers.embedded_advisor.reading import Sentence, data

REACH_OF_UNLESS = 7
"""How many words around a mention may make it something else."""
LONGEST_QUOTE = 80
REACH_OF_NO = 5
"""How many words before a mention are looked at for one that denies it."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger that a message tells of, with the words that say so."""

    key: str
    reason: str
    words: str
    category: Category | None
    trade: Trade | None
    hazard_class: HazardClass
    safety_flag: bool

    @property
    def sentence(self) -> str:
        """The reason, with the words themselves."""
        return f"{self.reason}: “{quote(self.words)}”"


@dataclass(frozen=True, slots=True)
class _Rule:
    key: str
    reason: str
    category: Category | None
    trade: Trade | None
    hazard_class: HazardClass
    safety_flag: bool
    says: tuple[Pattern, ...]
    unless: frozenset[str]
    needs: frozenset[str]


class DangerRules:
    """The rules of dangers.toml."""

    def __init__(self) -> None:
        source = data("dangers.toml")
        self.words: Mapping[str, Sequence[str]] = source["words"]
        self._atoms = Atoms()
        self._negators = frozenset(source["negation"]["words"])
        self._transparent = frozenset(source["negation"]["transparent"])
        self._long_ago, self._over, self._lately, self._present = (
            _phrases(source["past"][name]) for name in ("long_ago", "over", "lately", "present")
        )
        self._rules = [
            _Rule(
                key=rule["key"],
                reason=rule["reason"],
                category=Category(rule["category"]) if "category" in rule else None,
                trade=Trade(rule["trade"]) if "trade" in rule else None,
                hazard_class=HazardClass(rule.get("hazard_class", HazardClass.POTENTIAL_EMERGENCY)),
                safety_flag=rule.get("safety_flag", True),
                says=tuple(compiled(line, self.words, self._atoms) for line in rule["says"]),
                unless=frozenset(phrase(text, self._atoms) for text in rule.get("unless", ())),
                needs=frozenset(map(self._atoms.add, self.words[rule["with"]] if "with" in rule else ())),
            )
            for rule in source["danger"]
        ]

    def told_of(self, message: Sequence[Sentence]) -> list[Danger]:
        """Return the dangers that a message tells of, in the order of the file."""
        found = [self._atoms.found_in(sentence) for sentence in message]
        everything = frozenset().union(*(places.keys() for places in found)) if found else frozenset()
        dangers = []
        for rule in self._rules:
            if rule.needs and not rule.needs & everything:
                continue
            words = next(self._mentions(rule, message, found), None)
            if words is not None:
                dangers.append(
                    Danger(rule.key, rule.reason, words, rule.category, rule.trade, rule.hazard_class, rule.safety_flag)
                )
        return dangers

    def _mentions(
        self, rule: _Rule, message: Sequence[Sentence], found: Sequence[Mapping[str, list[Span]]]
    ) -> Iterator[str]:
        for number, (sentence, places) in enumerate(zip(message, found, strict=True)):
            other = [span for atom in rule.unless for span in places.get(atom, ())]
            for pattern in rule.says:
                for mention in pattern.mentions(places):
                    if _something_else(mention, other) or self._is_denied(sentence, mention):
                        continue
                    following = message[number + 1] if number + 1 < len(message) else None
                    if not self._is_over(sentence, mention, following):
                        yield " ".join(sentence.words[mention.start : mention.end]).replace("~", " ")

    def _is_denied(self, sentence: Sentence, mention: Mention) -> bool:
        for start, _ in mention.spans:
            clause = sentence.clauses[start]
            for position in range(start - 1, max(start - 1 - REACH_OF_NO, -1), -1):
                word = sentence.words[position]
                if sentence.clauses[position] != clause or mention.covers(position):
                    break
                if word in self._negators:
                    return True
                if word not in self._transparent:
                    break
        return False

    def _is_over(self, sentence: Sentence, mention: Mention, following: Sentence | None) -> bool:
        clause = sentence.clauses[mention.start]
        own = sentence.clause_text(clause)
        if self._present.search(own):
            return False
        if self._long_ago.search(own) or self._over.search(own):
            return True
        after = (
            sentence.clause_text(clause + 1)
            if clause < sentence.last_clause
            else following.clause_text(following.clauses[0])
            if following
            else ""
        )
        told_as_past = self._lately.search(own) and self._over.search(after)
        return bool(told_as_past) and not self._present.search(after)


def quote(words: str) -> str:
    """Return the words, short enough for a reason."""
    return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"


def _something_else(mention: Mention, other: Sequence[Span]) -> bool:
    return any(start < mention.end + REACH_OF_UNLESS and end > mention.start - REACH_OF_UNLESS for start, end in other)


def _phrases(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(re.escape(text).replace(re.escape('*'), '[^ ]*') for text in texts)}) ")
