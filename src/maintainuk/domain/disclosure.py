"""What somebody may read about themselves without reading about others (Data Protection Act 2018, schedule 2, §16)."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import phonenumbers

from maintainuk.domain.values import national_number

SHORTEST_PART = 3
FEWEST_DIGITS = 9
"""Of a telephone number in the United Kingdom; years and error codes have fewer."""
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.[^\s@<>()\[\],;:\"'.]+")


class Hidden(StrEnum):
    """What stands in the place of what is hidden: the catalogue has the words."""

    PERSON = "person"
    COLLEAGUE = "colleague"
    CONTRACTOR = "contractor"
    EMAIL = "email"
    PHONE = "phone"
    MORE = "more"
    """What a person who looked through it has hidden besides."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks: their names and ways to reach them are theirs to read."""

    name: str
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    """National numbers, as `national_number` writes them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that was said or written down about somebody, by its key."""

    key: str
    kind: str
    about: str
    at: str
    said: str
    is_internal: bool = False


@dataclass(slots=True)
class Redaction:
    """Hides others from what is told to somebody about themselves: their names, numbers and addresses.

    `others` are the people who are known to stand near the subject; `more` what a reviewer hides besides.
    """

    subject: Subject
    others: Mapping[str, Hidden]
    more: Collection[str]
    words: Mapping[Hidden, str]
    _names: list[tuple[re.Pattern[str], Hidden]] = field(init=False)

    def __post_init__(self) -> None:
        own = set(_parts(self.subject.name))
        wholes = [(name, hidden) for name, hidden in self.others.items() if name.strip()]
        named = [(_pattern(name, re.IGNORECASE), hidden) for name, hidden in _longest_first(wholes)]
        parts = [(part, hidden) for name, hidden in wholes for part in _parts(name) if part not in own]
        named += [(_pattern(part), hidden) for part, hidden in _longest_first(parts)]
        besides = [(text, Hidden.MORE) for text in self.more if text.strip()]
        self._names = [(_pattern(text, re.IGNORECASE), hidden) for text, hidden in _longest_first(besides)] + named

    def of(self, text: str) -> str:
        """Return the text without others."""
        text = EMAIL.sub(self._email, text)
        text = self._without_phones(text)
        for pattern, hidden in self._names:
            text = pattern.sub(self.words[hidden], text)
        return text

    def _email(self, found: re.Match[str]) -> str:
        return found[0] if found[0].casefold() in self.subject.emails else self.words[Hidden.EMAIL]

    def _without_phones(self, text: str) -> str:
        matcher = phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.POSSIBLE)
        for match in reversed(list(matcher)):
            is_number = sum(sign.isdigit() for sign in match.raw_string) >= FEWEST_DIGITS
            if is_number and national_number(match.raw_string) not in self.subject.phones:
                start = match.start + (match.raw_string.startswith("(") and ")" not in match.raw_string)
                text = text[:start] + self.words[Hidden.PHONE] + text[match.end :]
        return text


def _parts(name: str) -> Iterable[str]:
    return (part for part in re.split(r"[\s,.-]+", name) if len(part) >= SHORTEST_PART)


def _longest_first(texts: Iterable[tuple[str, Hidden]]) -> list[tuple[str, Hidden]]:
    return sorted(set(texts), key=lambda one: (-len(one[0]), one[0]))


def _pattern(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", flags)
