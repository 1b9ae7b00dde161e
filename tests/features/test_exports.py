"""Everything an organisation owns is taken along as one file: asked for, made, fetched, and gone a day later."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.branding import logo_file
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.documents import Document, DocumentKind, DocumentStatus, page_of
from maintainuk.domain.exports import Export, ExportStatus
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.photos import Photo, PhotoSize, PhotoStatus, copy_of
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Session
from maintainuk.infrastructure.exports import packer
from maintainuk.infrastructure.exports.contents import TABLES
from maintainuk.infrastructure.exports.verify import verify
from maintainuk.worker.housekeeping import sweep
from tests.exporting import EXPORTS, Exporting, Unpacked, exporting_at, on_disk
from tests.trial import Trial
from tests.world import PASSWORD, World

FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
async def exporting(trial: Trial, world: World) -> AsyncIterator[Exporting]:
    async with exporting_at(trial, world) as exporting:
        yield exporting


async def photo_of(exporting: Exporting) -> Photo:
    home = await exporting.world.home(exporting.org_id, tenant="Ifeoma Osei", email="ifeoma@example.com")
    ticket_id = await exporting.world.ticket(
        exporting.org_id, home, title="Tap drips", description="=cmd|' /C calc'!A0"
    )
    photo = Photo(
        org_id=exporting.org_id,
        ticket_id=ticket_id,
        upload_key=uuid4(),
        bytes_received=1,
        received_at=exporting.world.now,
        status=PhotoStatus.READY,
    )
    await exporting.world.add(exporting.org_id, photo)
    return photo


async def test_everything_comes_as_one_file_with_a_page_that_says_what_is_what(exporting):
    files, org_id = exporting.trial.services.files, exporting.org_id
    photo = await photo_of(exporting)
    document = Document(
        org_id=org_id,
        property_id=(await exporting.world.home(org_id)).property_id,
        kind=DocumentKind.EPC,
        title="EPC of Ash Grove",
        status=DocumentStatus.READY,
        page_count=2,
        added_at=exporting.world.now,
    )
    await exporting.world.add(org_id, document)
    async with exporting.world.owner.installation() as session:
        await session.execute(update(Organisation).where(Organisation.id == org_id).values(logo="a" * 32))
    await files.put(logo_file(org_id, "a" * 32), b"logo")
    await files.put(copy_of(org_id, photo.id, PhotoSize.DISPLAY), b"picture")
    for number in (1, 2):
        await files.put(page_of(org_id, document.id, number), b"page %d" % number)

    export = await exporting.made()
    content = await exporting.fetched(export["id"])

    assert (export["status"], export["missing"]) == ("ready", 0)
    assert export["done"] == export["total"] > 0
    assert (export["size"], export["sha256"]) == (len(content), sha256(content).hexdigest())
    unpacked = Unpacked(content)
    assert unpacked.names[0] == "README.txt"
    assert unpacked.names[-1] == "manifest.json"
    assert {f"tables/{name}.csv" for name in TABLES} <= set(unpacked.names)
    assert unpacked.zip.read(f"files/photos/{photo.id}.jpg") == b"picture"
    assert unpacked.zip.read(f"files/documents/{document.id}/2.jpg") == b"page 2"
    assert unpacked.zip.read("files/logo.jpg") == b"logo"
    (ticket,) = unpacked.table("maintenance_tickets")
    assert (ticket["title"], ticket["description"]) == ("Tap drips", f"'{FORMULA}")
    assert "ifeoma@example.com" in {person["email"] for person in unpacked.table("people")}
    assert [one["title"] for one in unpacked.table("documents")] == ["EPC of Ash Grove"]
    readme = unpacked.zip.read("README.txt").decode()
    assert "Fairweather Lettings" in readme
    assert "Houses and blocks" in readme
    manifest = unpacked.manifest
    assert manifest["organisation"]["name"] == "Fairweather Lettings"
    assert manifest["made_by"] == str(exporting.staff.id)
    assert {one["path"] for one in manifest["entries"]} == set(unpacked.names) - {"manifest.json"}
    told = {one["path"]: one for one in manifest["entries"]}
    assert told["tables/people.csv"]["rows"] == len(unpacked.table("people"))
    assert told["files/logo.jpg"]["sha256"] == sha256(b"logo").hexdigest()


async def test_nothing_of_another_organisation_is_in_it(exporting, world):
    await world.home(await world.organisation("Elsewhere Homes"), tenant="Somebody Elsewhere")
    await world.home(exporting.org_id, tenant="Ifeoma Osei")

    unpacked = Unpacked(await exporting.fetched((await exporting.made())["id"]))

    assert {person["name"] for person in unpacked.table("people")} == {"Ifeoma Osei"}


async def test_what_waits_is_sealed_and_says_nothing_in_clear(exporting):
    await exporting.world.home(exporting.org_id, tenant="Ifeoma Osei")

    await exporting.made()

    (path,) = await exporting.files()
    kept = await exporting.trial.services.files.get(path)
    assert not kept.startswith(b"PK")
    assert b"README" not in kept
    assert b"Ifeoma" not in kept


async def test_the_tables_show_one_moment_whatever_happens_meanwhile(exporting, monkeypatch):
    monkeypatch.setattr(packer, "ROWS", 1)
    await exporting.world.home(exporting.org_id, tenant="Ifeoma Osei")
    write_table = packer.Making._write_table

    async def and_somebody_writes(self, connection, table, columns):
        if table.name == "people":
            await exporting.world.add(exporting.org_id, Person(org_id=exporting.org_id, name="Too Late"))
        await write_table(self, connection, table, columns)

    monkeypatch.setattr(packer.Making, "_write_table", and_somebody_writes)

    unpacked = Unpacked(await exporting.fetched((await exporting.made())["id"]))

    assert [person["name"] for person in unpacked.table("people")] == ["Ifeoma Osei"]


async def test_the_look_at_all_tables_may_take_longer_than_other_work(exporting):
    async with exporting.services.database.connection() as connection:
        await connection.exec_driver_sql("SET transaction_timeout = 250")
        await connection.commit()
        await connection.exec_driver_sql(packer.UNHURRIED, (packer.LONGEST_LOOK,))

        found = await connection.exec_driver_sql("SELECT pg_sleep(0.4), current_setting('transaction_timeout')")

        assert found.one()[1] == "15min"
        await connection.invalidate()


async def test_a_file_that_is_gone_is_named_and_the_rest_comes(exporting):
    photo = await photo_of(exporting)

    export = await exporting.made()

    assert (export["status"], export["missing"]) == ("ready", 1)
    unpacked = Unpacked(await exporting.fetched(export["id"]))
    assert unpacked.manifest["missing"] == [f"files/photos/{photo.id}.jpg"]


async def test_asked_twice_it_is_made_once(exporting):
    first, second = await asyncio.gather(exporting.asked(), exporting.asked())

    await exporting.work()

    assert first["id"] == second["id"]
    assert len(await exporting.files()) == 1


async def test_every_administrator_is_written_to(exporting):
    colleague = await exporting.world.staff(exporting.org_id, BuiltInRole.ORG_ADMIN, name="Owen Baptiste")
    await exporting.world.staff(exporting.org_id, BuiltInRole.MANAGER, name="Priya Shah")

    await exporting.asked()

    async with exporting.world.owner.session(exporting.org_id) as session:
        written = await session.scalars(select(Message.user_id).where(Message.template == MessageTemplate.EXPORT_ASKED))
        assert set(written) == {exporting.staff.id, colleague.id}


async def test_each_step_stands_in_the_audit_log(exporting):
    export = await exporting.made()
    await exporting.fetched(export["id"])
    await exporting.call("POST", f"/{export['id']}/cancel", {})

    async with exporting.world.owner.session(exporting.org_id) as session:
        told = list(
            await session.scalars(select(AuditLog.action).where(AuditLog.action.like("Export%")).order_by(AuditLog.id))
        )
    assert told == ["ExportAsked", "ExportMade", "ExportHandedOut", "ExportFetched", "ExportCancelled"]


async def test_it_asks_for_the_password_again_when_it_is_made_and_when_it_is_fetched(exporting):
    export = await exporting.made()

    for body in ({"password": "a wrong and lengthy phrase"}, {"password": None}, {}):
        refused = await exporting.call("PUT", "", body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "wrong-password")
        refused = await exporting.call("PUT", f"/{export['id']}/address", body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "wrong-password")


async def test_whoever_came_by_the_organisations_own_accounts_signs_in_again_first(exporting, world):
    async with world.owner.session(exporting.org_id) as session, session.begin():
        await session.execute(
            update(Session).where(Session.org_id == exporting.org_id).values(is_vouched=True, created_at=world.now)
        )
    asked = await exporting.call("PUT", "", {})
    async with world.owner.session(exporting.org_id) as session, session.begin():
        earlier = world.now - timedelta(minutes=11)
        await session.execute(update(Session).where(Session.org_id == exporting.org_id).values(created_at=earlier))
    refused = await exporting.call("PUT", "", {"password": PASSWORD})

    assert asked.status_code == 202
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "signed-in-too-long-ago")
    assert (await exporting.call("GET")).json()["data"]["needsPassword"] is False


@pytest.mark.parametrize("role", [role for role in BuiltInRole if role is not BuiltInRole.ORG_ADMIN])
async def test_nobody_else_takes_everything_along(exporting, role):
    other = await exporting.world.staff(exporting.org_id, role)
    headers = await exporting.world.headers(other)

    answer = await exporting.http.put(EXPORTS, json={"password": PASSWORD}, headers=headers)

    assert answer.status_code == 403


async def test_a_role_that_may_not_read_everything_takes_nothing_along(exporting, world):
    grants = dict.fromkeys(Permission, Scope.ORG)
    for lacking in (Permission.PEOPLE_SENSITIVE, Permission.AUDIT_READ, Permission.INTERNAL_NOTES_READ):
        held = {permission: scope for permission, scope in grants.items() if permission is not lacking}
        role = Role(org_id=exporting.org_id, name=f"All but {lacking}", stored_grants=held)
        await world.add(exporting.org_id, role)
        staff = await world.staff(exporting.org_id, role.name)
        answer = await exporting.http.get(EXPORTS, headers=await world.headers(staff))

        assert answer.status_code == 403, lacking


async def test_another_organisations_file_never_was(exporting, trial, world):
    export = await exporting.made()
    address = await exporting.address(export["id"])
    elsewhere = await world.staff(await world.organisation("Elsewhere Homes"), BuiltInRole.ORG_ADMIN)
    headers = await world.headers(elsewhere)

    for method, path in (("GET", ""), ("POST", "/cancel"), ("PUT", "/address")):
        body = {"password": PASSWORD} if method == "PUT" else None
        answer = await trial.http.request(method, f"{EXPORTS}/{export['id']}{path}", json=body, headers=headers)
        assert answer.status_code == 404, path
    assert (await trial.http.get(address.replace(export["id"], str(uuid4())))).status_code == 403


async def test_an_address_is_good_for_a_minute_or_two_and_the_file_for_a_day(exporting, trial, world):
    export = await exporting.made()
    address = await exporting.address(export["id"])

    trial.services.clock = lambda: world.now + timedelta(minutes=3)
    late = await trial.http.get(address)
    trial.services.clock = lambda: world.now + timedelta(hours=25)
    gone = await exporting.call("PUT", f"/{export['id']}/address", {"password": PASSWORD})
    shown = (await exporting.call("GET", f"/{export['id']}")).json()["data"]["status"]

    assert (late.status_code, late.json()["error"]["code"]) == (410, "export-address-expired")
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "export-gone")
    assert shown == "gone"


async def test_after_a_day_nothing_of_it_is_left_and_another_can_be_made(exporting, world):
    await exporting.made()
    world.now += timedelta(hours=25)

    removed = await sweep(exporting.services)

    assert removed["exports"] == 1
    assert await exporting.files() == []
    row = await exporting.row()
    assert (row.status, row.file_key) == (ExportStatus.GONE, None)


async def test_what_was_made_can_be_thrown_away(exporting):
    export = await exporting.made()
    address = await exporting.address(export["id"])

    thrown = await exporting.call("POST", f"/{export['id']}/cancel", {})

    assert thrown.json()["data"]["status"] == "cancelled"
    assert await exporting.files() == []
    assert (await exporting.row()).file_key is None
    assert (await exporting.http.get(address)).status_code == 409


async def test_a_suspended_organisation_hands_nothing_out(exporting, world):
    export = await exporting.made()
    address = await exporting.address(export["id"])
    async with world.owner.installation() as session:
        await session.execute(
            update(Organisation).where(Organisation.id == exporting.org_id).values(suspended_at=world.now)
        )

    assert (await exporting.http.get(address)).status_code == 403


async def test_what_was_fetched_is_proven_whole(exporting, tmp_path):
    export = await exporting.made()

    verdict = verify(on_disk(await exporting.fetched(export["id"]), tmp_path))

    assert verdict.findings == []
    assert verdict.sha256 == export["sha256"]
    assert verdict.entries == export["entries"]


async def test_whoever_fetches_it_is_told_what_it_hashes_to_and_what_it_is_called(exporting):
    export = await exporting.made()

    answer = await exporting.http.get(await exporting.address(export["id"]))

    assert answer.headers["content-length"] == str(export["size"])
    assert answer.headers["content-disposition"].startswith('attachment; filename="fairweather-lettings-2')
    assert answer.headers["repr-digest"].startswith("sha-256=:")
    assert answer.headers["cache-control"] == "no-store"


async def test_only_one_is_kept_as_being_made_whoever_writes(exporting, world):
    await exporting.asked()

    with pytest.raises(Exception, match="uq_exports_making"):
        await world.add(exporting.org_id, Export(org_id=exporting.org_id, asked_at=world.now))
