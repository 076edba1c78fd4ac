"""Every revision on the wire, also those that no SDK speaks first any more: plain lines, all of them checked."""

import json
import subprocess

import pytest

from official_schema import MODERN, PREFIX, REVISIONS

ELICITING = {"elicitation": {}}


class Lines:
    """A client without an SDK."""

    def __init__(self, child, revision):
        self._child, self._revision, self._last, self.unasked = child, revision, 0, []

    def send(self, message):
        self._child.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._child.stdin.flush()

    def ask(self, method, answer=None, **params):
        """The result or the error; a form that comes meanwhile is answered with `answer`."""
        self._last += 1
        number = self._last
        if self._revision == MODERN:
            params["_meta"] = {
                PREFIX + "protocolVersion": MODERN, PREFIX + "clientInfo": {"name": "lines", "version": "1"},
                PREFIX + "clientCapabilities": ELICITING, **params.get("_meta", {})}
        self.send({"id": number, "method": method, "params": params})
        while True:
            message = json.loads(self._child.stdout.readline())
            if message.get("method") == "elicitation/create":
                self.send({"id": message["id"], "result": answer})
            elif "method" in message:
                self.unasked.append(message["method"])
            else:
                assert message["id"] == number
                return message["result"] if "result" in message else message["error"]

    def call(self, tool, answer=None, **arguments):
        return self.ask("tools/call", answer, name=tool, arguments=arguments)


@pytest.fixture(params=REVISIONS)
def revision(request):
    return request.param


@pytest.fixture
def lines(program, workspace, revision):
    child = subprocess.Popen([program, *workspace], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    lines = Lines(child, revision)
    if revision == MODERN:
        started = lines.ask("server/discover")
        assert revision in started["supportedVersions"]
    else:
        started = lines.ask(
            "initialize", protocolVersion=revision, capabilities=ELICITING,
            clientInfo={"name": "lines", "version": "1"})
        assert started["protocolVersion"] == revision
        lines.send({"method": "notifications/initialized"})
    yield lines
    child.stdin.close()
    assert child.wait(5) == 0


def test_every_method_answers_in_the_words_of_the_revision(lines, revision):
    tools = lines.ask("tools/list")["tools"]
    assert all(("outputSchema" in tool) == (revision >= "2025-06-18") for tool in tools)
    made = lines.call("pathbound_create_contact", email="ada@example.com")
    assert ("structuredContent" in made) == (revision >= "2025-06-18")
    contact = json.loads(made["content"][0]["text"])["contact"]["_id"]
    assert lines.call("pathbound_get_contact", contact_id="ct_nobody")["isError"]
    assert lines.call("pathbound_make_coffee")["code"] == -32602
    assert lines.ask("resources/list")["resources"]
    assert lines.ask("resources/templates/list")["resourceTemplates"]
    (card,) = lines.ask("resources/read", uri=f"pathbound://contacts/{contact}.md")["contents"]
    assert "ada@example.com" in card["text"]
    missing = lines.ask("resources/read", uri="pathbound://contacts/ct_nobody")
    assert missing["code"] == (-32602 if revision == MODERN else -32002)
    assert lines.ask("prompts/list")["prompts"]
    assert lines.ask("prompts/get", name="research_contact", arguments={"contact": "ada@example.com"})["messages"]
    completed = lines.ask(
        "completion/complete", ref={"type": "ref/prompt", "name": "research_contact"},
        argument={"name": "contact", "value": "ada"})
    assert completed["completion"]["values"] == ["ada@example.com"]
    if revision != MODERN:
        assert lines.ask("ping") == {} and lines.ask("logging/setLevel", level="info") == {}
        assert lines.ask("resources/subscribe", uri="pathbound://actions/pending") == {}
        assert lines.ask("resources/unsubscribe", uri="pathbound://actions/pending") == {}


def test_a_person_is_asked_where_the_revision_has_forms(lines, revision):
    queued = json.loads(lines.call(
        "pathbound_queue_action", type="email_message", identity_id="id_default", require_approval=True,
        params={"email": "ada@example.com", "subject": "Hello", "message": "A first word"})["content"][0]["text"])
    yes = {"action": "accept", "content": {"decision": "approve"}}
    question = {"action_id": queued["action_id"], "action": "approve"}
    done = lines.call("pathbound_approve_action", yes, **question)
    if revision == MODERN:
        (key,) = done["inputRequests"]
        assert done["resultType"] == "input_required" and done["inputRequests"][key]["method"] == "elicitation/create"
        done = lines.ask(
            "tools/call", name="pathbound_approve_action", arguments=question, inputResponses={key: yes},
            requestState=done["requestState"])
    assert not done.get("isError"), done
