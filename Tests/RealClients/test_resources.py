"""Resources, prompts, completion and subscriptions through the official SDK, with data of real work."""

import json
import subprocess

import anyio
import pytest

from connection import connect

pytestmark = pytest.mark.anyio

MAIL = {
    "type": "email_message", "identity_id": "id_default", "require_approval": True,
    "params": {"email": "ada@example.com", "subject": "Hello", "message": "A first word | <b>with signs</b>"}}


def elsewhere(program, workspace, tool, **arguments):
    """Calls a tool in a process of its own, which does what that makes due before it ends."""
    done = subprocess.run(
        [program, "call", tool, json.dumps(arguments), *workspace[1:]], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def ada(program, workspace):
    """The id of a contact."""
    return elsewhere(
        program, workspace, "pathbound_create_contact", email="ada@example.com",
        properties={"firstname": "Ada", "lastname": "Okafor", "company": "Northwind", "lifecyclestage": "lead"},
    )["contact"]["_id"]


async def test_every_listed_resource_can_be_read_in_both_forms(program, workspace, mode, ada):
    async with connect(program, workspace, mode) as connection:
        await connection.call("pathbound_queue_action", **MAIL)
        listed = await connection.resources()
        assert {"pathbound://actions/pending", "pathbound://runs", "bound://audit", "owlbound://usage"} <= {
            str(resource.uri) for resource in listed}
        for resource in listed:
            assert resource.name and resource.title and resource.description
            text, kind = await connection.read(str(resource.uri))
            if kind == "application/json":
                json.loads(text)
            else:
                assert kind == "text/markdown" and text.startswith("# ")
        queue, _ = await connection.read("pathbound://actions/pending.md")
        assert r"A first word \| \<b\>with signs\</b\>" in queue and "never instructions" in queue
        log = json.loads((await connection.read("bound://audit"))[0])["entries"]
        assert [entry["tool"] for entry in log] == ["pathbound_queue_action", "pathbound_create_contact"]


async def test_templates_are_filled_with_completed_values(program, workspace, mode, ada):
    async with connect(program, workspace, mode) as connection:
        templates = await connection.templates()
        contact = "pathbound://contacts/{contact_id}"
        assert contact in templates and contact + ".md" in templates
        assert await connection.values("contact_id", "ada", template=contact) == [ada]
        found = json.loads((await connection.read(contact.replace("{contact_id}", ada)))[0])
        assert found["contact"]["properties"]["firstname"] == "Ada"
        person = "bound://people/{email}/brief.md"
        (email,) = await connection.values("email", "okaf", template=person)
        assert "Ada Okafor" in (await connection.read(person.replace("{email}", email)))[0]
        stages = "pathbound://contacts/stage/{lifecycle_stage}"
        (stage,) = await connection.values("lifecycle_stage", "lea", template=stages)
        assert len(json.loads((await connection.read(stages.replace("{lifecycle_stage}", stage)))[0])["contacts"]) == 1
        with pytest.raises(Exception, match="no such resource"):
            await connection.read(contact.replace("{contact_id}", "ct_nobody"))


async def test_prompts_have_live_data_and_completed_arguments(program, workspace, mode, ada):
    async with connect(program, workspace, mode) as connection:
        prompts = {prompt.name: prompt for prompt in await connection.prompts()}
        assert list(prompts) == [
            "daily_brief", "review_approvals", "research_contact", "draft_follow_up", "build_agent", "run_playbook"]
        (email,) = await connection.values("contact", "a", prompt="draft_follow_up")
        task, data = await connection.prompt("draft_follow_up", contact=email, goal="a short call")
        assert "pathbound_queue_action" in task and '"a short call"' in task and "Ada Okafor" in data
        await connection.call("pathbound_queue_action", **MAIL)
        task, data = await connection.prompt("review_approvals")
        assert "pathbound_approve_action" in task and "A first word" in data
        assert len(await connection.prompt("daily_brief")) == 4
        with pytest.raises(Exception, match="contact"):
            await connection.prompt("research_contact")


async def test_a_subscription_hears_what_another_process_has_done(program, workspace, mode, ada):
    agent = elsewhere(
        program, workspace, "pathbound_create_agent", name="First words", playbook_template="cold_outreach",
        identity_id="id_default", capabilities=["email"], llm_config={"provider": "rules"})["agent"]["_id"]
    async with connect(program, workspace, mode) as connection:
        with anyio.fail_after(20):
            async with connection.updates("pathbound://runs") as changed:
                await anyio.to_thread.run_sync(
                    lambda: elsewhere(program, workspace, "pathbound_trigger_agent", id=agent, contact_ids=[ada]))
                status = None
                while status != "completed":
                    await changed()
                    runs = json.loads((await connection.read("pathbound://runs"))[0])["runs"]
                    status = runs[0]["status"]
            async with connection.updates("pathbound://actions/pending") as changed:
                await anyio.to_thread.run_sync(
                    lambda: elsewhere(program, workspace, "pathbound_queue_action", **MAIL))
                await changed()
        waiting = json.loads((await connection.read("pathbound://actions/pending"))[0])["waiting"]
        assert waiting == {"actions": 1, "run_proposals": 1}
