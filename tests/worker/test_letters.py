"""What the product writes to people."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from maintainuk.domain.base import new_id
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.domain.organisations import Nation, Organisation, OrganisationKind
from maintainuk.domain.people import Person
from maintainuk.domain.ports import Email, Undeliverable
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.providers.embedded import mime
from maintainuk.infrastructure.repositories.messaging import Correspondence
from maintainuk.worker.letters import Letter, write

ORG = new_id()
MOMENT = datetime(2026, 7, 6, 8, 5, tzinfo=UTC)


def letter(
    *,
    title: str = "Boiler keeps losing pressure",
    name: str = "Aisha Khan",
    nation: Nation = Nation.ENGLAND,
    organisation: str = "Fairweather Lettings",
    phone: str | None = "01632 960 001",
    unit: str = "Flat 3",
    template: MessageTemplate = MessageTemplate.TICKET_ACKNOWLEDGEMENT,
    danger: Danger | None = None,
    said: str | None = None,
    gave_times: bool = False,
    is_tenant: bool = True,
    logo: str | None = None,
) -> Letter:
    home = Property(
        org_id=ORG,
        kind=PropertyKind.BLOCK,
        address_line="14 Ash Grove",
        town="Leeds",
        postcode="LS6 1AA",
        nation=nation,
    )
    ticket = MaintenanceTicket(
        org_id=ORG,
        number=10482,
        property_id=home.id,
        title=title,
        description="It drops to zero every evening.",
        danger=danger,
        reported_at=MOMENT,
        aware_at=MOMENT,
        status_since=MOMENT,
        created_at=MOMENT,
        updated_at=MOMENT,
    )
    sender = Organisation(name=organisation, kind=OrganisationKind.LETTING_AGENT, nation=nation, phone=phone)
    message = Message(
        org_id=ORG,
        ticket_id=ticket.id,
        channel=MessageChannel.EMAIL,
        template=template,
        created_at=MOMENT,
    )
    about = Correspondence(
        message,
        sender,
        None,
        ticket,
        Person(org_id=ORG, name=name),
        home,
        Unit(org_id=ORG, property_id=home.id, label=unit),
        is_tenant=is_tenant,
        invitation=None,
        words=said,
        gave_times=gave_times,
    )
    return write(about, "https://repairs.example.com/tenant/status#secret", logo=logo)


def words(markup: str) -> str:
    body = re.sub(r"(?s)<head>.*?</head>|<p class=\"sender\">.*?</p>|<h1>.*?</h1>|<[^>]+>", " ", markup)
    return " ".join(unescape(body).split())


def test_a_stranger_is_not_told_in_our_name_what_a_stranger_wrote():
    text = letter(is_tenant=False).text

    assert "Boiler keeps losing pressure" not in text
    assert "Where: Flat 3, 14 Ash Grove, Leeds, LS6 1AA" in text


def test_it_says_what_was_reported_where_and_when():
    text = letter().text

    assert "Hello Aisha Khan," in text
    assert "What you reported: Boiler keeps losing pressure" in text
    assert "Where: Flat 3, 14 Ash Grove, Leeds, LS6 1AA" in text
    assert "When: Monday 6 July 2026, 09:05" in text  # the time on the reader's clock
    assert "01632 960 001" in text
    assert letter().subject == "We have your repair report T-10482"


def test_at_its_head_stand_the_logo_and_whoever_sees_no_pictures_reads_the_name():
    with_logo = letter(logo="https://repairs.example.com/logos/1/2.jpg", organisation="Hall & Sons").html
    without = letter(organisation="Hall & Sons").html

    assert (
        '<img src="https://repairs.example.com/logos/1/2.jpg" alt="" height="40"><span>Hall &amp; Sons</span>'
        in with_logo
    )
    assert "<img" not in without
    assert '<p class="sender"><span>Hall &amp; Sons</span></p>' in without


@pytest.mark.parametrize("template", MessageTemplate)
def test_html_and_text_say_the_same(template):
    both = letter(template=template, danger=Danger.GAS_SMELL, said="Which boiler is it?")

    plain = both.text.replace("--\n", "").replace("- ", "")
    plain = plain.replace(f"{both.link.label}:\n{both.link.address}", both.link.label)
    for fact in both.facts:
        plain = plain.replace(f"{fact.label}: ", f"{fact.label} ")
    assert words(both.html) == " ".join(plain.split())


@pytest.mark.parametrize(
    ("nation", "number"),
    [
        (Nation.ENGLAND, "0800 111 999"),
        (Nation.WALES, "0800 111 999"),
        (Nation.SCOTLAND, "0800 111 999"),
        (Nation.NORTHERN_IRELAND, "0800 002 001"),
    ],
)
def test_whoever_smells_gas_reads_the_number_of_their_nation(nation, number):
    assert f"If you smell gas, call {number}" in letter(nation=nation).text


def test_markup_in_a_title_is_only_text():
    written = letter(title="<script>alert(1)</script> & <b>", name="<img src=x>", organisation="A & B <Lettings>")

    assert "<script" not in written.html
    assert "<img" not in written.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in written.html


def test_braces_in_a_name_are_only_text():
    assert "Hello {reference} {0}," in letter(name="{reference} {0}").text


def test_an_organisation_without_a_telephone_promises_none():
    assert "None" not in letter(phone=None).text


def test_a_newline_never_begins_a_header_of_its_own():
    sly = letter(name="Aisha\r\nBcc: all@example.com", organisation="Fair\nweather\u2028Lettings")

    assert "\n" not in sly.subject
    assert "Hello Aisha Bcc: all@example.com," in sly.text


@pytest.mark.parametrize("field", ["subject", "to", "sender"])
def test_an_email_with_a_broken_header_is_refused_for_good(field):
    headers = {"subject": "Hello", "to": "a@example.com", "sender": "b@example.com"}
    headers[field] += "\r\nBcc: all@example.com"

    with pytest.raises(Undeliverable):
        mime(Email(org_id=ORG, html="", text="", **headers), message_id="<1@example.com>", at=MOMENT)


def test_it_can_be_read_in_the_dark_and_aloud():
    html = letter().html

    assert '<html lang="en-GB">' in html
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark">' in html


@pytest.mark.parametrize("template", MessageTemplate)
def test_every_letter_leads_somewhere_and_speaks_of_no_phone_that_is_not_there(template):
    one = letter(template=template, danger=Danger.FIRE, phone=None)

    assert "https://repairs.example.com/tenant/status#secret" in one.text
    assert 'href="https://repairs.example.com/tenant/status#secret"' in one.html
    assert " on ." not in one.text
    assert "None" not in one.text


def test_a_question_is_repeated_in_the_words_of_whoever_asked():
    text = letter(template=MessageTemplate.TICKET_QUESTION, said="Which boiler is it?\nIs it warm?").text

    assert "- Which boiler is it?" in text
    assert "- Is it warm?" in text


@pytest.mark.parametrize("given", [True, False])
def test_only_who_gave_times_is_asked_whether_they_have_changed(given):
    text = letter(template=MessageTemplate.TICKET_APPROVED, gave_times=given).text

    assert ("the times you gave us" in text) == given
    assert "call us on 01632 960 001" in text


def test_an_alarm_names_the_danger_and_the_home_and_nobody_in_it():
    one = letter(template=MessageTemplate.DANGER_ALERT, danger=Danger.GAS_SMELL)

    assert "What they say: I can smell gas" in one.text
    assert "Flat 3, 14 Ash Grove" in one.text
    assert "Aisha" not in one.text
    assert one.subject == "Danger reported: T-10482"
