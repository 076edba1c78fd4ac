"""Real work through FastMCP's client: a client of its own above the official SDK, with handlers for everything."""

import asyncio
import json

import pytest

pytest.importorskip("fastmcp", reason="FastMCP needs the SDK 2.x")

import anyio
import mcp_types
from fastmcp import Client
from fastmcp.client.elicitation import ElicitResult
from fastmcp.client.messages import MessageHandler
from fastmcp.client.transports import StdioTransport
from fastmcp.exceptions import ToolError

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["legacy", "auto"])
def era(request):
    return request.param


def client(program, workspace, era, **handlers):
    return Client(StdioTransport(program, workspace, keep_alive=False), mode=era, **handlers)


MAIL = {
    "type": "email_message", "identity_id": "id_default", "require_approval": True,
    "params": {"email": "ada@example.com", "subject": "Hello", "message": "A first word"}}


async def make_ada(session):
    made = await session.call_tool(
        "pathbound_create_contact",
        {"email": "ada@example.com", "properties": {"firstname": "Ada", "company": "Northwind"}})
    return made.structured_content["contact"]["_id"]


async def test_tools_resources_prompts_and_completion_work(program, workspace, era):
    async with client(program, workspace, era) as session:
        assert session.protocol_version == ("2025-11-25" if era == "legacy" else "2026-07-28")
        assert "pathbound_create_contact" in {tool.name for tool in await session.list_tools()}
        ada = await make_ada(session)
        found = await session.call_tool("pathbound_get_contact", {"contact_id": ada})
        # FastMCP makes a type of the output schema, and a value of it.
        assert found.data.contact["properties"]["firstname"] == "Ada"
        with pytest.raises(ToolError, match="NOT_FOUND"):
            await session.call_tool("pathbound_get_contact", {"contact_id": "ct_nobody"})

        assert "pathbound://actions/pending" in {str(one.uri) for one in await session.list_resources()}
        template = "pathbound://contacts/{contact_id}"
        assert template in {one.uri_template for one in await session.list_resource_templates()}
        (card,) = await session.read_resource(template.replace("{contact_id}", ada) + ".md")
        assert "Northwind" in card.text and card.mime_type == "text/markdown"

        assert "draft_follow_up" in {prompt.name for prompt in await session.list_prompts()}
        reference = mcp_types.PromptReference(type="ref/prompt", name="draft_follow_up")
        proposed = await session.complete(reference, {"name": "contact", "value": "ada"})
        assert proposed.values == ["ada@example.com"]
        prompt = await session.get_prompt("draft_follow_up", {"contact": "ada@example.com", "goal": "a call"})
        assert any("Northwind" in message.content.text for message in prompt.messages)


@pytest.mark.parametrize("action, status, words", [
    ("accept", "completed", None), ("decline", "pending_approval", "said no"),
    ("cancel", "pending_approval", "Nobody has decided")])
async def test_its_elicitation_handler_decides(program, workspace, era, action, status, words):
    shown = []

    async def person(message, response_type, params, context):
        shown.append(message)
        assert response_type is not None  # the form could be made a class of
        content = {"decision": "approve"} if action == "accept" else None
        return ElicitResult(action=action, content=content)

    async with client(program, workspace, era, elicitation_handler=person) as session:
        queued = (await session.call_tool("pathbound_queue_action", MAIL)).structured_content["action_id"]
        answer = await session.call_tool(
            "pathbound_approve_action", {"action_id": queued, "action": "approve"}, raise_on_error=False)
        assert answer.is_error == (words is not None)
        assert words is None or words in answer.content[0].text
        assert len(shown) == 1 and "A first word" in shown[0]
        with anyio.fail_after(10):
            while True:
                seen = await session.call_tool("pathbound_get_action", {"action_id": queued})
                if seen.structured_content["action"]["status"] == status:
                    break
                await anyio.sleep(0.05)


async def test_progress_and_the_log_reach_their_handlers(program, workspace, era):
    reports, logged = [], []

    async def progress(done, total, message):
        reports.append((done, total))

    async def log(message):
        logged.append(message.data)

    async with client(program, [*workspace, "--toolsets", "all"], era, log_handler=log) as session:
        meta = None
        if era == "legacy":
            await session.set_logging_level("info")
        else:
            meta = {"io.modelcontextprotocol/logLevel": "info"}
        ada = await make_ada(session)
        agent = (await session.call_tool("pathbound_create_agent", {
            "name": "Follow-up", "playbook_template": "cold_outreach", "identity_id": "id_default",
            "capabilities": ["email"], "llm_config": {"provider": "rules"}})).structured_content["agent"]["_id"]
        run = await session.call_tool(
            "pathbound_trigger_agent", {"id": agent, "contact_ids": [ada], "wait_seconds": 20},
            progress_handler=progress, meta=meta)
        assert run.structured_content["run"]["status"] == "completed"
        assert reports[-1] == (1, 1) and reports == sorted(set(reports))
        await session.call_tool(
            "pathbound_get_contact", {"contact_id": "ct_nobody"}, raise_on_error=False, meta=meta)
        assert any("NOT_FOUND" in str(one) for one in logged), logged


class Ear(MessageHandler):
    """Hears which resources have changed."""

    def __init__(self):
        self.heard = asyncio.Queue()

    async def on_resource_updated(self, message):
        await self.heard.put(str(message.params.uri))


async def test_its_message_handler_hears_of_a_watched_resource(program, workspace):
    ear = Ear()
    async with client(program, workspace, "legacy", message_handler=ear) as session:
        await session.session.subscribe_resource("pathbound://actions/pending")
        await session.call_tool("pathbound_queue_action", MAIL)
        with anyio.fail_after(10):
            assert await ear.heard.get() == "pathbound://actions/pending"


async def test_many_calls_at_once_each_get_their_own_answer(program, workspace, era):
    async with client(program, workspace, era) as session:
        async def make(number):
            email = f"p{number}@example.com"
            made = await session.call_tool("pathbound_create_contact", {"email": email})
            return made.structured_content["contact"]["properties"]["email"] == email

        assert all(await asyncio.gather(*(make(number) for number in range(40))))
        counted = await session.call_tool("pathbound_list_contacts", {"count_only": True})
        assert counted.structured_content["count"] == 40
