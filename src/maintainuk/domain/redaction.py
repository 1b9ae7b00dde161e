"""Takes whatever could lead to a person or into a home out of a report before anybody outside is shown it (§6.7, §10).

Losing an ordinary word costs an advisor a little; letting a name or a door code out can't be undone. So what is in
doubt goes, except what a repair needs: temperatures, times, dates, error codes of boilers, 999.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import phonenumbers

from maintainuk.domain.ai import AiFailure, ReportInWords

LONGEST_INPUT = 20_000
"""Characters of a whole report; longer ones are no report any more."""

FEWEST_DIGITS = 7
"""As many digits in a row lead somewhere: a telephone, an account, a meter."""


class NotRedactable(Exception):
    """The words can't be made safe to show, so nobody is shown them; `reason` says why."""

    def __init__(self, reason: AiFailure) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Redacted:
    """Words with typed placeholders such as `[phone]`, and how many of each kind were put in."""

    text: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RedactedReport:
    """A report that may be shown, and how many placeholders of each kind it holds."""

    report: ReportInWords
    counts: Mapping[str, int]


def redact_report(report: ReportInWords, names: Iterable[str]) -> RedactedReport:
    """Return the report without names of its household and whatever else leads to them. Raises `NotRedactable`."""
    parts = (report.title, report.description, *report.answers, *report.answers.values())
    if sum(map(len, parts)) > LONGEST_INPUT:
        raise NotRedactable(AiFailure.INPUT_TOO_LARGE)
    known = tuple(names)
    counts: Counter[str] = Counter()

    def clean(text: str) -> str:
        redacted = redact(text, known)
        counts.update(redacted.counts)
        return redacted.text

    answers = {clean(question): clean(answer) for question, answer in report.answers.items()}
    return RedactedReport(
        ReportInWords(title=clean(report.title), description=clean(report.description), answers=answers), dict(counts)
    )


def redact(text: str, names: Iterable[str] = ()) -> Redacted:
    """Replace what leads to a person or into a home; `names` are those known to belong to the household.

    Raises `NotRedactable` when the text is too long, or something remains that should not.
    """
    if len(text) > LONGEST_INPUT:
        raise NotRedactable(AiFailure.INPUT_TOO_LARGE)
    text = _in_plain_characters(text)
    counts: Counter[str] = Counter()
    has_digits = any(character.isdigit() for character in text)
    for kind, pattern, needs_digits, accept in _RULES:
        if needs_digits and not has_digits:
            continue
        text = _replaced(text, pattern, kind, counts, accept)
    if has_digits:
        text = _without_phones(text, counts)
        for kind, pattern, accept in _NUMBERS:
            text = _replaced(text, pattern, kind, counts, accept)
    text = _without_names(text, names, counts)
    if _REMAINS.search(text):
        raise NotRedactable(AiFailure.BLOCKED_BY_REDACTION)
    return Redacted(text, dict(counts))


def _in_plain_characters(text: str) -> str:
    """Return the text with digits as digits and nothing invisible: both hide numbers from any pattern."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.isascii():
        return plain
    return "".join(
        str(unicodedata.digit(character)) if character.isdigit() else character
        for character in plain
        if unicodedata.category(character) != "Cf"
    )


def _replaced(
    text: str, pattern: re.Pattern[str], kind: str, counts: Counter[str], accept: Callable[[re.Match[str]], bool] | None
) -> str:
    def placeholder(found: re.Match[str]) -> str:
        if accept is not None and not accept(found):
            return found[0]
        counts[kind] += 1
        groups = found.groupdict()
        return f"{groups.get('before') or ''}[{kind}]{groups.get('after') or ''}"

    return pattern.sub(placeholder, text)


def _without_phones(text: str, counts: Counter[str]) -> str:
    if sum(character.isdigit() for character in text) < FEWEST_DIGITS:
        return text
    found = [
        match
        for match in phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.POSSIBLE)
        if sum(map(str.isdigit, match.raw_string)) >= FEWEST_DIGITS and not _DATE.search(match.raw_string)
    ]
    for match in reversed(found):
        text = f"{text[: match.start]}[phone]{text[match.end :]}"
    counts["phone"] += len(found)
    if not found:
        del counts["phone"]
    return text


def _without_names(text: str, names: Iterable[str], counts: Counter[str]) -> str:
    text = _replaced(text, _INTRODUCED, "name", counts, None)
    parts = {part for name in names for part in _PARTS.findall(unicodedata.normalize("NFKC", name)) if len(part) > 1}
    if not parts:
        return text
    # The same letters with and without accents: people type their own names on any keyboard.
    spelled = parts | {_unaccented(part) for part in parts}
    one = "|".join(sorted(map(re.escape, spelled), key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?<!\[)(?:{one})(?P<after>['’]?s)?(?!\w)(?!\])", re.IGNORECASE)

    def is_a_name(found: re.Match[str]) -> bool:
        word = found[0].removesuffix(found["after"] or "")
        return word.casefold() not in _ALSO_WORDS or word[:1].isupper()

    return _replaced(text, pattern, "name", counts, is_a_name)


def _unaccented(word: str) -> str:
    return "".join(
        character for character in unicodedata.normalize("NFD", word) if unicodedata.category(character) != "Mn"
    )


def _is_no_date(found: re.Match[str]) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", found[0])]
    try:
        date(2000 + numbers[2] % 100, numbers[1], numbers[0])
    except (ValueError, IndexError):
        return True
    return False


def _is_card(found: re.Match[str]) -> bool:
    digits = [int(character) for character in found[0] if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - Luhn's rule
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_no_moment(found: re.Match[str]) -> bool:
    return not _DATE.search(found[0])


def _is_a_street(found: re.Match[str]) -> bool:
    return not _LITTLE_WORDS.intersection(found["street"].casefold().split())


def _opens_something(found: re.Match[str]) -> bool:
    """Whether a code opens a door: boilers and washing machines show codes too, and those tell what is wrong."""
    around = found.groupdict()
    return not _SHOWN_BY_A_MACHINE.search(around.get("before") or around.get("after") or "")


_PARTS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ALSO_WORDS = frozenset(
    "may will mark grace rose heather joy hope dawn robin bill pat sue rob drew chase art ray rich penny april june"
    " august summer wall walls hall wood woods stone bell glass waters water field fields brook banks bush park lane"
    " street green black white brown grey gray young long short small little strong sharp hill pool rain snow frost"
    " burn burns cook cooke baker mason tyler taylor carpenter potter porter butler cooper fisher hunter gardener"
    " plumber key keys lock page price day knight king bishop pope love best good storm flood gates gate pond marsh"
    " church house homes holmes english french wells dale mould heat heath steel tiles piper fuller fox wolf bird"
    " swan finch drake lamb bull hogg mole rust potts tubb tubbs beam beames shower leak boiler door window an so do"
    " he in is it no on to us am at be by go me my of or up we as if the and can ali min long van de la le".split()
)
"""Names that are words as well: these count as names only with a capital letter."""

_LITTLE_WORDS = frozenset(
    "a an the in on of to at by with no and or is are was has have from for my our your into out up down off through"
    " doors other side day days week weeks hours minutes times people leaks more not this that there it".split()
)

_SEP = r"[\s.\-–/()]{0,3}"
_DATE = re.compile(
    r"\b\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d{2}\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b|\b(?:19|20)\d{2}[-/](?:19|20)?\d{2}\b"
)
_SHOWN_BY_A_MACHINE = re.compile(
    r"\b(?:error|fault|boiler|display\w*|flash\w*|washing|machine|dishwasher|thermostat|show\w*|e?rr?or)\b",
    re.IGNORECASE,
)
_DIGIT_WORD = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble)"
_TLD = r"(?:com|co\.uk|org\.uk|org|net|uk|eu|io|me|info|gov\.uk|ac\.uk|pl|ro|scot|wales|london|app|ly|link)"
_STREET = r"road|rd|street|avenue|ave|lane|crescent|cres|terrace|mews|boulevard|esplanade|broadway|embankment|cottages?"
_STREET_IF_CAPITAL = (
    r"St|Ln|Close|Cl|Drive|Dr|Way|Court|Ct|Gardens|Gdns|Grove|Place|Pl|Square|Sq|Hill|Park|Row|Walk|View|Rise|Green"
    r"|House|Parade|Quay|Wharf|Vale|Croft|Brae|Wynd|Gate|Loan|Common|Mount|Fold|Buildings|Lodge|Heights|Tower|Point"
)
_NUMBER_OF_HOUSE = r"(?<![\w.£])(?:no\.?\s?|number\s)?\d{1,4}\s?[a-z]?(?:\s?[-/]\s?\d{1,4}[a-z]?)?,?\s+"
_OPENS = (
    r"(?:(?:access|entry|alarm|door|gate|key\s?-?(?:safe|box|pad)|lock\s?box|security|burglar|fob|front|back|communal"
    r"|bike|bin|store)[\s-]+)*(?:codes?|pin(?:\s?(?:number|code))?|pass\s?codes?|passwords?|combination|combo"
    r"|key\s?-?(?:safe|box|pad)|lock\s?box)"
)
_CODE = r"(?:\d(?:[\s.\-]?\d){2,9}|(?=[a-z]*\d)(?=(?:\D?\d){2})[a-z\d]{3,12})(?:\s?[#*])?"

_RULES: tuple[tuple[str, re.Pattern[str], bool, Callable[[re.Match[str]], bool] | None], ...] = (
    (
        "email",
        re.compile(
            rf"(?<![\w.+'’%-])[\w.+'’%-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\]|\sdot\s)\s?[\w-]+)*"
            rf"|(?<![\w.+-])[\w.+-]+\sat\s[\w-]+(?:\sdot\s[\w-]+|\.(?=(?:co\.)?\w{{2,4}}\b){_TLD}\b)+",
            re.IGNORECASE,
        ),
        False,
        None,
    ),
    (
        "url",
        re.compile(
            rf"(?:\b[a-z][a-z\d+.-]{{1,9}}://|\bwww\.)\S+|(?<![\w.-])[a-z\d-]+(?:\.[a-z\d-]+)*\.{_TLD}(?:/\S*|\b)",
            re.IGNORECASE,
        ),
        False,
        None,
    ),
    (
        "key place",
        re.compile(
            r"(?P<before>\bkeys?\b(?!\s?-?(?:safe|box|pad))(?:(?!stuck|broke|jam|snap|turn|fell|drop|bent|lost)[^.!?\n]){0,30}?\s)"
            r"(?:(?:under|beneath|behind|underneath|below|on\stop\sof)\s(?:(?:the|a|my|our|that)\s)?[\w'’-]+(?:\s[\w'’-]+)?"
            r"|(?:in|inside)\s(?:(?:the|a|my|our)\s)?(?:\w+\s)?(?:key\s?safe|meter\s?\w*|plant\s?pots?|flower\s?pots?|pots?"
            r"|shed|bins?|porch|gas\sbox|electric\sbox|letter\s?box|lock\s?box|bucket|boot|box))\b",
            re.IGNORECASE,
        ),
        False,
        None,
    ),
    (
        "access code",
        re.compile(
            rf"(?P<before>(?:\b\w+\s+){{0,2}}\b{_OPENS}\b(?:\s*[:=#-]\s*|\s+(?:(?!\d)[\w'’]+\s+){{0,4}}|\s*))"
            rf"{_CODE}(?![\w])",
            re.IGNORECASE,
        ),
        True,
        _opens_something,
    ),
    (
        "access code",
        re.compile(
            rf"(?<![\w.]){_CODE}(?P<after>\s+(?:is|as|for)\s+(?:(?:the|my|our|a)\s+)?{_OPENS}\b)", re.IGNORECASE
        ),
        True,
        _opens_something,
    ),
    (
        "postcode",
        re.compile(
            r"\b(?![a-z]\d[\s.\-]{1,3}(?-i:1st|2nd|3rd|[4-9]th)\b)"  # "p1 2nd bedroom"
            r"(?:(?!(?:in|is|at|to|of|on|by)\s)[a-z]{1,2}\s?\d[a-z\d]?|gir)[\s.\-]{0,3}\d[\s.]?[abd-hjlnp-uw-z]{2}\b",
            re.IGNORECASE,
        ),
        True,
        None,
    ),
    (
        "ni number",
        re.compile(r"\b[a-z]{2}(?:[\s.\-]{0,2}\d{2}){3}[\s.\-]{0,2}[a-d]\b", re.IGNORECASE),
        True,
        None,
    ),
    ("bank number", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,7}(?:\s?[A-Z\d]{1,3})?\b"), True, None),
    (
        "bank number",
        re.compile(
            r"(?P<before>\b(?:sort\s?code|account|acct?|a/c)\b(?:\s(?:number|no\.?|num|is))*\s?[:=#]?\s?)\d(?:[\s-]?\d){5,9}\b",
            re.IGNORECASE,
        ),
        True,
        None,
    ),
    ("bank number", re.compile(r"(?<!\d)\d{2}-\d{2}-\d{2}(?:[\s,]{1,3}\d{8})(?!\d)"), True, None),
    ("bank number", re.compile(r"(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-])"), True, _is_no_date),
    ("card", re.compile(r"(?<!\d)[2-6](?:[\s-]?\d){12,18}(?!\d)"), True, _is_card),
    (
        "address",
        re.compile(rf"{_NUMBER_OF_HOUSE}(?P<street>(?:[a-z'’.-]+\s+){{1,3}})(?:{_STREET})\b\.?", re.IGNORECASE),
        True,
        _is_a_street,
    ),
    (
        "address",
        re.compile(rf"(?i:{_NUMBER_OF_HOUSE})(?P<street>(?:[A-Z][\w'’.-]*\s+){{1,3}})(?:{_STREET_IF_CAPITAL})\b\.?"),
        True,
        _is_a_street,
    ),
    (
        "address",
        re.compile(
            rf"\b(?P<street>(?:[A-Z][\w'’.-]*\s+){{1,3}})(?i:{_STREET}),?\s+(?i:no\.?\s?|number\s)?\d{{1,4}}[a-z]?\b"
        ),
        True,
        _is_a_street,
    ),
    (
        "address",
        re.compile(r"\b(?:flat|apartment|apt|maisonette)\.?\s?(?:no\.?\s?|number\s)?\d{1,4}\s?[a-z]?\b", re.IGNORECASE),
        True,
        None,
    ),
)

_NUMBERS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], bool] | None], ...] = (
    ("phone", re.compile(rf"(?:\+|\b00|\b0|\(0|\b44){_SEP}(?:[\doO]{_SEP}){{8,12}}\d(?!\d)"), _is_no_moment),
    ("number", re.compile(r"\d(?:[\s\-]?\d){9,}"), _is_no_moment),
    ("number", re.compile(rf"\d{{{FEWEST_DIGITS},}}"), None),
)

_INTRODUCED = re.compile(
    r"(?P<before>\b(?:(?i:my name(?:['’]s|\sis)|name is|name:|speak to|ask for|contact|call me|regards,?|cheers,?)\s+"
    r"|(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev)\.?\s+))[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2}"
)
_REMAINS = re.compile(rf"\d{{{FEWEST_DIGITS},}}|\w@\w")
_SPELLED_OUT = re.compile(rf"\b{_DIGIT_WORD}(?:[\s,-]+(?:{_DIGIT_WORD}|hundred)){{6,}}\b", re.IGNORECASE)
_RULES = (*_RULES, ("phone", _SPELLED_OUT, False, None))
