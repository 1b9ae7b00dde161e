import sys

from maintainuk.cli import app
from maintainuk.infrastructure.embedded.problems import CannotStart

try:
    app(prog_name="maintainuk")
except CannotStart as problem:
    sys.exit(f"Cannot start.\n{problem}")
