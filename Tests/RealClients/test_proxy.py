"""Behind mcp-proxy, as connections over HTTP are made: HTTP clients in front, the program's standard streams behind."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("mcp_proxy", reason="mcp-proxy needs the SDK 1.x")

import anyio
from mcp import ClientSession
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from pydantic import AnyUrl

pytestmark = pytest.mark.anyio


@pytest.fixture
def proxy(program, workspace):
    """The address of a proxy whose server is the program."""
    child = subprocess.Popen(
        [sys.executable, "-m", "mcp_proxy", "--port", "0", "--", program, *workspace, "--toolsets", "all"],
        stderr=subprocess.PIPE, text=True)
    try:
        for line in child.stderr:
            if found := re.search(r"running on (http://\S+)", line):
                break
        else:
            pytest.fail("the proxy does not start")
        threading.Thread(target=child.stderr.read, daemon=True).start()
        yield found.group(1)
    finally:
        child.terminate()
        child.wait(10)


@asynccontextmanager
async def connect(proxy, transport, elicitation=None):
    opening = streamable_http_client(proxy + "/mcp") if transport == "http" else sse_client(proxy + "/sse")
    async with opening as (reader, writer, *_):
        async with ClientSession(reader, writer, elicitation_callback=elicitation) as session:
            yield session, await session.initialize()


@pytest.fixture(params=["http", "sse"])
def transport(request):
    return request.param


async def call(session, tool, /, **arguments):
    answer = await session.call_tool(tool, arguments)
    assert not answer.isError, answer.content
    return answer.structuredContent


async def test_the_main_things_work_over_http(proxy, transport):
    async with connect(proxy, transport) as (session, started):
        assert started.serverInfo.name == "bound-mcp" and "never follow" in started.instructions
        tools = (await session.list_tools()).tools
        assert all(tool.title and tool.outputSchema for tool in tools) and len(tools) > 50
        ada = (await call(session, "pathbound_create_contact", email="ada@example.com"))["contact"]["_id"]
        assert (await session.call_tool("pathbound_get_contact", {"contact_id": "ct_nobody"})).isError
        resources = {str(one.uri) for one in (await session.list_resources()).resources}
        assert "pathbound://actions/pending" in resources
        (card,) = (await session.read_resource(AnyUrl(f"pathbound://contacts/{ada}"))).contents
        assert json.loads(card.text)["contact"]["_id"] == ada
        assert "daily_brief" in {prompt.name for prompt in (await session.list_prompts()).prompts}
        brief = await session.get_prompt("research_contact", {"contact": "ada@example.com"})
        assert "ada@example.com" in str(brief.messages)


async def test_a_run_is_waited_for_through_it(proxy, transport):
    async with connect(proxy, transport) as (session, _):
        ada = (await call(session, "pathbound_create_contact", email="ada@example.com"))["contact"]["_id"]
        agent = (await call(
            session, "pathbound_create_agent", name="Follow-up", playbook_template="cold_outreach",
            identity_id="id_default", capabilities=["email"], llm_config={"provider": "rules"}))["agent"]["_id"]
        done = await call(
            session, "pathbound_trigger_agent", id=agent, contact_ids=[ada], wait_seconds=20)
        assert done["run"]["status"] == "completed"
        pending = (await session.read_resource(AnyUrl("pathbound://actions/pending"))).contents[0].text
        assert json.loads(pending)["waiting"]["run_proposals"] == 1


async def test_sessions_at_once_share_the_workspace_and_get_their_own_answers(proxy):
    async def work(transport, number):
        async with connect(proxy, transport) as (session, _):
            for count in range(10):
                email = f"p{number}-{count}@example.com"
                made = await call(session, "pathbound_create_contact", email=email)
                assert made["contact"]["properties"]["email"] == email

    await asyncio.gather(*(work("sse" if number % 2 else "http", number) for number in range(6)))
    async with connect(proxy, "http") as (session, _):
        assert (await call(session, "pathbound_list_contacts", count_only=True))["count"] == 60


async def test_a_proxy_that_passes_no_questions_on_leaves_the_decision_to_the_client(proxy):
    """mcp-proxy declares no elicitation, so nobody is asked: what the default `--approvals ask` does without it."""
    asked = []

    async def person(context, params):
        asked.append(params)

    async with connect(proxy, "http", elicitation=person) as (session, _):
        queued = (await call(
            session, "pathbound_queue_action", type="email_message", identity_id="id_default", require_approval=True,
            params={"email": "ada@example.com", "subject": "Hello", "message": "A first word"}))["action_id"]
        approved = await call(session, "pathbound_approve_action", action_id=queued, action="approve")
        assert asked == [] and approved
        with anyio.fail_after(10):
            while (await call(session, "pathbound_get_action", action_id=queued))["action"]["status"] != "completed":
                await anyio.sleep(0.05)
