"""What reports usually turn out to be, learned from examples and from an organisation's own confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maintainuk.domain.taxonomy import Category, HazardClass, Priority
from maintainuk.infrastructure.providers.embedded_advisor.reading import (
    Example,
    examples,
    sentences,
    without_instructions,
)

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion

WEIGHT_OF_OWN = 4.0
"""How many examples of ours one confirmation of the organisation's own counts for."""


@dataclass(frozen=True, slots=True)
class Likely:
    """How likely each value is, from 0 to 1."""

    category: dict[Category, float]
    priority: dict[Priority, float]
    hazard_class: dict[HazardClass, float]


def plain(text: str) -> str:
    """Return the words of a report that its likely category is read from."""
    return " ".join(" ".join(sentence.words) for sentence in sentences(without_instructions(text)))


class Learned:
    """TF-IDF of words and parts of words, and one logistic regression for each field."""

    def __init__(self, own: Sequence[Example] = ()) -> None:
        # Loaded here and not above: it takes a second and 100 MB, which only whoever asks for advice should pay.
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.pipeline import FeatureUnion  # noqa: PLC0415

        known = (*examples(), *own)
        weights = [1.0] * len(examples()) + [WEIGHT_OF_OWN] * len(own)
        self._vectors: FeatureUnion = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
                ("parts", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)),
            ]
        )
        rows = self._vectors.fit_transform([plain(example.text) for example in known])

        def fitted(values: Sequence[str]) -> LogisticRegression:
            return LogisticRegression(C=20.0, max_iter=60, tol=1e-2).fit(rows, values, sample_weight=weights)

        self._category = fitted([example.category.value for example in known])
        self._priority = fitted([example.priority.value for example in known])
        self._hazard = fitted([example.hazard_class.value for example in known])

    def likely(self, text: str) -> Likely:
        """Return how likely each value is for a report."""
        row = self._vectors.transform([plain(text)])

        def chances(model: LogisticRegression) -> dict[str, float]:
            return dict(zip(map(str, model.classes_), map(float, model.predict_proba(row)[0]), strict=True))

        return Likely(
            {Category(value): chance for value, chance in chances(self._category).items()},
            {Priority(value): chance for value, chance in chances(self._priority).items()},
            {HazardClass(value): chance for value, chance in chances(self._hazard).items()},
        )
