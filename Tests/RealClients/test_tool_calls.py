"""mcp_tool_call actions against a server made with the official SDK."""

import json
import os
import pathlib
import sys

import pytest

from connection import MODES, connect


@pytest.fixture
def configured(tmp_path):
    """A configuration folder that names the server, in the form that clients use."""
    folder = tmp_path / "bound-mcp"
    folder.mkdir()
    server = str(pathlib.Path(__file__).parent / "tool_server.py")
    (folder / "config.json").write_text(
        json.dumps({"mcpServers": {"arithmetic": {"command": sys.executable, "args": [server]}}})
    )
    return {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}


async def queue(client, tool, arguments):
    made = await client.call(
        "pathbound_queue_action",
        type="mcp_tool_call",
        identity_id="id_default",
        params={"server": "arithmetic", "tool": tool, "arguments": arguments},
        direct=True,
    )
    assert not made.is_error, made.text
    action = await client.call("pathbound_get_action", action_id=made.structured["action_id"])
    return action.structured["action"]


@pytest.mark.anyio
async def test_a_tool_of_a_real_server_is_called_and_its_answer_kept(program, workspace, configured):
    async with connect(program, workspace, MODES[-1], configured) as client:
        action = await queue(client, "add", {"left": 20, "right": 22})
        assert action["status"] == "completed", action
        assert "42" in json.dumps(action["result"]), action


@pytest.mark.anyio
async def test_the_error_of_a_real_server_is_the_reason_of_the_failure(program, workspace, configured):
    async with connect(program, workspace, MODES[-1], configured) as client:
        action = await queue(client, "fail", {})
        assert action["status"] == "failed", action
        assert "the abacus is broken" in json.dumps(action), action
