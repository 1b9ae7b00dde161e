"""How an organisation decides that its people prove who they are."""

from sqlalchemy import select, text

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from tests.providers.openid_fake import CLIENT_ID, SECRET

POLICY = "/api/v1/organisation/sign-in"


async def test_an_administrator_names_the_provider_and_its_secret_is_never_shown_again(world, trial):
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))
    new = {
        "isSecondFactorRequired": True,
        "issuer": "https://login.example.com/tenant/v2.0",
        "clientId": CLIENT_ID,
        "clientSecret": SECRET,
    }

    before = await trial.http.get(POLICY, headers=headers)
    changed = await trial.http.put(POLICY, json=new, headers=headers | {"If-Match": before.headers["etag"]})
    kept = await trial.http.put(
        POLICY, json=new | {"clientSecret": ""}, headers=headers | {"If-Match": changed.headers["etag"]}
    )

    assert before.json()["data"]["version"] == 0
    assert changed.json()["data"]["hasClientSecret"] is kept.json()["data"]["hasClientSecret"] is True
    assert SECRET not in changed.text + kept.text
    async with world.owner.session(org_id) as session:
        stored = await session.scalar(text("SELECT client_secret FROM app.sign_in_policies"))
    assert SECRET.encode() not in stored


async def test_a_secret_is_shown_to_no_other_issuer_than_it_was_typed_for(world, trial):
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))
    new = {"isSecondFactorRequired": False, "issuer": "https://a.example.com", "clientId": "x", "clientSecret": "y"}
    first = await trial.http.put(POLICY, json=new, headers=headers | {"If-Match": '"v0"'})

    moved = new | {"issuer": "https://b.example.com", "clientSecret": None}
    answer = await trial.http.put(POLICY, json=moved, headers=headers | {"If-Match": first.headers["etag"]})
    half = await trial.http.put(
        POLICY, json=new | {"clientId": None}, headers=headers | {"If-Match": first.headers["etag"]}
    )

    assert (answer.status_code, half.status_code) == (422, 422)
    assert list(answer.json()["error"]["fields"]) == ["clientSecret"]


async def test_of_two_administrators_the_slower_is_told(world, trial):
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))
    new = {"isSecondFactorRequired": True, "issuer": None, "clientId": None}

    first = await trial.http.put(POLICY, json=new, headers=headers | {"If-Match": '"v0"'})
    second = await trial.http.put(POLICY, json=new, headers=headers | {"If-Match": '"v0"'})

    assert (first.status_code, second.status_code) == (200, 412)


async def test_the_log_says_which_provider_took_the_place_of_which_and_administrators_hear_of_it(world, trial):
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))
    new = {"isSecondFactorRequired": True, "issuer": "https://a.example.com", "clientId": "x", "clientSecret": SECRET}
    first = await trial.http.put(POLICY, json=new, headers=headers | {"If-Match": '"v0"'})

    moved = new | {"issuer": "https://b.example.com", "isSecondFactorRequired": False}
    await trial.http.put(POLICY, json=moved, headers=headers | {"If-Match": first.headers["etag"]})

    async with world.owner.session(org_id) as session:
        wanted = select(AuditLog.data).where(AuditLog.action == "SignInPolicyChanged").order_by(AuditLog.at)
        made, replaced = [data["changes"] for data in await session.scalars(wanted)]
        letters = list(await session.scalars(select(Message.template)))
    assert made["client_secret"] == [False, True]
    assert replaced == {
        "issuer": ["https://a.example.com", "https://b.example.com"],
        "is_second_factor_required": [True, False],
    }
    assert letters == [MessageTemplate.ADMINISTRATION_CHANGED] * 2


async def test_settings_alone_do_not_let_anybody_name_who_vouches_for_all(world, trial):
    org_id = await world.organisation()
    grants = {str(Permission.SETTINGS_WRITE): str(Scope.ORG), str(Permission.USERS_MANAGE): str(Scope.ORG)}
    await world.add(org_id, Role(org_id=org_id, name="Office manager", stored_grants=grants))
    headers = await world.headers(await world.staff(org_id, "Office manager"))
    new = {"isSecondFactorRequired": False, "issuer": "https://a.example.com", "clientId": "x", "clientSecret": "y"}

    answer = await trial.http.put(POLICY, json=new, headers=headers | {"If-Match": '"v0"'})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
