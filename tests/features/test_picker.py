"""What ships with the tenant portal is whole: every danger has advice in every nation, every fault its drawing."""

import re
from xml.etree import ElementTree as ET

import pytest

from maintainuk.domain.emergencies import Danger
from maintainuk.domain.organisations import Nation
from maintainuk.infrastructure.reference.dangers import dangers, gas_emergency
from maintainuk.infrastructure.reference.picker import FOLDER, faults, rooms
from tests.trial import Trial

DRAWINGS = sorted((FOLDER / "drawings").iterdir())
LONGEST_SENTENCE = 25  # words, for a reading age of about nine years
SVG = "{http://www.w3.org/2000/svg}"


def sentences() -> list[str]:
    told = [text for nation in Nation for one in dangers(nation) for text in (one.question, one.heading, *one.advice)]
    for fault in faults().values():
        told += [fault.name, *fault.advice]
        for question in fault.questions:
            told += [question.text, *(option.text for option in question.options)]
    return [sentence for text in told for sentence in re.split(r"(?<=[.?:])\s+", text)]


@pytest.mark.parametrize("nation", Nation)
def test_every_danger_says_what_to_do_in_every_nation(nation):
    told = dangers(nation)

    assert {one.key for one in told} == set(Danger)
    assert all(one.question and one.heading and one.advice for one in told)
    assert all(one.call or one.call_also for one in told)


def test_each_nation_has_the_numbers_that_answer_there():
    assert {nation: gas_emergency(nation).number for nation in Nation} == {
        Nation.ENGLAND: "0800 111 999",
        Nation.WALES: "0800 111 999",
        Nation.SCOTLAND: "0800 111 999",
        Nation.NORTHERN_IRELAND: "0800 002 001",
    }
    power = {nation: called(nation, Danger.NO_POWER) for nation in Nation}
    assert power[Nation.NORTHERN_IRELAND] == "03457 643 643"
    assert {power[nation] for nation in Nation if nation is not Nation.NORTHERN_IRELAND} == {"105"}


def test_nhs_111_is_not_named_where_it_does_not_answer():
    assert not [text for one in dangers(Nation.NORTHERN_IRELAND) for text in one.advice if re.search(r"\b111\b", text)]


def test_every_number_says_when_and_where_it_was_looked_up():
    numbers = [
        number for nation in Nation for one in dangers(nation) for number in (one.call, *one.call_also) if number
    ]

    assert [number.number for number in numbers if not number.source or not number.verified_on] == []
    assert [number.number for number in numbers if not re.fullmatch(r"[\d ]+", number.number)] == []


def test_the_picker_offers_every_fault_somewhere_and_no_key_twice():
    keys = [room.key for room in rooms()]

    assert len(keys) == len(set(keys)) == 9
    assert len(faults()) >= 40
    for room in rooms():
        assert len({fault.key for fault in room.faults}) == len(room.faults)


def test_a_choice_has_options_and_nothing_else_has():
    questions = {question.key: question for fault in faults().values() for question in fault.questions}

    assert {key for key, one in questions.items() if (one.kind == "choice") != (len(one.options) > 1)} == set()
    assert {one.kind for one in questions.values()} <= {"choice", "text", "yes_no"}


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.stem)
def test_a_drawing_is_one_line_that_takes_the_colour_of_its_words(file):
    drawing = ET.parse(file).getroot()

    assert drawing.attrib == {
        "viewBox": "0 0 48 48",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "2",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    assert [(part.tag, set(part.attrib)) for part in drawing] == [(f"{SVG}path", {"d"})]


def test_every_drawing_is_used():
    used = {drawing.drawing for room in rooms() for drawing in (room, *room.faults)}

    assert len(used) == len(DRAWINGS)


def test_texts_are_short_and_plain():
    assert [text for text in sentences() if len(text.split()) > LONGEST_SENTENCE] == []
    assert [text for text in sentences() if "!" in text or "please" in text.lower()] == []


async def test_the_picker_is_public_and_kept_by_browsers(trial: Trial):
    answer = await trial.http.get("/api/v1/reports/picker")
    again = await trial.http.get("/api/v1/reports/picker", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert [room["key"] for room in answer.json()["data"]["rooms"]] == [room.key for room in rooms()]
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])


async def test_the_dangers_of_a_nation_are_public(trial: Trial):
    answer = await trial.http.get("/api/v1/reports/dangers", params={"nation": "NIR"})

    first = answer.json()["data"]["items"][0]
    assert (first["key"], first["call"]["number"]) == ("gas_smell", "0800 002 001")
    assert (await trial.http.get("/api/v1/reports/dangers", params={"nation": "FRA"})).status_code == 422


def called(nation: Nation, danger: Danger) -> str:
    number = next(one.call for one in dangers(nation) if one.key is danger)
    assert number is not None
    return number.number
