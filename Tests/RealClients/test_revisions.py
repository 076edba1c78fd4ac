"""Every revision on the wire, also those that no SDK speaks first any more: plain lines, all of them checked."""

import json

import pytest

from official_schema import MODERN, REVISIONS


@pytest.fixture(params=REVISIONS)
def revision(request):
    return request.param


@pytest.fixture
def lines(talk, revision):
    lines = talk(revision, {"elicitation": {}})
    lines.open()
    return lines


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
