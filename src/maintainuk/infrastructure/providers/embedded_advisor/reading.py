"""Reads a message as people write it: misspelled, in dialect, without full stops."""

import csv
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from maintainuk.domain.taxonomy import Category, HazardClass, Priority

FOLDER = Path(__file__).parent
LONG_ENOUGH_TO_GUESS = 5
LONG_ENOUGH_TO_GUESS_TWO = 8
"""Letters a word needs before one, or two, wrong ones still tell what it was."""

SHORTEST_BY_SOUND = 4
FURTHEST_BY_SOUND = 3
"""Letters by which a word that sounds like another may differ from it."""
LONGEST_WORD = 40
LONGEST_WITHOUT_ENDINGS = 4
"""Letters up to which a word of another language is read only as a whole."""
MOST_FAULTS = 12
SHORTEST_FAULT = 4
"""Words that a fault in a list has at least."""
LONGEST_SENTENCE = 80
OVERLAP = 20
FEW = 3
"""So many alternatives of a pattern may as well be tried one after the other; so many clauses are a list."""
_FIRST_WITHOUT_CASE = "\u0590"
"""From here on the alphabets begin (Hebrew, Arabic, Indian, Chinese) that join words or write articles onto them."""

_SENTENCE_ENDS = re.compile(r"[.!?;\n]+(?=\s|$)|\n+|[!?;]+")
_CLAUSE_ENDS = re.compile(r",|:|\s[-\u2013\u2014]\s|\b(?:but|however|although|though|except|yet)\b")
_FAULT_ENDS = re.compile(r",|\s[-\u2013\u2014]\s|\d\)|\b(?:and|also|plus)\b")
_WORD = re.compile(r"[^\W_]+(?:~[^\W_]+)*")
_SHORT_IS = re.compile(r"(?<=[^\W_]{4})['\u2018\u2019`\u00b4]s\b(?<!there.s)(?<!what.s)(?<!that.s)(?<!here.s)")
_APOSTROPHES = re.compile(r"(?<=\w)['\u2018\u2019`\u00b4](?=\w)")


@dataclass(frozen=True)
class Sentence:
    """Words of one sentence, and for each the number of its clause."""

    words: tuple[str, ...]
    clauses: tuple[int, ...]

    def clause_text(self, number: int) -> str:
        """Return the words of a clause, one space around each."""
        return f" {' '.join(word for word, clause in zip(self.words, self.clauses, strict=True) if clause == number)} "

    @cached_property
    def last_clause(self) -> int:
        """The number of the last clause."""
        return self.clauses[-1]


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what a person made of it."""

    text: str
    category: Category
    priority: Priority
    hazard_class: HazardClass
    safety_flag: bool


@cache
def examples() -> tuple[Example, ...]:
    """Return the messages of training.csv."""
    with (FOLDER / "training.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Example(
                row["text"],
                Category(row["category"]),
                Priority(row["priority"]),
                HazardClass(row["hazard_class"]),
                row["safety_flag"] == "true",
            )
            for row in csv.DictReader(file)
        )


@cache
def asides() -> tuple[tuple[str, frozenset[Category]], ...]:
    """Return what people write besides, and about which categories it says something after all (asides.csv)."""
    with (FOLDER / "asides.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["text"], frozenset(map(Category, row["not_with"].split()))) for row in csv.DictReader(file))


def data(name: str) -> dict[str, Any]:
    """Return one of the files of rules beside this one."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


_WORDS = data("words.toml")
HARMLESS: frozenset[str] = frozenset(data("dangers.toml")["harmless"]["phrases"])


def _any_of(words: Iterable[str], end: Callable[[str], str] = lambda _: r"(?!\w)") -> re.Pattern[str]:
    """Return a pattern for whole words or phrases, the longest first."""
    return re.compile(_branches([(word, end(word)) for word in sorted(words, key=len, reverse=True)], _start))


def _branches(rests: Sequence[tuple[str, str]], before: Callable[[str], str] = lambda _: "") -> str:
    """Write alternatives as a tree by their letters: one after the other, all would be tried at each."""
    if len(rests) <= FEW or any(not rest for rest, _ in rests):
        return "|".join(f"{before(rest)}{re.escape(rest)}{end}" for rest, end in rests)
    by_letter: dict[str, list[tuple[str, str]]] = {}
    for rest, end in rests:
        by_letter.setdefault(rest[0], []).append((rest[1:], end))
    return "|".join(f"{before(letter)}{re.escape(letter)}(?:{_branches(those)})" for letter, those in by_letter.items())


def _start(word: str) -> str:
    """Demand the beginning of a word, except where words are written without spaces or after an article."""
    return r"(?<!\w)" if word < _FIRST_WITHOUT_CASE else ""


def _end(word: str) -> str:
    """Demand the end of a short word too, or "fum" (smoke) would be read in "fumble"; a longer one may be a stem."""
    return r"(?!\w)" if len(word) <= LONGEST_WITHOUT_ENDINGS and word < _FIRST_WITHOUT_CASE else ""


_MEANS: dict[str, str] = {_APOSTROPHES.sub("", word): meant for word, meant in _WORDS["means"].items()}
_ODD = _any_of({word for word in _MEANS if any(letter.isalnum() for letter in word)})
_SIGNS = {word: meant for word, meant in _MEANS.items() if not any(letter.isalnum() for letter in word)}
_HARMLESS = _any_of(HARMLESS)
_TRANSLATED: dict[str, str] = {_APOSTROPHES.sub("", word): meant for word, meant in data("languages.toml").items()}
_FOREIGN = _any_of(_TRANSLATED, _end)
_SPELLING: tuple[str, ...] = tuple(_WORDS["spelling"])


def sentences(text: str) -> list[Sentence]:
    """Return the message in sentences of plain, well spelled words."""
    return [sentence for part in _SENTENCE_ENDS.split(normalised(text)) for sentence in _sentences(part)]


def faults(text: str) -> list[str]:
    """Return the sentences of a message, and what a list in one of them names, where there are several."""
    told = [part for part in _SENTENCE_ENDS.split(text) if any(map(str.isalpha, part))]
    parts = told if len(told) > 1 else []
    for sentence in told:
        listed = _FAULT_ENDS.split(sentence)
        if len(listed) >= FEW:
            parts = [*parts, *(part for part in listed if len(part.split()) >= SHORTEST_FAULT)]
    return parts[:MOST_FAULTS]


def normalised(text: str) -> str:
    """Return the message in small letters, without apostrophes, dialect and pictures put into plain words."""
    plain = _APOSTROPHES.sub("", _SHORT_IS.sub(" is", unicodedata.normalize("NFKC", text).lower()))
    for sign, meant in _SIGNS.items():
        if sign in plain:
            plain = plain.replace(sign, f" {meant} ")
    plain = _FOREIGN.sub(lambda found: f" {_TRANSLATED[found[0]]} ", plain)
    plain = _ODD.sub(lambda found: _MEANS[found[0]], plain)
    return _HARMLESS.sub(lambda found: found[0].replace(" ", "~"), plain)


def _sentences(text: str) -> Iterator[Sentence]:
    words: list[str] = []
    clauses: list[int] = []
    for number, clause in enumerate(_CLAUSE_ENDS.split(text)):
        found = [spelled(word[:LONGEST_WORD]) for word in _WORD.findall(clause)]
        words += found
        clauses += [number] * len(found)
    # Some write pages without a full stop: pieces that overlap lose nothing, and take no longer than their length.
    for start in range(0, len(words), LONGEST_SENTENCE - OVERLAP):
        if start == 0 or start + OVERLAP < len(words):
            piece = slice(start, start + LONGEST_SENTENCE)
            yield Sentence(tuple(words[piece]), tuple(clauses[piece]))


@cache
def _known() -> frozenset[str]:
    """Return words that are right as they are: those in our rules; examples are misspelled on purpose."""
    rules = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("dangers.toml", "keywords.toml"))
    return frozenset((*_WORDS["words"], *_SPELLING, *re.findall(r"[a-z]+", rules)))


def _is_inflected(word: str) -> bool:
    endings = ("s", "es", "ed", "d", "ing", "ly", "y")
    return any(word.removesuffix(ending) in _known() for ending in endings if word.endswith(ending))


def sound(word: str) -> str:
    """Return roughly how a word sounds: its consonants, with letters that are heard alike written alike."""
    heard = word
    for written, meant in _HEARD_ALIKE:
        heard = written.sub(meant, heard)
    return heard


_HEARD_ALIKE = tuple(
    (re.compile(written), meant)
    for written, meant in (
        (r"tch|sh|ch", "x"),
        (r"ph|gh(?=t|$)", "f"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|c|q", "k"),
        (r"wh", "w"),
        (r"dg|g(?=[ei])", "j"),
        (r"(?<=.)[aeiouywh]", ""),
        (r"^[aeiou]", "a"),
        (r"(.)\1+", r"\1"),
    )
)


@cache
def _by_sound() -> dict[str, list[str]]:
    """Return the words that are put right, by their sound."""
    words: dict[str, list[str]] = {}
    for word in _SPELLING:
        words.setdefault(sound(word), []).append(word)
    return words


@lru_cache(maxsize=20_000)
def spelled(word: str) -> str:
    """Return the word that was meant, if it is nearly one of those that matter, by its letters or by its sound."""
    if len(word) < SHORTEST_BY_SOUND or not (word.isascii() and word.isalpha()):
        return word
    if word in _known() or _is_inflected(word):
        return word
    alike = [(OSA.distance(word, meant), meant) for meant in _by_sound().get(sound(word), ())]
    furthest = FURTHEST_BY_SOUND if len(word) > LONG_ENOUGH_TO_GUESS else FURTHEST_BY_SOUND - 1
    distance, meant = min(alike, default=(furthest + 1, word))
    return meant if distance <= furthest else _by_letters(word)


def _by_letters(word: str) -> str:
    if len(word) < LONG_ENOUGH_TO_GUESS:
        return word
    allowed = 2 if len(word) >= LONG_ENOUGH_TO_GUESS_TWO else 1
    best, nearest = word, allowed + 1
    for meant in _SPELLING:
        if abs(len(meant) - len(word)) <= allowed and meant[0] == word[0]:
            distance = OSA.distance(word, meant, score_cutoff=allowed)
            if distance < nearest:
                best, nearest = meant, distance
    return best
