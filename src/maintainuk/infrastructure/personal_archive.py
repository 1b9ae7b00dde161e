"""One file with everything that goes out to somebody: for people, for programs, and their pictures."""

import io
import zipfile
from collections.abc import Mapping


def archive(files: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP file of these; pictures are packed already."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content, zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED)
    return written.getvalue()
