"""Patterns of words, as the files of rules beside this one write them (dangers.toml explains how)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from maintainuk.infrastructure.providers.embedded_advisor.reading import HARMLESS, Sentence

WINDOW = 10
"""How many words may lie between two terms of a pattern."""

WORDS_REMEMBERED = 5_000
Span = tuple[int, int]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a pattern was found in a sentence: a span of words for each of its terms."""

    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        """The first word."""
        return min(start for start, _ in self.spans)

    @property
    def end(self) -> int:
        """One beyond the last word."""
        return max(end for _, end in self.spans)

    def covers(self, position: int) -> bool:
        """Whether the word at `position` belongs to one of the terms."""
        return any(start <= position < end for start, end in self.spans)


class Atoms:
    """Every word and phrase that any pattern asks for, found in one pass over a sentence."""

    def __init__(self) -> None:
        self._by_first: dict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, tuple[str, ...]] = {}
        self._beginning_with = lru_cache(maxsize=WORDS_REMEMBERED)(self._look_up)

    def add(self, atom: str) -> str:
        """Look out for an atom such as `leak*` or `light_fitting*`; returns its key."""
        if atom not in self._parts:
            star = atom.endswith("*")
            phrase = atom.removesuffix("*").replace("_", " ")
            is_one_word = phrase in HARMLESS or (star and any(known.startswith(phrase) for known in HARMLESS))
            parts = (phrase.replace(" ", "~") + "*" * star,) if is_one_word else tuple(atom.split("_"))
            self._parts[atom] = parts
            self._by_first[parts[0]].add(atom)
            if is_one_word and " " in phrase:
                self._by_first[atom.partition("_")[0]].add(atom)
        return atom

    def found_in(self, sentence: Sentence) -> Mapping[str, list[Span]]:
        """Return where each atom stands."""
        words = sentence.words
        found: dict[str, list[Span]] = defaultdict(list)
        for position, word in enumerate(words):
            for atom, parts in self._beginning_with(word):
                end = position + len(parts)
                if end <= len(words) and all(map(_fits, parts, words[position:end])):
                    found[atom].append((position, end))
        return found

    def _look_up(self, word: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the atoms that may begin with a word, each as the words it is made of."""
        return tuple(
            (atom, parts)
            for key in (word, *(f"{word[:length]}*" for length in range(1, len(word) + 1)))
            for atom in self._by_first.get(key, ())
            for parts in {self._parts[atom], tuple(atom.split("_"))}
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """Terms that stand close together in one sentence; each is met by any of its atoms."""

    terms: tuple[frozenset[str], ...]
    window: int = WINDOW

    def mentions(self, found: Mapping[str, list[Span]]) -> Iterator[Mention]:
        """Yield where it is met."""
        if any(term.isdisjoint(found) for term in self.terms):
            return
        places = [sorted({span for atom in term for span in found.get(atom, ())}) for term in self.terms]
        for anchor in places[0]:
            spans = [anchor]
            for others in places[1:]:
                near = [
                    span
                    for span in others
                    if abs(span[0] - anchor[0]) <= self.window and not any(_overlap(span, taken) for taken in spans)
                ]
                if not near:
                    break
                spans.append(min(near, key=lambda span: abs(span[0] - anchor[0])))
            else:
                yield Mention(tuple(spans))


class Finder(Generic[Key]):
    """Finds which of many patterns may be met at all, by the atoms of their first terms."""

    def __init__(self) -> None:
        self._by_atom: dict[str, list[Key]] = defaultdict(list)

    def add(self, pattern: Pattern, key: Key) -> None:
        """Look out for a pattern, known by `key`."""
        for atom in pattern.terms[0]:
            self._by_atom[atom].append(key)

    def possible(self, found: Mapping[str, list[Span]]) -> set[Key]:
        """Return the keys of the patterns that begin with one of the atoms found."""
        return {key for atom in found for key in self._by_atom.get(atom, ())}


def compiled(line: str, words: Mapping[str, Sequence[str]], atoms: Atoms, window: int = WINDOW) -> Pattern:
    """Return the pattern that a line of a file of rules writes. Raises `KeyError` for a {word group} nobody listed."""
    return Pattern(
        tuple(
            frozenset(
                atoms.add(atom)
                for choice in term.split("|")
                for atom in (words[choice[1:-1]] if choice.startswith("{") else (choice,))
            )
            for term in line.split()
        ),
        window,
    )


def phrase(text: str, atoms: Atoms) -> str:
    """Return the atom for words that stand next to each other."""
    return atoms.add(text.replace(" ", "_"))


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
