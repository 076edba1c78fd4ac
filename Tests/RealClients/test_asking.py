"""A person is asked before anything is sent: through the official SDK's elicitation callback, in both eras."""

import json

import anyio
import pytest
from mcp import types

from connection import connect

pytestmark = pytest.mark.anyio


class Person:
    """Answers every form in the same way, and remembers what was shown."""

    def __init__(self, action, content=None):
        self.action, self.content, self.shown = action, content, []

    async def __call__(self, context, params):
        self.shown.append(params.message)
        return types.ElicitResult(action=self.action, content=self.content)


async def queue_mail(connection):
    contact = (await connection.call(
        "pathbound_create_contact", email="ada@example.com",
        properties={"firstname": "Ada", "lastname": "Okafor"})).structured["contact"]["_id"]
    queued = await connection.call(
        "pathbound_queue_action", type="email_message", identity_id="id_default", require_approval=True,
        description="She looked at the prices.",
        params={"contact_id": contact, "subject": "Hello", "message": "Hello Ada"})
    return queued.structured["action_id"]


async def status(connection, action):
    return (await connection.call("pathbound_get_action", action_id=action)).structured["action"]["status"]


async def test_a_yes_approves_what_was_shown(program, workspace, mode):
    person = Person("accept", {"decision": "approve", "comment": "Fine by me"})
    async with connect(program, workspace, mode, elicitation=person) as connection:
        await connection.tools()
        action = await queue_mail(connection)
        answer = await connection.call("pathbound_approve_action", action_id=action, action="approve")
        assert not answer.is_error, answer.text
        [shown] = person.shown
        for part in ("Ada Okafor <ada@example.com>", "subject: Hello", "She looked at the prices.", "from: "):
            assert part in shown
        with anyio.fail_after(10):
            while await status(connection, action) != "completed":
                await anyio.sleep(0.05)


@pytest.mark.parametrize("person, reason", [
    (Person("decline"), "said no"),
    (Person("cancel"), "Nobody has decided"),
    (Person("accept", {"decision": "leave"}), "said no"),
    (Person("accept", {"decision": "perhaps"}), "could not be understood"),
], ids=["decline", "cancel", "leave", "nonsense"])
async def test_anything_but_a_yes_decides_nothing(program, workspace, mode, person, reason):
    async with connect(program, workspace, mode, elicitation=person) as connection:
        await connection.tools()
        action = await queue_mail(connection)
        answer = await connection.call("pathbound_approve_action", action_id=action, action="approve")
        assert answer.is_error
        message = json.loads(answer.text)["error"]["message"]
        assert reason in message and "Nothing was decided, nothing was sent" in message
        assert await status(connection, action) == "pending_approval"


async def test_without_a_person_the_owner_may_have_forbidden_it(program, workspace, mode):
    async with connect(program, [*workspace, "--approvals", "human"], mode) as connection:
        await connection.tools()
        action = await queue_mail(connection)
        answer = await connection.call("pathbound_approve_action", action_id=action, action="approve")
        assert answer.is_error and "can't ask one" in answer.text
        assert await status(connection, action) == "pending_approval"
