import os
import pathlib

import pytest

from connection import MODES


@pytest.fixture(scope="session")
def program():
    path = os.environ.get("BOUND_MCP") or str(pathlib.Path(__file__).parents[2] / ".build/release/bound-mcp")
    if not os.access(path, os.X_OK):
        pytest.exit(f"build the program first (make build): there is no {path}", returncode=1)
    return path


@pytest.fixture(params=MODES)
def mode(request):
    return request.param


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def workspace(tmp_path):
    """The arguments for a workspace of the test's own, with a sender."""
    return ["serve", "--db", str(tmp_path / "workspace.db"), "--sender", "sales@example.com"]
