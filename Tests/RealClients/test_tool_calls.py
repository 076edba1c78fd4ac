"""mcp_tool_call actions against real servers: made with the official SDK and with FastMCP, and one as PyPI has it."""

import importlib.util
import json
import os
import pathlib
import sys

import pytest

from connection import MODES, connect

pytestmark = pytest.mark.anyio

SERVER = str(pathlib.Path(__file__).parent / "tool_server.py")
SERVERS = {
    "sdk": [sys.executable, SERVER],
    "fastmcp": [sys.executable, SERVER, "fastmcp"],
    "time": [sys.executable, "-m", "mcp_server_time", "--local-timezone", "Etc/UTC"],
}


def needs(module):
    return pytest.mark.skipif(not importlib.util.find_spec(module), reason=f"{module} needs the SDK 2.x")


ARITHMETIC = ["sdk", pytest.param("fastmcp", marks=needs("fastmcp"))]


@pytest.fixture
def configured(tmp_path, tapped):
    """A configuration folder that names the servers, in the form that clients use; they are listened to as well."""
    folder = tmp_path / "bound-mcp"
    folder.mkdir()
    servers = {name: {"command": tapped(name, *command)} for name, command in SERVERS.items()}
    (folder / "config.json").write_text(json.dumps({"mcpServers": servers}))
    return {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}


async def perform(client, server, tool, arguments):
    made = await client.call(
        "pathbound_queue_action", type="mcp_tool_call", identity_id="id_default",
        params={"server": server, "tool": tool, "arguments": arguments}, direct=True)
    assert not made.is_error, made.text
    action = await client.call("pathbound_get_action", action_id=made.structured["action_id"])
    return action.structured["action"]


@pytest.mark.parametrize("server", ARITHMETIC)
async def test_a_tool_of_a_real_server_is_called_and_its_answer_kept(program, workspace, configured, server):
    async with connect(program, workspace, MODES[-1], configured) as client:
        action = await perform(client, server, "add", {"left": 20, "right": 22})
        assert action["status"] == "completed", action
        assert action["result"]["structured"] == {"sum": 42}


@pytest.mark.parametrize("server", ARITHMETIC)
async def test_the_error_of_a_real_server_is_the_reason_of_the_failure(program, workspace, configured, server):
    async with connect(program, workspace, MODES[-1], configured) as client:
        action = await perform(client, server, "fail", {})
        assert action["status"] == "failed", action
        assert "the abacus is broken" in json.dumps(action), action


@needs("mcp_server_time")
async def test_a_server_that_others_have_written_does_its_work(program, workspace, configured):
    async with connect(program, workspace, MODES[-1], configured) as client:
        action = await perform(
            client, "time", "convert_time",
            {"source_timezone": "Asia/Tokyo", "time": "09:30", "target_timezone": "Etc/UTC"})
        assert action["status"] == "completed" and "T00:30" in json.dumps(action["result"]), action
        action = await perform(
            client, "time", "convert_time", {"source_timezone": "Nowhere", "time": "9", "target_timezone": "UTC"})
        assert action["status"] == "failed" and "Nowhere" in json.dumps(action), action
