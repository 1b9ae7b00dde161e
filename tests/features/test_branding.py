"""How an organisation looks to its tenants: a colour that can be read, and a logo that we have drawn ourselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintainuk.domain.branding import LEAST_CONTRAST, contrast_with_white, darkened
from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import Desk, desk_of
from tests.features.test_invitations import invite, look, tokens
from tests.security.branding_matrix import PNG

BRANDING = "/api/v1/organisation/branding"


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def choose(desk: Desk, colour):
    return await desk.http.put(f"{BRANDING}/colour", json={"colour": colour}, headers=desk.headers)


async def send(desk: Desk, content: bytes):
    return await desk.http.put(f"{BRANDING}/logo", content=content, headers=desk.headers)


async def portal(desk: Desk):
    """What a tenant is told who has scanned the poster."""
    poster = await desk.http.get(f"/api/v1/links/homes/{desk.home.unit_id}", headers=desk.headers)
    shown = {"Authorization": f"Link {poster.json()['data']['code']}"}
    return (await desk.http.get("/api/v1/reports/home", headers=shown)).json()["data"]["organisation"]


async def test_tenants_see_the_colour_that_was_chosen(desk):
    assert (await portal(desk))["colour"] is None

    assert (await choose(desk, "7A1F5C")).json()["data"]["colour"] == "#7a1f5c"

    assert (await portal(desk))["colour"] == "#7a1f5c"
    assert (await choose(desk, None)).json()["data"]["colour"] is None


async def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(desk):
    refused = await choose(desk, "#ffcc00")

    [words] = refused.json()["error"]["fields"]["colour"]
    assert refused.status_code == 422
    instead = words[words.index("#") :][:7]
    assert (await choose(desk, instead)).status_code == 200


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "javascript:alert(1)", "#12345g", "url(//x)"])
async def test_what_is_no_colour_is_refused(desk, colour):
    assert (await choose(desk, colour)).status_code == 422


@given(st.integers(0, 0xFFFFFF))
def test_what_is_proposed_can_always_be_read(colour):
    assert contrast_with_white(darkened(f"#{colour:06x}")) >= LEAST_CONTRAST


def test_contrast_is_what_wcag_says():
    assert round(contrast_with_white("#000000"), 2) == 21
    assert round(contrast_with_white("#ffffff"), 2) == 1
    assert round(contrast_with_white("#767676"), 2) == 4.54


async def test_a_logo_is_drawn_anew_and_shown_to_everybody(desk):
    sent = await send(desk, PNG)

    path = sent.json()["data"]["logo"]
    shown = await desk.http.get(path)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert "immutable" in shown.headers["cache-control"]
    assert shown.headers.get_list("cross-origin-resource-policy") == ["cross-origin"], "letters are read elsewhere"
    assert (await portal(desk))["logo"] == path


async def test_the_page_of_notices_looks_like_the_organisation(desk):
    ours = (await desk.http.get(f"/notices/{desk.org_id}")).text
    logo = (await send(desk, PNG)).json()["data"]["logo"]
    await desk.http.put(f"{BRANDING}/colour", json={"colour": "#7a1f3d"}, headers=desk.headers)

    theirs = (await desk.http.get(f"/notices/{desk.org_id}")).text

    assert ('class="mark"><a href="/"' in ours, "<rect" in ours) == (True, False)
    assert f'<img class="logo" src="{logo}"' in theirs
    assert 'fill="#7a1f3d"' in theirs
    assert 'class="mark"><a href="/"' not in theirs


async def test_whoever_is_invited_sees_whose_invitation_it_is(desk, visitor):
    await choose(desk, "#7a1f3d")
    logo = (await send(desk, PNG)).json()["data"]["logo"]
    await invite(desk)
    (token,) = await tokens(desk)

    offer = (await look(visitor(), token)).json()["data"]

    assert (offer["colour"], offer["logo"]) == ("#7a1f3d", logo)


async def test_another_logo_takes_the_place_of_the_one_before(desk):
    first = (await send(desk, PNG)).json()["data"]["logo"]

    await desk.http.delete(f"{BRANDING}/logo", headers=desk.headers)

    assert (await portal(desk))["logo"] is None
    assert (await desk.http.get(first)).status_code in {200, 404}


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload='alert(1)'/>", b"%PDF-1.7", PNG[:40], b"\xff\xd8\xff" + b"x" * 99]
)
async def test_what_is_no_picture_is_refused_in_words(desk, content):
    answer = await send(desk, content)

    assert answer.status_code == 422
    assert answer.json()["error"]["fields"]["logo"]


@pytest.mark.parametrize("path", ["../../secrets.json", "x", "0" * 31, "0" * 33, "%2e%2e"])
async def test_only_logos_are_shown(desk, path):
    answer = await desk.http.get(f"/logos/{desk.org_id}/{path}.jpg")

    assert answer.status_code in {404, 422}


async def test_the_history_of_settings_tells_of_it(desk):
    await choose(desk, "#1f6f5c")
    await send(desk, PNG)

    history = await desk.http.get("/api/v1/organisation/history", headers=desk.headers)

    changes = [one["changes"] for one in history.json()["data"]["items"]]
    assert {"colour": [None, "#1f6f5c"]} in changes
    assert {"logo": [False, True]} in changes
