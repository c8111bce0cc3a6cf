"""Serving the live page from this machine alone."""

import os
import socket
import subprocess
import sys
from importlib.util import find_spec

from model.declaration import InputError

NEEDED = ("solara", "solara_assets", "altair", "networkx")
MISSING_EXTRA = "The live page needs solara; in the project's folder type: pip install -e '.[explore]'"
PAGE = "results.explore.page"
# Nothing leaves the machine: no word to the makers of the server, and every asset from the package solara-assets.
AT_HOME = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_THEME_SHOW_BANNER": "False",
}


def check_ready(port: int) -> None:
    """Make sure that the page can be served.

    Raises:
        InputError: if solara or what it needs is not installed, or something else listens on the port.
    """
    if any(find_spec(package) is None for package in NEEDED):
        raise InputError(MISSING_EXTRA)
    with socket.socket() as listening:
        if listening.connect_ex(("localhost", port)) == 0:
            raise InputError(f"Port {port} is in use already; choose another with --port.")


def serve(port: int, browser: bool) -> int:
    """Serve the page until interrupted; returns the server's exit status."""
    command = [sys.executable, "-m", "solara", "run", PAGE, "--host", "localhost", "--port", str(port), "--production"]
    command.append("--open" if browser else "--no-open")
    try:
        return subprocess.run(command, env={**os.environ, **AT_HOME}, check=False).returncode
    except KeyboardInterrupt:
        return 0
