"""A file with everything an organisation owns may come from anywhere: before it is opened, it is proven whole."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from maintainuk.cli import app
from maintainuk.infrastructure.exports.pack import Pack
from maintainuk.infrastructure.exports.verify import Fault, verify
from tests.exporting import on_disk

PEOPLE = 'id,name\r\n1,Aisha Khan\r\n2,"Two\r\nlines"\r\n'.encode("utf-8-sig")
FACTS = {
    "format": 1,
    "organisation": {"name": "Fairweather Lettings"},
    "made_at": "2026-11-23T08:00:00+00:00",
    "product": "MaintainUK 0.1.0",
    "missing": [],
}

NEWER = json.dumps({**FACTS, "format": 2, "entries": []}).encode()


def whole(facts: dict[str, object] = FACTS) -> bytes:
    pack = Pack(datetime(2026, 11, 23, 8, tzinfo=UTC))
    pack.add("README.txt", b"What is what")
    with pack.entry("tables/people.csv") as entry:
        entry.write(PEOPLE)
        entry.rows = 2
    pack.add("files/photos/1.jpg", b"picture", is_packed=True)
    return pack.drain() + b"".join(pack.finish(facts))


Change = Callable[[dict[str, bytes]], None]


def changed(change: Change) -> bytes:
    """The file with other entries; its manifest, which says what it was, stays the last."""
    with zipfile.ZipFile(io.BytesIO(whole())) as before:
        entries = {name: before.read(name) for name in before.namelist()}
    manifest = entries.pop("manifest.json")
    change(entries)
    manifest = entries.pop("manifest.json", manifest)
    return zipped([*entries.items(), ("manifest.json", manifest)])


def zipped(entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name, content in entries:
            after.writestr(name, content)
    return written.getvalue()


def faults(content: bytes, folder: Path) -> list[tuple[str, str]]:
    return [(one.fault.name, one.path) for one in verify(on_disk(content, folder)).findings]


def listed(path: str, content: bytes, **more: object) -> Change:
    """Slip an entry in, and into the manifest as well."""

    def slip_in(entries: dict[str, bytes]) -> None:
        entries[path] = content
        with zipfile.ZipFile(io.BytesIO(whole())) as before:
            manifest = json.loads(before.read("manifest.json"))
        manifest["entries"].append({"path": path, "bytes": len(content), "sha256": sha256(content).hexdigest(), **more})
        entries["manifest.json"] = json.dumps(manifest).encode()

    return slip_in


def test_one_that_is_whole_says_whose_it_is_and_when_it_was_made(tmp_path):
    verdict = verify(on_disk(whole(), tmp_path))

    assert verdict.findings == []
    assert (verdict.organisation, verdict.entries) == ("Fairweather Lettings", 3)
    assert verdict.made_at.startswith("2026-11-23")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda entries: entries.update({"README.txt": b"What is that"}), [("CHANGED", "README.txt")]),
        (
            lambda entries: entries.update({"tables/people.csv": PEOPLE + b"3,x"}),
            [("CHANGED", "tables/people.csv")],
        ),
        (lambda entries: entries.pop("README.txt"), [("MISSING", "README.txt")]),
        (lambda entries: entries.update({"tables/more.csv": b"id\r\n"}), [("EXTRA", "tables/more.csv")]),
        (lambda entries: entries.update({"../outside": b"x"}), [("BAD_NAME", "../outside")]),
        (listed("/etc/passwd", b"x"), [("BAD_NAME", "/etc/passwd")]),
        (listed("C:\\boot.ini", b"x"), [("BAD_NAME", "C:\\boot.ini")]),
        (listed("files/a\nb", b"x"), [("BAD_NAME", "files/a\nb")]),
        (listed("files//a", b"x"), [("BAD_NAME", "files//a")]),
        (listed("tables/none.csv", b"id\r\n1\r\n", rows=7), [("ROWS", "tables/none.csv")]),
        (listed("tables/none.csv", b"\xff\xfe", rows=1), [("ROWS", "tables/none.csv")]),
        (lambda entries: entries.update({"manifest.json": b"{"}), [("BAD_MANIFEST", "")]),
        (lambda entries: entries.update({"manifest.json": b'{"format": 1}'}), [("BAD_MANIFEST", "")]),
        (lambda entries: entries.update({"manifest.json": b"[" * 100_000}), [("BAD_MANIFEST", "")]),
        (
            lambda entries: entries.update(
                {"manifest.json": json.dumps({**FACTS, "format": 2, "entries": []}).encode()}
            ),
            [("NEWER", "")],
        ),
    ],
)
def test_whatever_was_changed_is_told_with_its_name(change, told, tmp_path):
    assert faults(changed(change), tmp_path) == told


@pytest.mark.parametrize("content", [b"", b"no zip", whole()[:-40], whole()[:200], b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_whole_zip_file_is_told(content, tmp_path):
    assert faults(content, tmp_path) == [("NO_ZIP", "")]


def test_an_entry_behind_the_manifest_is_told(tmp_path):
    content = zipped([("manifest.json", b"{}"), ("README.txt", b"What")])

    assert faults(content, tmp_path) == [("NO_MANIFEST", "")]


def test_a_name_that_is_there_twice_is_told(tmp_path):
    with zipfile.ZipFile(io.BytesIO(whole())) as before:
        entries = [(name, before.read(name)) for name in before.namelist()]
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped([entries[0], *entries])

    assert ("TWICE", "README.txt") in faults(content, tmp_path)


def test_a_link_to_elsewhere_is_told(tmp_path):
    link = zipfile.ZipInfo("files/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(io.BytesIO(whole())) as before:
        entries: list[tuple[str | zipfile.ZipInfo, bytes]] = [(name, before.read(name)) for name in before.namelist()]
    content = zipped([(link, b"/etc/passwd"), *entries])

    assert faults(content, tmp_path) == [("BAD_NAME", "files/link")]


def test_a_bit_that_fell_over_is_told(tmp_path):
    content = bytearray(whole())
    at = content.index(b"picture")
    content[at] ^= 1

    assert faults(bytes(content), tmp_path) == [("DAMAGED", "files/photos/1.jpg")]


def test_a_bomb_is_told_before_any_of_it_is_unpacked(tmp_path):
    content = bytearray(whole())
    at = content.index(b"PK\x01\x02")  # the directory's first entry: its size once unpacked stands 24 bytes behind
    content[at + 24 : at + 28] = struct.pack("<I", 4_000_000_000)

    assert faults(bytes(content), tmp_path) == [("BOMB", "")]


def test_one_that_lies_about_its_size_is_told_and_not_unpacked_further(tmp_path):
    content = bytearray(whole())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 3)

    assert faults(bytes(content), tmp_path) == [("CHANGED", "README.txt")]


def test_the_command_says_it_in_words_and_by_its_exit_code(tmp_path):
    good = CliRunner().invoke(app, ["export", "verify", str(on_disk(whole(), tmp_path))])
    bad = CliRunner().invoke(app, ["export", "verify", str(on_disk(whole()[:-40], tmp_path))])
    none = CliRunner().invoke(app, ["export", "verify", str(tmp_path / "nothing.zip")])

    assert (good.exit_code, good.stdout.splitlines()[-1]) == (0, "whole")
    assert bad.exit_code == 1
    assert Fault.NO_ZIP in bad.output
    assert none.exit_code == 2
