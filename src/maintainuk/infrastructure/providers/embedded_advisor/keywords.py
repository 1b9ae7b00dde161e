"""Words that point to a category, a trade, or a question nobody has answered yet (keywords.toml, questions.toml)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from maintainuk.domain.ai import MissingQuestion
from maintainuk.domain.taxonomy import Category, Trade
from maintainuk.infrastructure.providers.embedded_advisor.patterns import Atoms, Finder, Pattern, Span, compiled
from maintainuk.infrastructure.providers.embedded_advisor.reading import Sentence, data

MOST_ASKED = 3
"""More questions at once are answered by nobody."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """How many different words point to a category, and the first of them."""

    count: int
    words: str


@dataclass(frozen=True, slots=True)
class _Question:
    categories: frozenset[Category]
    asked: MissingQuestion
    answered_by: tuple[Pattern, ...]


class KeywordRules:
    """The rules of keywords.toml and questions.toml; `words` are the word groups that they may name."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._atoms = Atoms()

        def patterns(lines: Sequence[str]) -> tuple[Pattern, ...]:
            return tuple(compiled(line, words, self._atoms) for line in lines)

        rules = {Category(key): rule for key, rule in data("keywords.toml").items()}
        self.categories = {category: patterns(rule["says"]) for category, rule in rules.items()}
        self._finder: Finder[Category] = Finder()
        for category, lines in self.categories.items():
            for pattern in lines:
                self._finder.add(pattern, category)
        self.trades = {
            category: [(Trade(choice["trade"]), patterns(choice.get("says", ()))) for choice in rule["trades"]]
            for category, rule in rules.items()
        }
        self.questions = [
            _Question(
                frozenset(map(Category, question["categories"])),
                MissingQuestion(question=question["question"], reason=question["reason"]),
                patterns(question["answered_by"]),
            )
            for question in data("questions.toml")["question"]
        ]

    def possible(self, found: Mapping[str, list[Span]]) -> set[Category]:
        """Return the categories that words of a sentence may point to."""
        return self._finder.possible(found)

    def read(self, message: Sequence[Sentence]) -> "Keywords":
        """Look for all of them in one go."""
        return Keywords(self, [(sentence, self._atoms.found_in(sentence)) for sentence in message])


class Keywords:
    """What the words of one message point to."""

    def __init__(self, rules: KeywordRules, found: Sequence[tuple[Sentence, Mapping[str, list[Span]]]]) -> None:
        self._rules = rules
        self._found = found

    @property
    def text(self) -> str:
        """All its words, put right."""
        return " ".join(" ".join(sentence.words) for sentence, _ in self._found)

    @cached_property
    def categories(self) -> dict[Category, Pointer]:
        """The categories that words of the message point to."""
        pointers = {}
        possible = set().union(*(self._rules.possible(places) for _, places in self._found))
        for category, patterns in self._rules.categories.items():
            if category not in possible:
                continue
            found = [words for pattern in patterns if (words := self._words(pattern))]
            if found:
                pointers[category] = Pointer(len(found), found[0])
        return pointers

    def trade(self, category: Category) -> tuple[Trade | None, str | None]:
        """Return who mends it, with the words that say so; nobody when it is no repair."""
        for trade, patterns in self._rules.trades[category]:
            if not patterns:
                return trade, None
            for pattern in patterns:
                if words := self._words(pattern):
                    return trade, words
        return None, None

    def missing(self, category: Category) -> list[MissingQuestion]:
        """Return what a coordinator would ask about such a repair and the message does not answer."""
        open_questions = [
            question.asked
            for question in self._rules.questions
            if category in question.categories and not any(map(self._words, question.answered_by))
        ]
        return open_questions[:MOST_ASKED]

    def _words(self, pattern: Pattern) -> str | None:
        for sentence, places in self._found:
            for mention in pattern.mentions(places):
                return " ".join(sentence.words[mention.start : mention.end]).replace("~", " ")
        return None
