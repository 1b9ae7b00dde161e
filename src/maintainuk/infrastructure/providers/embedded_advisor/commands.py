"""Tells what a message says of the home from what it tells software or its reader: commands change nothing."""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from maintainuk.infrastructure.providers.embedded_advisor.reading import data

LONGEST_COMMAND = 600
"""Characters of a sentence that are looked at: nobody writes a command that begins later."""
ENOUGH_HINTS = 2
ENOUGH_HINTS_BESIDE_HOME = 3
"""Different hints that make a sentence a command, and one that names something of a home."""
LONG_ENOUGH_TO_HIDE = 15
"""Characters a sentence needs before it is read backwards, in rot13 or with digits for letters."""

_RULES = data("commands.toml")


def _any_of(name: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(_RULES[name]), flags)


_SPEAKS_TO_SOFTWARE = _any_of("speaks_to_software")
_ENCODED = _any_of("encoded")
_HOME = _any_of("home")
_TELLS_AFTER_ALL = _any_of("tells_after_all")
_ANSWERS = re.compile(_RULES["answers"], re.IGNORECASE)
_EVERYDAY = _any_of("everyday")
_HINTS = re.compile(_RULES["hints"], re.IGNORECASE)
_FICTION = _any_of("fiction")
_AS_IN_THE_SCENE = _any_of("as_in_the_scene")
_PLEAS = re.compile(_RULES["pleas"], re.IGNORECASE)
_BLOCKS = [re.compile(block, re.IGNORECASE | re.DOTALL) for block in _RULES["blocks"]]
_QUOTES = [re.compile(quote, re.IGNORECASE | re.DOTALL) for quote in _RULES["quotes"]]
_MAY_HAVE_BLOCKS = re.compile(r"[`<>{\[|#]|---|\w: ")
_SENTENCE = re.compile(r"[^.!?\u3002\n]*(?:[.!?](?!\s|$)[^.!?\u3002\n]*)*[.!?\u3002\n]*")
_PARAGRAPH = re.compile(r".*?(?:\n\s*\n|$)", re.DOTALL)
_CLAUSE_END = re.compile(r"[,;:(\u2013\u2014]|\s-\s|\b(?:and|so)\b")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .*_-]{1,3}){5,}\w(?!\w)")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_DIGIT_IN_WORD = re.compile(r"[a-z][013457@$]+[a-z]", re.IGNORECASE)
_DIGITS = str.maketrans("013457@$", "oieastas")


def about_the_home(text: str) -> str:
    """Return what describes the home, without commands and quotations; all of it when nothing is left."""
    plain = _readable(text)
    for block in (*_BLOCKS, *_QUOTES) if _MAY_HAVE_BLOCKS.search(plain) else ():
        plain = block.sub("\n", plain)
    told = _without_scenes(plain)
    # A question about the rent names nothing of a home; beside a command it is still the report.
    no_command = (one for one in _sentences(told) if _begins_command(one) is None)
    return next((kept for kept in ("".join(_kept(told)), "".join(no_command)) if _says_anything(kept)), text)


def without_dictated_answers(text: str) -> str:
    """Return the text without what commands want answered; a danger told beside or within a command stays."""
    plain = _readable(text)
    for block in _BLOCKS if _MAY_HAVE_BLOCKS.search(plain) else ():
        plain = block.sub("\n", plain)
    for quote in _QUOTES if _MAY_HAVE_BLOCKS.search(plain) else ():
        plain = quote.sub(lambda found: "\n" if _begins_command(found[0]) is not None else found[0], plain)
    told = _sentences(_without_scenes(plain))
    return "".join(_ANSWERS.sub(" ", one) if _begins_command(one) is not None else one for one in told)


def _says_anything(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _without_scenes(text: str) -> str:
    """Return the text without scenes that are played to have them filled in; "it was like a film" is no such scene."""
    if not (_FICTION.search(text) and _AS_IN_THE_SCENE.search(text)):
        return text
    told = _sentences(text)
    kept: list[str] = []
    is_played = False
    for sentence, following in zip(told, (*told[1:], ""), strict=True):
        begins, wants = _FICTION.search(sentence), _AS_IN_THE_SCENE.search(sentence)
        is_frame = begins is not None and not wants and _SPEAKS_TO_SOFTWARE.search(sentence) is not None
        if begins and (wants or (is_frame and _AS_IN_THE_SCENE.search(following))):
            is_played = True
            start = min(begins.start(), wants.start() if wants else begins.start())
            kept += _told_before(sentence, start)
        elif not (is_played and wants):
            is_played = False
            kept.append(sentence)
    return "".join(kept)


def _kept(text: str) -> Iterator[str]:
    """Yield what speaks of the home; after a command in a paragraph only what names something of a home."""
    for paragraph in _PARAGRAPH.findall(text):
        commanded = False
        for sentence in _sentences(paragraph):
            start = _begins_command(sentence)
            if start is not None:
                commanded = True
                yield from _told_beside(sentence, start)
            elif not commanded or _HOME.search(sentence):
                yield sentence


def _told_beside(sentence: str, start: int) -> Iterator[str]:
    """Yield what a sentence tells of the home before its command begins, and from "because" or "but" on."""
    yield from _told_before(sentence, start)
    after = _TELLS_AFTER_ALL.search(sentence, start)
    if after and _HOME.search(sentence, after.end()):
        rest = sentence[after.end() :]
        again = _begins_command(rest)
        yield from (rest,) if again is None else _told_beside(rest, again)


def _told_before(sentence: str, start: int) -> Iterator[str]:
    ends = [end.start() for end in _CLAUSE_END.finditer(sentence, 0, start)]
    last = ends[-1] if ends else 0
    before = sentence[: start if _HOME.search(sentence, last, start) else last]
    if _HOME.search(before):
        yield f"{before}. "


def _sentences(text: str) -> list[str]:
    return _SENTENCE.findall(text)


def _readable(text: str) -> str:
    """Return the text without wide, invisible and spaced letters, and without pleas to be quick."""
    plain = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = _PLEAS.sub("", plain)
    return _SPACED.sub(lambda found: re.sub(r"[ .*_-](?=\w(?:[ .*_-]|$))", "", found[0]), plain)


def _begins_command(sentence: str) -> int | None:
    """Return where in a sentence a command begins, if there is one."""
    start = sentence[:LONGEST_COMMAND]
    if found := _SPEAKS_TO_SOFTWARE.search(start):
        return found.start()
    if found := _ENCODED.search(start):
        return found.start()
    if (hinted := _hinted(start)) is not None:
        return hinted
    hidden = [start.lower().translate(_DIGITS)] if _DIGIT_IN_WORD.search(start) else []
    if len(start) >= LONG_ENOUGH_TO_HIDE and not _EVERYDAY.search(start):
        hidden += (start[::-1], codecs.decode(start, "rot13"))
    return 0 if any(_SPEAKS_TO_SOFTWARE.search(one) for one in hidden) else None


def _hinted(sentence: str) -> int | None:
    hints: dict[str | None, int] = {}
    for found in _HINTS.finditer(sentence):
        hints.setdefault(found.lastgroup, found.start())
    enough = ENOUGH_HINTS_BESIDE_HOME if _HOME.search(sentence) else ENOUGH_HINTS
    return min(hints.values()) if len(hints) >= enough else None
