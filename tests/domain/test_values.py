"""What people type comes out the same by the short way as by the long one."""

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from maintainuk.domain.values import e164, line, prose

PLAIN = st.text(st.characters(max_codepoint=126))
DIALLED = st.from_regex(r"\+44[0-9]{8,11}", fullmatch=True)


@given(typed=PLAIN | st.text())
def test_given_any_text_when_it_is_put_on_one_line_then_it_is_what_its_prose_would_be(typed: str) -> None:
    assert line(typed) == " ".join(prose(typed).split())


@given(number=DIALLED)
def test_given_a_number_as_the_world_dials_it_when_read_again_then_it_is_what_the_library_says(number: str) -> None:
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        expected = number.removeprefix("+")
    else:
        expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    assert e164(number) == expected
