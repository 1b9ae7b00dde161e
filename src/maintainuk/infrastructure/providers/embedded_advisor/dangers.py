"""What puts people at risk: what is surely an emergency, and what is a sign of one. The rules are in dangers.toml."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from maintainuk.domain.taxonomy import Category, Trade
from maintainuk.infrastructure.providers.embedded_advisor.patterns import (
    Atoms,
    Finder,
    Mention,
    Pattern,
    Span,
    compiled,
    phrase,
)
from maintainuk.infrastructure.providers.embedded_advisor.reading import Sentence, data

REACH_OF_UNLESS = 7
"""How many words around a mention may make it something else."""
NEAR = 5
"""How many words may lie between the terms of what is surely an emergency."""
LONGEST_QUOTE = 80
REACH_OF_NO = 5
"""How many words before a mention are looked at for one that denies it."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger that a message tells of, with the words that say so; or, where not `certain`, a sign of one."""

    key: str
    reason: str
    words: str
    category: Category | None
    trade: Trade | None
    certain: bool
    is_emergency: bool = True
    keeps_off: bool = False
    """No emergency, but whoever uses it must be told to stop, because it may hurt them."""

    @property
    def sentence(self) -> str:
        """The reason, with the words themselves."""
        return f"{self.reason}: “{quote(self.words)}”"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message says of dangers: those it tells of, in the order of the file, and those it only denies."""

    told: tuple[Danger, ...]
    denied: frozenset[str]

    @property
    def sign(self) -> Danger | None:
        """The first that may be an emergency, certain or not."""
        return next((danger for danger in self.told if danger.is_emergency), None)

    @property
    def certain(self) -> list[Danger]:
        """The emergencies that no doubt is left of."""
        return [danger for danger in self.told if danger.certain and not danger.keeps_off]

    @property
    def hurts(self) -> Danger | None:
        """What may hurt whoever uses it, certain or not."""
        return next((danger for danger in self.told if danger.keeps_off), None)


_Line = tuple[int, bool, int]
"""A line of the file: the number of its rule, whether it is only a sign, its place."""


@dataclass(frozen=True, slots=True)
class _Rule:
    key: str
    reason: str
    category: Category | None
    trade: Trade | None
    is_emergency: bool
    keeps_off: bool
    surely: tuple[Pattern, ...]
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
                is_emergency=rule.get("emergency", True),
                keeps_off=rule.get("keep_off", False),
                surely=tuple(compiled(line, self.words, self._atoms, NEAR) for line in rule.get("surely", ())),
                says=tuple(compiled(line, self.words, self._atoms) for line in rule["says"]),
                unless=frozenset(phrase(text, self._atoms) for text in rule.get("unless", ())),
                needs=frozenset(map(self._atoms.add, self.words[rule["with"]] if "with" in rule else ())),
            )
            for rule in source["danger"]
        ]
        self._finder: Finder[_Line] = Finder()
        for number, rule in enumerate(self._rules):
            for certain, patterns in ((True, rule.surely), (False, rule.says)):
                for place, pattern in enumerate(patterns):
                    self._finder.add(pattern, (number, not certain, place))

    def heard_in(self, message: Sequence[Sentence]) -> Heard:
        """Return what a message says of dangers."""
        found = [self._atoms.found_in(sentence) for sentence in message]
        everything = frozenset().union(*(places.keys() for places in found)) if found else frozenset()
        lines: dict[tuple[int, bool], list[tuple[int, int]]] = defaultdict(list)
        for sentence, places in enumerate(found):
            for number, is_sign, line in sorted(self._finder.possible(places)):
                lines[number, is_sign].append((sentence, line))
        told: dict[int, Danger] = {}
        denied = set()
        for (number, is_sign), where in sorted(lines.items()):
            rule = self._rules[number]
            if number in told or (rule.needs and not rule.needs & everything):
                continue
            words = _told_or_denied(self._mentions(rule, message, found, where, certain=not is_sign))
            if words:
                told[number] = Danger(
                    key=rule.key,
                    reason=rule.reason,
                    words=words,
                    category=rule.category,
                    trade=rule.trade,
                    certain=not is_sign,
                    is_emergency=rule.is_emergency,
                    keeps_off=rule.keeps_off,
                )
            elif words is not None:
                denied.add(rule.key)
        return Heard(tuple(told.values()), frozenset(denied))

    def _mentions(
        self,
        rule: _Rule,
        message: Sequence[Sentence],
        found: Sequence[Mapping[str, list[Span]]],
        where: Iterable[tuple[int, int]],
        *,
        certain: bool,
    ) -> Iterator[str]:
        """Yield the words of each mention, none for one that is denied or over."""
        for number, line in where:
            sentence, places = message[number], found[number]
            mentions = list((rule.surely if certain else rule.says)[line].mentions(places))
            other = [span for atom in rule.unless for span in places.get(atom, ())] if mentions else []
            for mention in mentions:
                if _something_else(mention, other):
                    continue
                following = message[number + 1] if number + 1 < len(message) else None
                if self._is_denied(sentence, mention, at_once=certain) or self._is_over(sentence, mention, following):
                    yield ""
                else:
                    yield " ".join(sentence.words[mention.start : mention.end]).replace("~", " ")

    def _is_denied(self, sentence: Sentence, mention: Mention, *, at_once: bool) -> bool:
        """Whether a "no" stands before it: right before what is certain, anywhere near before a mere sign."""
        for start, _ in mention.spans:
            clause = sentence.clauses[start]
            for position in range(start - 1, max(start - 1 - REACH_OF_NO, -1), -1):
                word = sentence.words[position]
                if sentence.clauses[position] != clause or mention.covers(position):
                    break
                if word in self._negators:
                    return True
                if at_once and word not in self._transparent:
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


def _told_or_denied(mentions: Iterable[str]) -> str | None:
    """Return the first that is told; "" when all are denied, nothing when there are none."""
    denied = None
    for words in mentions:
        if words:
            return words
        denied = words
    return denied


def _something_else(mention: Mention, other: Sequence[Span]) -> bool:
    return any(start < mention.end + REACH_OF_UNLESS and end > mention.start - REACH_OF_UNLESS for start, end in other)


def _phrases(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(re.escape(text).replace(re.escape('*'), '[^ ]*') for text in texts)}) ")
