"""Where files are kept: on disk or in memory; what is wrong with it is said in words."""

import asyncio
import errno
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from datetime import UTC, datetime, timedelta

import obstore
import pytest

from maintainuk.domain.ports import FileTooLarge, StorageUnavailable
from maintainuk.infrastructure.storage.files import Files


@pytest.fixture(params=["file", "memory"])
def files(request, tmp_path):
    return Files(f"file://{tmp_path}/files" if request.param == "file" else "memory:///")


async def test_what_was_put_can_be_had_again(files):
    await files.put("mailbox/one.eml", b"first")
    await files.put("mailbox/one.eml", b"second")

    assert await files.get("mailbox/one.eml") == b"second"


async def test_a_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "Agência Fairweather 100%" / "files"

    await Files(folder.as_uri()).put("mailbox/one.eml", b"first")

    assert (folder / "mailbox" / "one.eml").read_bytes() == b"first"


async def test_what_was_never_put_is_not_found(files):
    with pytest.raises(FileNotFoundError):
        await files.get("mailbox/none.eml")


async def test_a_full_disk_says_so(files, monkeypatch):
    async def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(obstore, "put_async", full)

    with pytest.raises(StorageUnavailable, match="disk that keeps the files is full"):
        await files.put("mailbox/one.eml", b"")


async def test_an_s3_that_is_down_says_so(monkeypatch):
    for name, value in {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")

    with pytest.raises(StorageUnavailable, match="s3 storage does not answer"):
        await Files("s3://bucket/files", deadline=1.0).put("mailbox/one.eml", b"")


async def arriving(*parts: bytes):
    for part in parts:
        yield part


async def cut_off():
    yield b"half of "
    raise ConnectionResetError("gone")


async def test_what_arrives_bit_by_bit_is_kept_whole(files):
    parts = [bytes([number % 251]) * 100_000 for number in range(120)]

    assert await files.put_stream("photos/one", arriving(*parts, b""), at_most=12_000_000) == 12_000_000

    assert b"".join([part async for part in files.stream("photos/one")]) == b"".join(parts)


async def test_whoever_reads_slowly_gets_all_of_it(files):
    await files.put_stream("exports/one", arriving(*[b"x" * 1_000_000] * 12), at_most=12_000_000)
    files._deadline = 0.5
    read = 0

    async for part in files.stream("exports/one"):
        read += len(part)
        await asyncio.sleep(0.3)

    assert read == 12_000_000


async def test_nothing_is_a_file_too(files):
    assert await files.put_stream("photos/none", arriving(), at_most=10) == 0

    assert await files.get("photos/none") == b""
    assert [part async for part in files.stream("photos/none")] == []


async def test_what_is_removed_while_somebody_reads_it_is_not_taken_for_whole(files):
    await files.put_stream("exports/one", arriving(*[b"x" * 1_000_000] * 12), at_most=12_000_000)
    reading = files.stream("exports/one")
    await anext(reading)

    await files.delete("exports/one")

    with pytest.raises(FileNotFoundError):
        await anext(reading)


async def test_of_what_is_too_large_nothing_is_kept(files, tmp_path):
    with pytest.raises(FileTooLarge):
        await files.put_stream("photos/one", arriving(*[b"x" * 1_000_000] * 12), at_most=11_999_999)

    with pytest.raises(FileNotFoundError):
        await files.get("photos/one")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_of_what_was_cut_off_nothing_is_kept(files, tmp_path):
    with pytest.raises(ConnectionResetError):
        await files.put_stream("photos/one", cut_off(), at_most=100)

    with pytest.raises(FileNotFoundError):
        _ = [part async for part in files.stream("photos/one")]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(files):
    await files.put("photos/one", b"first")

    await files.delete("photos/one")
    await files.delete("photos/one")

    with pytest.raises(FileNotFoundError):
        await files.get("photos/one")


async def test_a_folder_says_what_is_in_it_and_since_when(files):
    before = datetime.now(UTC) - timedelta(seconds=5)
    for path in ("originals/one/a", "originals/one/b", "originals/other/c"):
        await files.put(path, b"first")

    found = [file async for file in files.below("originals/one")]

    assert {file.path for file in found} == {"originals/one/a", "originals/one/b"}
    assert all(before < file.kept_since < before + timedelta(minutes=5) for file in found)
    assert [file async for file in files.below("nothing/here")] == []


KILLED = """
import asyncio, sys
from maintainuk.infrastructure.storage.files import Files

async def sending():
    for _ in range(16):
        yield bytes(1_000_000)
    print("half", flush=True)
    await asyncio.Event().wait()

asyncio.run(Files(sys.argv[1]).put_stream("originals/one", sending(), at_most=10**9))
"""


async def test_what_a_killed_process_left_half_written_goes_once_it_is_old(tmp_path):
    files = Files(f"file://{tmp_path}")
    upload = await create_subprocess_exec(sys.executable, "-c", KILLED, f"file://{tmp_path}", stdout=PIPE)
    await upload.stdout.readline()
    upload.kill()
    await upload.wait()
    await files.put("originals/two", b"whole")
    now = datetime.now(UTC)

    assert await files.discard_unfinished("originals", before=now - timedelta(hours=1)) == 0
    assert await files.discard_unfinished("originals", before=now + timedelta(hours=1)) == 1

    assert [file.name for file in (tmp_path / "originals").iterdir()] == ["two"]


async def test_a_folder_that_is_not_there_has_nothing_unfinished(files):
    assert await files.discard_unfinished("originals/nobody", before=datetime.now(UTC)) == 0
