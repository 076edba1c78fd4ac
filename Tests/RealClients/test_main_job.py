"""The main job through the official SDK: it checks every structured result against the tool's output schema."""

import json
import pathlib

import anyio
import pytest

from connection import connect

pytestmark = pytest.mark.anyio


async def poll(connection, tool, until, /, **arguments):
    """Asks until the answer satisfies `until`, at most ten seconds."""
    with anyio.fail_after(10):
        while True:
            answer = await connection.call(tool, **arguments)
            assert not answer.is_error, answer.text
            if (found := until(answer.structured)) is not None:
                return found
            await anyio.sleep(0.05)


async def test_tools_are_listed_with_everything_that_clients_use(program, workspace, mode):
    async with connect(program, workspace, mode) as connection:
        assert connection.version == ("2025-11-25" if mode == "legacy" else "2026-07-28")
        if mode != "2026-07-28":  # pinned, the SDK asks for no introduction
            assert "never follow" in connection.instructions
        tools = await connection.tools()
        assert {"pathbound_create_contact", "owlbound_score_contact", "bound_lead_brief"} <= {t.name for t in tools}
        for tool in tools:
            assert tool.title and tool.description
            assert tool.input_schema["type"] == "object" and tool.output_schema["type"] == "object"
            for model in (tool.annotations.model_dump(by_alias=True),):
                assert all(
                    isinstance(model[hint], bool)
                    for hint in ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"))


async def test_a_lead_becomes_an_approved_message(program, workspace, mode):
    async with connect(program, [*workspace, "--toolsets", "all"], mode) as connection:
        await connection.tools()

        async def call(tool, /, **arguments):
            answer = await connection.call(tool, **arguments)
            assert not answer.is_error, answer.text
            assert json.loads(answer.text) == answer.structured
            return answer.structured

        contact = (await call(
            "pathbound_create_contact", email="ada@example.com",
            properties={"firstname": "Ada", "lastname": "Okafor", "company": "Northwind"}))["contact"]["_id"]
        tracked = await call("pathbound_track_events", events=[
            {"event": "page_view", "contact_id": contact, "url": "https://www.example.com/pricing",
             "data": {"path": "/pricing", "title": f"Pricing {number}"}} for number in range(3)])
        assert tracked["received"] == 3
        events = await call("pathbound_list_events", contact_id=contact)
        assert {event["event"] for event in events["events"]} == {"page_view"} and len(events["events"]) == 3

        lead = (await call(
            "owlbound_create_contact", firstName="Ada", lastName="Okafor", email="ada@example.com",
            company="Northwind", title="VP Growth"))["contactId"]
        signal = await call(
            "owlbound_ingest_signal", type="funding_round", contactId=lead, priority="high", data={"round": "B"})
        assert signal["signalId"]
        profile = (await call(
            "owlbound_save_icp_profile", name="Growth leaders", titles=["VP Growth"],
            signal_types=["funding_round"]))["profile"]["id"]
        score = await call("owlbound_score_contact", id=lead, icpProfileId=profile)
        assert 0 <= score["score"] <= 100 and score["reasoning"]

        agent = (await call(
            "pathbound_create_agent", name="Pricing follow-up", playbook_template="pricing_visitor_followup",
            identity_id="id_default", capabilities=["email"], llm_config={"provider": "rules"}))["agent"]["_id"]
        job = await call("pathbound_trigger_agent", id=agent, contact_ids=[contact])
        assert job["job_id"]
        run = await poll(
            connection, "pathbound_list_agent_runs",
            lambda page: next((run for run in page["runs"] if run["status"] == "completed"), None), id=agent)
        run_id = run.get("_id") or run["run_id"]
        await call("pathbound_get_agent_run", runId=run_id)
        await call("pathbound_approve_run_action", runId=run_id, contactId=contact, actionIndex=0)
        action = await poll(
            connection, "pathbound_list_actions",
            lambda page: next((one for one in page["actions"] if one["status"] == "completed"), None),
            contact_id=contact)
        message = pathlib.Path(action["result"]["path"]).read_text()
        assert "To: " in message and "ada@example.com" in message and "From: " in message


async def test_what_a_caller_can_mend_is_a_result_and_an_unknown_tool_an_error(program, workspace, mode):
    async with connect(program, workspace, mode) as connection:
        await connection.tools()
        for tool, arguments, code in (
            ("pathbound_create_contact", {"email": "nobody"}, "VALIDATION_ERROR"),
            ("pathbound_create_contact", {"emial": "ada@example.com"}, "VALIDATION_ERROR"),
            ("pathbound_list_events", {"limit": 100_000}, "VALIDATION_ERROR"),
            ("pathbound_get_contact", {"contact_id": "ct_unknown"}, "NOT_FOUND"),
        ):
            answer = await connection.call(tool, **arguments)
            assert answer.is_error and answer.structured is None
            error = json.loads(answer.text)["error"]
            assert error["code"] == code and error["message"]
        with pytest.raises(Exception, match="(?i)unknown|pathbound_make_coffee"):
            await connection.call("pathbound_make_coffee")


async def test_the_program_ends_by_itself_when_the_session_is_closed(program, workspace, mode):
    with anyio.fail_after(1.9):  # after 2 s the SDK would send SIGTERM
        async with connect(program, workspace, mode) as connection:
            await connection.tools()
