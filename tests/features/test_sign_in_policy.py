"""How an organisation decides that its people prove who they are."""

from datetime import timedelta

from sqlalchemy import select, text, update

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Session
from tests.providers.openid_fake import CLIENT_ID, SECRET
from tests.world import PASSWORD

POLICY = "/api/v1/organisation/sign-in"
PROOF = {"password": PASSWORD}


async def test_an_administrator_names_the_provider_and_its_secret_is_never_shown_again(world, trial):
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))
    new = {
        "isSecondFactorRequired": True,
        "issuer": "https://login.example.com/tenant/v2.0",
        "clientId": CLIENT_ID,
        "clientSecret": SECRET,
        "password": PASSWORD,
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
    new = {
        "isSecondFactorRequired": False,
        "issuer": "https://a.example.com",
        "clientId": "x",
        "clientSecret": "y",
    } | PROOF
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
    new = {
        "isSecondFactorRequired": True,
        "issuer": "https://a.example.com",
        "clientId": "x",
        "clientSecret": SECRET,
    } | PROOF
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
    new = {
        "isSecondFactorRequired": False,
        "issuer": "https://a.example.com",
        "clientId": "x",
        "clientSecret": "y",
    } | PROOF

    answer = await trial.http.put(POLICY, json=new, headers=headers | {"If-Match": '"v0"'})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")


async def test_whoever_names_the_provider_or_asks_less_of_all_types_their_password_again(world, trial):
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))
    provider = {"issuer": "https://a.example.com", "clientId": "x", "clientSecret": "y"}
    nobody = {"issuer": None, "clientId": None}

    async def put(version: int, **body):
        seen = headers | {"If-Match": f'"v{version}"'}
        return await trial.http.put(POLICY, json=body, headers=seen)

    stricter = await put(0, isSecondFactorRequired=True, **nobody)
    lax = [await put(1, isSecondFactorRequired=False, **nobody, **typed) for typed in ({}, {"password": "a guess"})]
    named = await put(1, isSecondFactorRequired=True, **provider)
    proven = await put(1, isSecondFactorRequired=True, **provider, **PROOF)
    same = await put(2, isSecondFactorRequired=True, **provider | {"clientSecret": ""})
    other = await put(same.json()["data"]["version"], isSecondFactorRequired=True, **provider | {"clientSecret": "z"})

    assert stricter.json()["data"]["needsPassword"] is True
    assert [answer.status_code for answer in (stricter, *lax, named, proven, same, other)] == [
        *(200, 403, 403, 403, 200, 200, 403),
    ]
    assert {answer.json()["error"]["code"] for answer in (*lax, named, other)} == {"wrong-password"}


async def test_whom_a_provider_vouches_for_has_signed_in_a_moment_ago(world, trial):
    org_id = await world.organisation()
    staff = await world.staff(org_id, BuiltInRole.ORG_ADMIN)
    headers = await world.headers(staff) | {"If-Match": '"v0"'}
    provider = {"issuer": "https://a.example.com", "clientId": "x", "clientSecret": "y"}
    async with world.owner.installation() as session:
        theirs = update(Session).where(Session.identity_id == staff.identity_id)
        await session.execute(theirs.values(is_vouched=True, created_at=world.now - timedelta(minutes=11)))
        await session.commit()

    late = await trial.http.put(POLICY, json={"isSecondFactorRequired": False} | provider, headers=headers)

    assert (late.status_code, late.json()["error"]["code"]) == (403, "signed-in-too-long-ago")
