import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users may pass through; pytest's own is closed to them."""
    made = Path(tempfile.mkdtemp(prefix="maintainuk-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)
