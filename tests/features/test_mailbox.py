"""The embedded mailbox: the demo's post, and nobody's in live mode."""

from email import message_from_bytes
from email.policy import default

import pytest

from maintainuk.bootstrap import Services
from maintainuk.domain.ports import Email
from maintainuk.infrastructure.providers.embedded import EmbeddedMailbox
from maintainuk.settings import Mode
from tests.trial import trial_of


@pytest.fixture
async def http(pristine_settings):
    async with trial_of(pristine_settings) as trial:
        yield trial.http


@pytest.fixture
async def pristine_world(pristine_settings):
    from tests.world import World

    world = World(pristine_settings)
    yield world
    await world.close()


@pytest.fixture
def parts(http) -> Services:
    return http._transport.app.state.services


async def delivered(parts, world, *, org_id=None, subject="We have your repair report T-10482", **changes) -> str:
    """An e-mail that has arrived; its address in the mailbox."""
    org_id = org_id or await world.organisation()
    email = Email(
        org_id=org_id,
        sender="Fairweather Lettings <repairs@example.com>",
        to=changes.pop("to", "aisha.khan@example.com"),
        subject=subject,
        html=changes.pop("html", "<p>Hello Aisha Khan,</p>"),
        text="Hello Aisha Khan,",
    )
    key = f"key-{subject}"
    await EmbeddedMailbox(world.owner.session, parts.files, parts.clock).send(email, idempotency_key=key)
    from maintainuk.application.mailbox import DemoMailbox

    found = await DemoMailbox(world.owner, parts.files).newest(200)
    return next(f"/mailbox/{one.org_id}/{one.id}" for one in found if one.subject == subject)


async def test_an_empty_mailbox_says_how_to_fill_it(http):
    page = await http.get("/mailbox/")

    assert page.status_code == 200
    assert "No post yet" in page.text


async def test_the_post_of_all_organisations_stands_in_one_list_newest_first(http, parts, pristine_world):
    first = await delivered(parts, pristine_world, subject="T-10001 came first")
    second = await delivered(parts, pristine_world, subject="T-10002 came second")

    page = (await http.get("/mailbox/")).text

    assert page.index(second) < page.index(first)


async def test_pages_continue_where_the_last_one_ended(http, parts, pristine_world, monkeypatch):
    from maintainuk.api import mailbox

    monkeypatch.setattr(mailbox, "ON_ONE_PAGE", 2)
    org_id = await pristine_world.organisation()
    for number in range(5):
        await delivered(parts, pristine_world, org_id=org_id, subject=f"Letter {number}")

    seen, address = [], "/mailbox/"
    while address:
        page = (await http.get(address)).text
        seen += [number for number in range(5) if f">Letter {number}<" in page]
        _, found, rest = page.partition('rel="next" href="')
        address = rest.partition('"')[0].replace("&amp;", "&") if found else ""

    assert seen == [3, 4, 1, 2, 0]


async def test_words_find_a_letter_by_recipient_or_subject(http, parts, pristine_world):
    await delivered(parts, pristine_world, subject="About a boiler", to="aisha@example.com")
    await delivered(parts, pristine_world, subject="About a roof", to="owen@example.com")

    assert "About a roof" not in (await http.get("/mailbox/", params={"q": "BOILER"})).text
    assert "About a roof" in (await http.get("/mailbox/", params={"q": "owen@"})).text
    assert "No e-mail has" in (await http.get("/mailbox/", params={"q": "100%"})).text


async def test_a_letter_is_shown_in_a_frame_that_can_do_nothing(http, parts, pristine_world):
    address = await delivered(parts, pristine_world, html="<script>alert(1)</script>")

    page, part = await http.get(address), await http.get(f"{address}/html")

    assert "<iframe sandbox " in page.text
    assert "<script>alert" not in page.text
    assert part.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert part.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_letter_can_be_had_as_it_would_have_travelled(http, parts, pristine_world):
    address = await delivered(parts, pristine_world)

    raw = await http.get(f"{address}/raw")

    message = message_from_bytes(raw.content, policy=default)
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert message["To"] == "aisha.khan@example.com"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("before", ["rubbish", "MjAyNi0wMS0wMVQwMDowMDowMCBub25l"])
async def test_a_page_that_never_was_is_refused(http, before):
    assert (await http.get("/mailbox/", params={"before": before})).status_code == 422


async def test_a_letter_that_never_was_is_not_found(http, parts, pristine_world):
    address = await delivered(parts, pristine_world)
    somebody_elses = address.replace(address.split("/")[2], str(await pristine_world.organisation()))

    assert (await http.get(somebody_elses)).status_code == 404
    assert (await http.get("/mailbox/not-an-id/neither")).status_code == 422


async def test_live_mode_has_no_mailbox(pristine_settings):
    live = pristine_settings.model_copy(update={"mode": Mode.LIVE})

    async with trial_of(live) as trial:
        assert (await trial.http.get("/mailbox/")).status_code == 404
