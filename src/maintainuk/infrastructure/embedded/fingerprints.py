import os
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path


def fingerprint(folder: Path, *, leaving_out: Collection[str] = ()) -> str:
    """Return a hash over the names and contents of all files below a folder, but for those in folders left out."""
    hashed = sha256()
    for path in sorted(_files(folder, leaving_out)):
        content = path.read_bytes()
        hashed.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
        hashed.update(content)
    return hashed.hexdigest()


def _files(folder: Path, leaving_out: Collection[str]) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in leaving_out]
        yield from (Path(place, name) for name in names)
