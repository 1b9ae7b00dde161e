"""Tells what a message says of the home from what it tells software to do: commands change nothing (commands.toml)."""

import re

from maintainuk.infrastructure.providers.embedded_advisor.reading import data

LONGEST_COMMAND = 600
"""Characters of a sentence that are looked at: nobody writes a command that begins later."""

_RULES = data("commands.toml")
_SPEAKS_TO_SOFTWARE = re.compile("|".join(_RULES["speaks_to_software"]), re.IGNORECASE)
_BLOCKS = [re.compile(block, re.IGNORECASE | re.DOTALL) for block in _RULES["blocks"]]
_MAY_HAVE_BLOCKS = re.compile(r"[`<>{\[|]|---|\w: ")
_ANSWERS = re.compile(_RULES["answers"], re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]*")


def about_the_home(text: str) -> str:
    """Return the sentences that describe the home, without commands and quotations; all of it when nothing is left."""
    without_blocks = text
    for block in _BLOCKS if _MAY_HAVE_BLOCKS.search(text) else ():
        without_blocks = block.sub("\n", without_blocks)
    kept = "".join(one for one in _SENTENCE.findall(without_blocks) if not _is_command(one))
    return kept if any(character.isalpha() for character in kept) else text


def without_dictated_answers(text: str) -> str:
    """Return the text without what commands want answered; a danger told beside or within a command stays."""
    return "".join(_ANSWERS.sub(" ", one) if _is_command(one) else one for one in _SENTENCE.findall(text))


def _is_command(sentence: str) -> bool:
    return _SPEAKS_TO_SOFTWARE.search(sentence[:LONGEST_COMMAND]) is not None
