"""What of a message a classifier looks at: its words, marked where they are denied, its ideas and its dangers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from maintainuk.domain.taxonomy import Category
from maintainuk.infrastructure.providers.embedded_advisor.commands import about_the_home
from maintainuk.infrastructure.providers.embedded_advisor.dangers import DangerRules, Heard
from maintainuk.infrastructure.providers.embedded_advisor.keywords import KeywordRules, Keywords
from maintainuk.infrastructure.providers.embedded_advisor.patterns import Atoms
from maintainuk.infrastructure.providers.embedded_advisor.reading import Sentence, data, sentences

_NEGATORS = frozenset(data("dangers.toml")["negation"]["words"])
_SAYS_NOTHING = frozenset(data("words.toml")["says_nothing"])
FRAIL = frozenset(("frail", "child", "acute", "ill"))
"""Ideas of people whom the loss of a service may harm."""
REACH = 6
"""How many words after a "no" it still denies, at most to the end of its clause."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a classifier sees of a message."""

    words: str
    plain: str
    marks: frozenset[str]
    pointers: Mapping[Category, int]

    def beside(self, others: Iterable["Traits"]) -> "Traits":
        """Return the traits of a message that says all of this."""
        every = (self, *others)
        return Traits(
            " ".join(one.words for one in every),
            " ".join(one.plain for one in every),
            frozenset().union(*(one.marks for one in every)),
            sum((Counter(one.pointers) for one in every), Counter()),
        )


@dataclass(frozen=True, slots=True)
class Read:
    """A message as rules and classifiers see it."""

    keywords: Keywords
    heard: Heard
    traits: Traits
    home: str
    """The text without commands and quotations."""
    left_out: bool
    """Whether commands or quotations were left out."""


class Reader:
    """Reads messages with all rules."""

    def __init__(self) -> None:
        self.dangers = DangerRules()
        self.keywords = KeywordRules(self.dangers.words)
        self._atoms = Atoms()
        self._ideas: dict[str, list[str]] = {}
        for idea, words in data("concepts.toml").items():
            for word in words:
                self._ideas.setdefault(self._atoms.add(word.replace("~", "_")), []).append(idea)

    def read(self, text: str, *, trusted: bool = False) -> Read:
        """Read what a message says of the home; one that we wrote ourselves commands nothing."""
        home = text if trusted else about_the_home(text)
        message = sentences(home)
        heard = self.dangers.heard_in(message)
        keywords = self.keywords.read(message)
        traits = Traits(
            " ".join(word for sentence in message for word in marked(sentence)),
            " ".join(word for sentence in message for word in sentence.words if word not in _SAYS_NOTHING),
            frozenset(
                (
                    *(f"certain {danger.key}" if danger.certain else f"sign {danger.key}" for danger in heard.told),
                    *(f"denied {key}" for key in heard.denied),
                    *self._ideas_of(message),
                )
            ),
            {category: pointer.count for category, pointer in keywords.categories.items()},
        )
        return Read(keywords, heard, traits, home, home != text)

    def _ideas_of(self, message: Sequence[Sentence]) -> Iterator[str]:
        """Yield the ideas of a message, and each two that stand in one sentence."""
        of_each = [self._ideas_in(sentence) for sentence in message]
        # A service lost is worse for some: that nobody like them is named stands beside every idea.
        nobody = set() if any(FRAIL & ideas for ideas in of_each) else {"nobody frail"}
        for ideas in of_each:
            yield from ideas
            yield from (f"{one} + {other}" for one, other in combinations(sorted(ideas | nobody), 2))

    def _ideas_in(self, sentence: Sentence) -> set[str]:
        """Return the ideas of a sentence, with a mark on those denied."""
        denied = denied_words(sentence)
        found = self._atoms.found_in(sentence)
        return {
            f"no {idea}" if any(start in denied for start, _ in found[atom]) else idea
            for atom in found
            for idea in self._ideas.get(atom, ())
        }


def denied_words(sentence: Sentence) -> frozenset[int]:
    """Return the places of the words that a word of denial before them in their clause reaches."""
    denied = set()
    until = -1
    for position, (word, clause) in enumerate(zip(sentence.words, sentence.clauses, strict=True)):
        if position and sentence.clauses[position - 1] != clause:
            until = -1
        if position <= until:
            denied.add(position)
        if word in _NEGATORS:
            until = position + REACH
    return frozenset(denied)


def marked(sentence: Sentence) -> list[str]:
    """Return the words of a sentence, with a mark on those denied."""
    denied = denied_words(sentence)
    return [
        f"no~{word}" if position in denied else word
        for position, word in enumerate(sentence.words)
        if word not in _SAYS_NOTHING
    ]
