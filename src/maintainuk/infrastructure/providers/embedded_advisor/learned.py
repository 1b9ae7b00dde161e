"""What reports usually turn out to be, learned from examples and from an organisation's own confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maintainuk.domain.taxonomy import Category, HazardClass, Priority
from maintainuk.infrastructure.providers.embedded_advisor.keywords import KeywordRules, Keywords
from maintainuk.infrastructure.providers.embedded_advisor.reading import (
    Example,
    examples,
    sentences,
    without_instructions,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import FeatureUnion

WEIGHT_OF_KEYWORD = 0.5
MOST_COUNTED = 2
"""More words for one category say no more: some people tell everything twice."""

WEIGHT_OF_OWN = 4
"""How many examples of ours one confirmation of the organisation's own counts for."""


@dataclass(frozen=True, slots=True)
class Likely:
    """How likely each value is, from 0 to 1."""

    category: dict[Category, float]
    priority: dict[Priority, float]
    hazard_class: dict[HazardClass, float]


class Learned:
    """TF-IDF of words and parts of words beside the key words, and logistic regressions for each field."""

    def __init__(self, keywords: KeywordRules, own: tuple[Example, ...] = ()) -> None:
        # Loaded here and not above: it takes a second and 100 MB, which only whoever asks for advice should pay.
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415
        from sklearn.pipeline import FeatureUnion  # noqa: PLC0415

        def read_all(examples_of: Sequence[Example]) -> list[Keywords]:
            return [keywords.read(sentences(without_instructions(example.text))) for example in examples_of]

        known = (*examples(), *own * WEIGHT_OF_OWN)
        read = [*read_all(examples()), *read_all(own) * WEIGHT_OF_OWN]
        self._vectors: FeatureUnion = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
                ("parts", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)),
            ]
        )
        self._vectors.fit([message.text for message in read])
        rows = self._rows(read)

        def fitted(values: Sequence[str], *, balanced: bool = False) -> OneVsRestClassifier:
            # One regression for each value: as good as one for all of them here, and ten times as fast. Dual: above
            # 10,000 columns the other form spreads tiny sums over every core and takes twenty times as long.
            weight = "balanced" if balanced else None
            one = LogisticRegression(
                C=5.0, tol=1e-2, solver="liblinear", dual=True, max_iter=300, class_weight=weight, random_state=0
            )
            return OneVsRestClassifier(one).fit(rows, values)

        # Balanced: that most reports are of leaks makes this one no leak.
        self._category = fitted([example.category.value for example in known], balanced=True)
        self._priority = fitted([example.priority.value for example in known])
        self._hazard = fitted([example.hazard_class.value for example in known])

    def likely(self, message: Keywords) -> Likely:
        """Return how likely each value is for a report."""
        row = self._rows([message])

        def chances(model: OneVsRestClassifier) -> dict[str, float]:
            return dict(zip(map(str, model.classes_), map(float, model.predict_proba(row)[0]), strict=True))

        return Likely(
            {Category(value): chance for value, chance in chances(self._category).items()},
            {Priority(value): chance for value, chance in chances(self._priority).items()},
            {HazardClass(value): chance for value, chance in chances(self._hazard).items()},
        )

    def _rows(self, messages: Sequence[Keywords]) -> csr_matrix:
        from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415

        counts = [
            [
                WEIGHT_OF_KEYWORD * min(pointers[category].count, MOST_COUNTED) if category in pointers else 0.0
                for category in Category
            ]
            for pointers in (message.categories for message in messages)
        ]
        return hstack([self._vectors.transform([message.text for message in messages]), csr_matrix(counts)], "csr")
