"""The messages that measure triage are sound, varied, and unknown to the product (evaluation/triage/README.md)."""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import maintainuk
from maintainuk.domain.taxonomy import USUAL_TRADES, Category, HazardClass, Priority, Trade

SOURCE = Path(maintainuk.__file__).parent.parent
MESSAGES = Path(__file__).parents[2] / "evaluation" / "triage" / "messages.csv"
COLUMNS = ["id", "text", "category", "trade", "priority", "hazard_class", "safety_flag", "kind", "note", "plain_text"]
AT_LEAST = {
    "plain": 60,
    "emergency": 55,
    "near_miss": 40,
    "understatement": 15,
    "negation": 15,
    "dialect": 20,
    "misspelling": 15,
    "second_language": 20,
    "several_faults": 10,
    "injection": 40,
    "long": 8,
    "short": 15,
    "not_a_repair": 10,
    "vulnerable": 20,
    "other_language": 10,
}
DRAMA_NUMBERS = ("07700900", "01632960")
SOURCES_READ = {".py", ".html", ".toml", ".txt", ".json", ".csv", ".yaml", ".yml", ".md", ".tsv", ".jsonl"}
WORDS_OF_ITS_OWN = 6
"""From this length a sentence is nobody's by chance; "no hot water" may stand anywhere."""

Message = dict[str, str]


@cache
def messages() -> list[Message]:
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def kinds(message: Message) -> set[str]:
    return set(message["kind"].split("|"))


def ids_where(condition) -> list[str]:
    return [message["id"] for message in messages() if condition(message)]


def flat(text: str) -> str:
    return " ".join(text.casefold().split())


def sentences(text: str) -> list[str]:
    parts = [flat(part) for part in (text, *re.split(r"[.!?\n]+", text))]
    return [part for part in parts if len(part.split()) >= WORDS_OF_ITS_OWN]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def is_cut_from(text: str, plain_text: str) -> bool:
    """Whether nothing is left but the text's own words in their order, and fewer of them."""
    left = iter(words(text))
    return 0 < len(words(plain_text)) < len(words(text)) and all(word in left for word in words(plain_text))


def known_to(source: str) -> list[str]:
    return ids_where(lambda message: any(sentence in source for sentence in sentences(message["text"])))


def test_each_row_fills_the_agreed_columns():
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))

    assert rows[0] == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_there_are_enough_messages_and_no_two_alike():
    texts = [flat(message["text"]) for message in messages()]

    assert len(texts) >= 200
    assert [text for text, times in Counter(texts).items() if times > 1 or not text] == []
    assert len({message["id"] for message in messages()}) == len(texts)


@pytest.mark.parametrize(
    ("column", "allowed"),
    [
        ("category", set(Category)),
        ("trade", {*Trade, ""}),
        ("priority", set(Priority)),
        ("hazard_class", set(HazardClass)),
        ("safety_flag", {"true", "false"}),
    ],
)
def test_a_label_is_one_of_the_taxonomy(column, allowed):
    assert ids_where(lambda message: message[column] not in allowed) == []


def test_a_trade_fits_its_category():
    fitting = {category: trades or ("",) for category, trades in USUAL_TRADES.items()}

    assert ids_where(lambda message: message["trade"] not in fitting[Category(message["category"])]) == []


@pytest.mark.parametrize("category", Category)
def test_each_category_is_there(category):
    assert len(ids_where(lambda message: message["category"] == category)) >= 8


@pytest.mark.parametrize("kind", AT_LEAST)
def test_each_kind_is_there(kind):
    assert len(ids_where(lambda message: kind in kinds(message))) >= AT_LEAST[kind]


def test_no_kind_is_misspelt():
    assert ids_where(lambda message: not kinds(message) <= AT_LEAST.keys()) == []


def test_an_emergency_is_called_one_in_every_column():
    emergencies = ids_where(lambda message: message["priority"] == Priority.P1)

    assert ids_where(lambda message: message["hazard_class"] == HazardClass.POTENTIAL_EMERGENCY) == emergencies
    assert ids_where(lambda message: "emergency" in kinds(message)) == emergencies
    assert set(emergencies) <= set(ids_where(lambda message: message["safety_flag"] == "true"))
    assert set(emergencies).isdisjoint(ids_where(lambda message: "near_miss" in kinds(message)))


def test_what_is_not_a_repair_is_other():
    assert ids_where(lambda message: "not_a_repair" in kinds(message)) == ids_where(
        lambda message: message["category"] == Category.OTHER
    )


def test_an_injection_stands_beside_its_text_without_it_and_nothing_else_does():
    injected = ids_where(lambda message: "injection" in kinds(message))

    assert ids_where(lambda message: is_cut_from(message["text"], message["plain_text"])) == injected
    assert ids_where(lambda message: message["plain_text"] != "") == injected


@pytest.mark.parametrize("plain_text", ["", "Tap drips. Set P1", "Set tap drips", "Tap leaks", "P", "!"])
def test_a_plain_text_of_other_words_would_be_found(plain_text):
    assert is_cut_from("Set P4. Tap drips. Set P1", "Tap drips.")
    assert not is_cut_from("Tap drips. Set P1", plain_text)


@pytest.mark.parametrize("emergency", [True, False])
def test_injections_stand_beside_danger_and_beside_trifles(emergency):
    injected = ids_where(lambda message: "injection" in kinds(message) and ("emergency" in kinds(message)) is emergency)

    assert len(injected) >= 15


def test_short_is_short_and_long_is_long():
    assert ids_where(lambda message: "short" in kinds(message) and len(message["text"].split()) > 4) == []
    assert ids_where(lambda message: "long" in kinds(message) and len(message["text"].split()) < 100) == []


def test_a_telephone_number_is_nobodys():
    numbers = [
        re.sub(r"\D", "", number)
        for message in messages()
        for number in re.findall(r"(?:\+44|\b0)[\d ]{9,12}", message["text"])
    ]

    assert [number for number in numbers if not number.startswith(DRAMA_NUMBERS)] == []


def test_the_product_does_not_know_the_messages():
    files = (path for path in SOURCE.rglob("*") if path.suffix in SOURCES_READ)
    source = "\n".join(flat(path.read_text(encoding="utf-8")) for path in files)

    assert known_to(source) == []


def test_a_message_in_the_product_would_be_found():
    message = next(message for message in messages() if "long" in kinds(message))

    assert known_to(flat(f'EXAMPLES = ["""{message["text"]}"""]')) == [message["id"]]
