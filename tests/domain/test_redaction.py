"""What nobody outside may be shown, and what a repair can't do without."""

from contextlib import suppress
from string import ascii_lowercase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maintainuk.domain.ai import AiFailure, ReportInWords
from maintainuk.domain.redaction import LONGEST_INPUT, NotRedactable, redact, redact_report

ORDINARY = (
    "The radiator in room 2 is cold.",
    "It is 14 degrees at 18:30 and was 21.5 °C in 2019.",
    "I called 999 and then 105, nobody came.",
    "The boiler shows error code E119 and fault code 2345, pressure 0.5 bar.",
    "The washing machine displays code F28.",
    "Key snapped in the lock under the handle.",
    "3 sockets, 2 lights and the 40 amp shower went off on 22/11/2026 at 7pm.",
    "Water down the wall and a hole in the hall, it may get worse, it will not stop.",
    "2 doors down the road the drain is blocked too.",
    "A 15mm pipe leaks 3 drops a minute, £250 was quoted in 2024-25.",
    "The 1st floor window and p1 2nd bedroom are damp.",
)
SENTENCES = ("Please ring {}.", "the leak is bad ({}) since monday", "{}", "ring:{}, thanks", "Boiler off\n{}\nCold.")
HOUSEHOLD = ("Siân O'Rourke", "Mohammed Al-Farsi", "Grace Wall", "Zoë Nowak", "Oluwaseun Adébáyò", "Li Na")

sentences = st.sampled_from(SENTENCES)
separators = st.sampled_from(["", " ", "-", ".", "  "])
letters = st.sampled_from("ABDEFGHJLNPQRSTUWXYZ")


@st.composite
def phones(draw: st.DrawFn) -> str:
    number = draw(st.sampled_from(["07700900", "01632960"])) + f"{draw(st.integers(0, 999)):03}"
    form = draw(st.sampled_from(["plain", "every digit", "grouped", "abroad", "brackets"]))
    between = draw(separators)
    return {
        "plain": number,
        "every digit": " ".join(number),
        "grouped": f"{number[:5]}{between}{number[5:8]}{between}{number[8:]}",
        "abroad": f"{draw(st.sampled_from(['+44', '0044', '+44 (0)']))} {number[1:5]}{between}{number[5:]}",
        "brackets": f"({number[:5]}) {number[5:]}",
    }[form]


@st.composite
def emails(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.text(ascii_lowercase, min_size=3, max_size=12)) + str(draw(st.integers(1, 99)))
    form = draw(st.sampled_from(["{}@example.com", "{} @ example.org", "{}(at)example.co.uk", "{} at example dot com"]))
    return name, form.format(name)


@st.composite
def postcodes(draw: st.DrawFn) -> str:
    area, inward = draw(letters), draw(letters) + draw(letters)
    whole = f"{area}{draw(letters)}{draw(st.integers(1, 99))}{draw(separators)}{draw(st.integers(0, 9))}{inward}"
    return draw(st.sampled_from([whole, whole.lower()]))


def digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


@given(sentences, phones())
def test_no_phone_gets_out(sentence: str, phone: str):
    redacted = redact(sentence.format(phone))

    assert "[phone]" in redacted.text
    assert digits(redacted.text) == ""


@given(sentences, emails())
def test_no_email_gets_out(sentence: str, email: tuple[str, str]):
    name, written = email

    redacted = redact(sentence.format(written))

    assert name not in redacted.text
    assert redacted.counts == {"email": 1}


@given(sentences, postcodes())
@example("I live at {}.", "AA10TH")
@example("I live at {}.", "LS6 1ST")
def test_no_postcode_gets_out(sentence: str, postcode: str):
    inward = postcode[-3:]

    assert inward not in redact(sentence.format(postcode)).text


@given(sentences, st.sampled_from(HOUSEHOLD), st.sampled_from([str.title, str.upper, str.lower, str]))
def test_no_name_of_the_household_gets_out(sentence: str, name: str, spelled):
    parts = [part for part in name.replace("-", " ").split() if part not in {"Grace", "Wall", "Al", "Na", "Li"}]

    text = redact(sentence.format(spelled(name)), HOUSEHOLD).text

    assert not [part for part in parts if part.casefold() in text.casefold()]


def test_a_name_that_is_a_word_too_is_one_with_a_capital_letter_only():
    redacted = redact("Grace Wall says the wall is damp.", HOUSEHOLD)

    assert redacted.text == "[name] [name] says the wall is damp."


def test_a_name_typed_without_its_accents_goes_too():
    assert redact("ask sian or zoe's mum", HOUSEHOLD).text == "ask [name] or [name]'s mum"


@pytest.mark.parametrize(
    ("written", "canary"),
    [
        ("The alarm code is 1234", "1234"),
        ("code: C1234X for the gate", "C1234X"),
        ("4821 is the door code", "4821"),
        ("Key safe by the door 2580", "2580"),
        ("the PIN is 9 9 1 2", "9 9 1 2"),
        ("spare key is under the blue pot", "pot"),
        ("key in the meter cupboard", "meter"),
        ("My NI number is QQ 12 34 56 C", "34"),
        ("sort code 12-34-56 account 12345678", "12"),
        ("pay 20-30-40 12345678 please", "20"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "NWBK"),
        ("card 4111 1111 1111 1111", "4111"),
        ("see https://example.com/me?t=secret", "secret"),
        ("it is on my-page.co.uk/photos", "my-page"),
        ("I live at 12 alma road", "12"),
        ("come to 7b Brunswick Court", "7b"),
        ("Alma Road 12, top bell", "12"),
        ("Flat 31 below us", "31"),
        ("zero seven seven double oh nine hundred one two three", "seven"),
        ("ring 0\u200b7700\u200b900\u200b123", "900"),
        ("ring \uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13", "9"),
        ("ring ٠٧٧٠٠٩٠٠١٢٣", "9"),
        ("Mrs Achterberg next door has the key", "Achterberg"),
        ("my name is Piotr Zielinski", "Zielinski"),
    ],
)
def test_nothing_else_that_leads_to_a_person_or_into_a_home_gets_out(written: str, canary: str):
    assert canary not in redact(written).text


@pytest.mark.parametrize("written", ORDINARY)
def test_what_a_repair_needs_stays(written: str):
    assert redact(written, ("Grace Wall", "Will May")).text == written


@given(st.text(max_size=300))
def test_what_is_redacted_stays_so_and_nothing_breaks(text: str):
    with suppress(NotRedactable):
        once = redact(text).text

        assert redact(once).text == once


def test_every_part_of_a_report_is_cleaned_and_counted():
    report = ReportInWords(
        title="Leak at Nowak's",
        description="Ring 07700 900123 or 07700 900124.",
        answers={"How do we get in?": "The door code is 1234."},
    )

    redacted = redact_report(report, ("Zoë Nowak",))

    assert redacted.report.title == "Leak at [name]'s"
    assert redacted.report.description == "Ring [phone] or [phone]."
    assert redacted.report.answers == {"How do we get in?": "The door code is [access code]."}
    assert redacted.counts == {"name": 1, "phone": 2, "access code": 1}


def test_what_is_too_long_to_check_is_shown_to_nobody():
    report = ReportInWords(title="Leak", description="drip " * (LONGEST_INPUT // 5), answers={})

    with pytest.raises(NotRedactable) as refused:
        redact_report(report, ())

    assert refused.value.reason is AiFailure.INPUT_TOO_LARGE
