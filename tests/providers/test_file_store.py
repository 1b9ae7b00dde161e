"""Where files are kept: on disk or in memory; what is wrong with it is said in words."""

import errno

import obstore
import pytest

from maintainuk.domain.ports import StorageUnavailable
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
