"""Work that outlives its call, through FastMCP's client, which drives tasks by itself as an extension of the SDK."""

import pytest

tasks = pytest.importorskip("fastmcp_tasks", reason="tasks need the SDK 2.x")

import anyio
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp_tasks import call_tool_task
from mcp import MCPError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def session(program, workspace):
    transport = StdioTransport(program, [*workspace, "--toolsets", "all"], keep_alive=False)
    async with Client(transport, mode="auto") as session:
        yield session


async def agent_and_contact(session, provider):
    contact = (await session.call_tool(
        "pathbound_create_contact", {"email": "ada@example.com"})).structured_content["contact"]["_id"]
    agent = (await session.call_tool("pathbound_create_agent", {
        "name": "Follow-up", "playbook_template": "cold_outreach", "identity_id": "id_default",
        "capabilities": ["email"], "llm_config": {"provider": provider}})).structured_content["agent"]["_id"]
    return {"id": agent, "contact_ids": [contact]}


async def test_a_run_is_followed_to_its_end_as_if_the_call_had_waited(session):
    done = await session.call_tool("pathbound_trigger_agent", await agent_and_contact(session, "rules"))
    assert done.structured_content["status"] == "completed"
    assert done.structured_content["run"]["status"] == "completed"


async def test_a_task_can_be_looked_at_and_its_result_fetched_twice(session):
    task = await call_tool_task(session, "pathbound_trigger_agent", await agent_and_contact(session, "rules"))
    assert task.create_result.status == "working" and task.create_result.poll_interval_ms > 0
    with anyio.fail_after(20):
        first = await task.result()
    assert first.structured_content["run"]["status"] == "completed"
    assert (await task.status()).status == "completed"
    await task.cancel()  # too late, and no error
    assert (await task.status()).status == "completed"


async def test_work_over_many_actions_is_a_task_too(session):
    contact = (await session.call_tool(
        "pathbound_create_contact", {"email": "ada@example.com"})).structured_content["contact"]["_id"]
    note = {"type": "create_note", "identity_id": "id_default", "direct": True,
            "params": {"contact_id": contact, "content": "Met at the fair."}}
    task = await call_tool_task(session, "pathbound_bulk_queue_actions", {"actions": [note]})
    with anyio.fail_after(20):
        done = await task.result()
    (result,) = done.structured_content["results"]
    assert result["status"] in ("completed", "running")  # the worker in the background may be faster than the task
    with anyio.fail_after(10):
        while True:
            notes = await session.call_tool("pathbound_list_contact_notes", {"contact_id": contact})
            if "Met at the fair." in str(notes.structured_content):
                break
            await anyio.sleep(0.05)


async def test_nobody_finds_a_task_that_there_is_not(session):
    task = await call_tool_task(session, "pathbound_process_actions", {})
    task.create_result.task_id = "tk_nobody"
    with pytest.raises(MCPError, match="no such task"):
        await task.status()
