"""What reports usually turn out to be, learned from examples and from an organisation's own confirmations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from maintainuk.domain.taxonomy import Category, HazardClass, Priority
from maintainuk.infrastructure.providers.embedded_advisor.features import Reader, Traits
from maintainuk.infrastructure.providers.embedded_advisor.reading import Example, asides, examples

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import FeatureUnion

WEIGHT_OF_KEYWORD = 0.3
WEIGHT_OF_MARK = 0.3
MOST_COUNTED = 2
"""More words for one category say no more: some people tell everything twice."""

WEIGHT_OF_EMERGENCY = 3
"""How much likelier than an emergency it must be that people need only keep off."""
WEIGHT_OF_OWN = 4
"""How many examples of ours one confirmation of the organisation's own counts for."""


HOW_MANY = (0, 1, 1, 0, 2, 2, 3)
"""How many asides stand with an example, taking turns."""
STRIDE = 37
"""Steps through the asides, so that no two examples have the same company."""


class Outcome(NamedTuple):
    """How soon, how dangerous, and whether to tell people what to do: learned as one, so that they never contradict."""

    priority: Priority
    hazard_class: HazardClass
    safety_flag: bool


@dataclass(frozen=True, slots=True)
class Likely:
    """How likely each value is, from 0 to 1."""

    category: dict[Category, float]
    outcome: dict[Outcome, float]

    @property
    def alarm(self) -> float:
        """How likely it is that somebody must act, or be told what to do, at once."""
        return sum(chance for outcome, chance in self.outcome.items() if outcome.safety_flag)

    def best(self, *, alarm: bool) -> Outcome:
        """Return the likeliest outcome among those that raise an alarm, an emergency when in doubt, or among others."""
        among = [outcome for outcome in self.outcome if outcome.safety_flag is alarm]
        weighed = {
            outcome: self.outcome[outcome] * (WEIGHT_OF_EMERGENCY if outcome.priority is Priority.P1 else 1)
            for outcome in among
        }
        return max(among, key=weighed.__getitem__)


class Learned:
    """Two families of regressions over words and parts of words: one for the category, one for the outcome."""

    def __init__(self, reader: Reader, own: tuple[Example, ...] = ()) -> None:
        # Late: it takes a second and 100 MB, which only whoever asks for advice should pay.
        from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415
        from sklearn.pipeline import FeatureUnion  # noqa: PLC0415

        known = (*examples(), *own * WEIGHT_OF_OWN)
        read = [*as_people_write(reader), *[reader.read(example.text).traits for example in own] * WEIGHT_OF_OWN]
        usual: dict[str, Any] = {"min_df": 3, "sublinear_tf": True}
        self._vectors: FeatureUnion = FeatureUnion(
            [
                ("words", TfidfVectorizer(**usual, analyzer=_words_and_pairs)),
                ("parts", TfidfVectorizer(**usual, ngram_range=(3, 4), analyzer="char_wb", preprocessor=_plain)),
                ("marks", CountVectorizer(min_df=3, binary=True, analyzer=_marks)),
            ],
            transformer_weights={"marks": WEIGHT_OF_MARK},
        )
        self._vectors.fit(read)
        rows = self._rows(read)

        def fitted(values: Sequence[str], weights: str | None = None) -> OneVsRestClassifier:
            # One regression for each value: as good as one for all of them here, and ten times as fast. Dual: above
            # 10,000 columns the other form spreads tiny sums over every core and takes twenty times as long.
            one = LogisticRegression(
                C=10.0, tol=0.15, solver="liblinear", dual=True, max_iter=300, class_weight=weights, random_state=0
            )
            return OneVsRestClassifier(one).fit(rows, values)

        # Balanced: that most reports are of leaks makes this one no leak. Outcomes are not: weights bend likelihoods,
        # the rarest outcome's most, and limits stand on those.
        self._category = fitted([example.category.value for example in known], "balanced")
        outcomes = [Outcome(example.priority, example.hazard_class, example.safety_flag) for example in known]
        self._outcomes = sorted(set(outcomes))
        self._outcome = fitted([str(self._outcomes.index(outcome)) for outcome in outcomes])

    def likely(self, message: Traits) -> Likely:
        """Return how likely each value is for a report."""
        return self.likely_each([message])[0]

    def likely_each(self, messages: Sequence[Traits]) -> list[Likely]:
        """Return how likely each value is for each of several reports."""
        if not messages:
            return []
        rows = self._rows(messages)

        def chances(model: OneVsRestClassifier) -> Iterator[dict[str, float]]:
            names = list(map(str, model.classes_))
            return (dict(zip(names, map(float, row), strict=True)) for row in model.predict_proba(rows))

        return [
            Likely(
                {Category(value): chance for value, chance in category.items()},
                {self._outcomes[int(number)]: chance for number, chance in outcome.items()},
            )
            for category, outcome in zip(chances(self._category), chances(self._outcome), strict=True)
        ]

    def _rows(self, messages: Sequence[Traits]) -> csr_matrix:
        from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415

        counts = [
            [WEIGHT_OF_KEYWORD * min(message.pointers.get(category, 0), MOST_COUNTED) for category in Category]
            for message in messages
        ]
        return hstack([self._vectors.transform(messages), csr_matrix(counts)], "csr")


def as_people_write(reader: Reader) -> Iterator[Traits]:
    """Yield the traits of our examples, of most of them with things beside that tell nothing about the home.

    Whoever learns from bare faults takes every greeting, date and name of a real letter for a sign of something.
    """
    besides = [(reader.read(text, trusted=True).traits, about) for text, about in asides()]
    for number, example in enumerate(examples()):
        fitting = [traits for traits, about in besides if example.category not in about]
        places = (STRIDE * (number + place * STRIDE) for place in range(HOW_MANY[number % len(HOW_MANY)]))
        yield reader.read(example.text, trusted=True).traits.beside(fitting[place % len(fitting)] for place in places)


def _words_and_pairs(message: Traits) -> list[str]:
    words = message.words.split()
    return [*words, *map(" ".join, pairwise(words))]


def _plain(message: Traits) -> str:
    return message.plain


def _marks(message: Traits) -> frozenset[str]:
    return message.marks
