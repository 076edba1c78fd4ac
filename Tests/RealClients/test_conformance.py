"""The scenarios of the official conformance suite that apply to the program, each under its name and at its revision.

What a scenario asserts is asserted here of the program's own tools, over standard streams; that every message is as the
schema says, which the suite checks of all scenarios, the tap does. `APART` has the scenarios that don't apply, and why.

Of the scenarios for clients, initialize, tools_call and request-metadata are tests of the client in mcp_tool_call
(Tests/OutreachTests); the others are about HTTP and authorization, or about answering questions, which it refuses.
"""

import itertools
import json
import time

import pytest

from official_schema import MODERN, NEWEST_LEGACY, PREFIX

TASKS = {"extensions": {PREFIX + "tasks": {}}}
FORMS = {"elicitation": {}}
HTTP = "is about HTTP"
CONTENT = "no tool or prompt gives such content; Tests/MCPTests (R-12, R-15) show how the server would write it"
MODEL = "the server never asks for the client's model or folders; both are deprecated"

APART = {
    "tools-call-image": CONTENT, "tools-call-audio": CONTENT, "tools-call-embedded-resource": CONTENT,
    "tools-call-mixed-content": CONTENT, "prompts-get-embedded-resource": CONTENT, "prompts-get-with-image": CONTENT,
    "resources-read-binary": CONTENT, "tools-call-sampling": MODEL, "input-required-result-basic-sampling": MODEL,
    "input-required-result-basic-list-roots": MODEL,
    "elicitation-sep1034-defaults": "a decision has no default",
    "input-required-result-multiple-input-requests": "one form has all that a person is asked",
    "input-required-result-non-tool-request": "prompts and resources ask nobody",
    "tasks-mrtr-input": "what is to be decided is asked before there is a task",
    "tasks-required-task-error": "whoever knows no tasks gets every result at once",
    "tasks-status-notifications": "optional; the acknowledgement leaves tasks out",
    "json-schema-2020-12": "needs a tool whose schema has every keyword; ours keep to what all clients know",
    **dict.fromkeys((
        "server-sse-multiple-streams", "dns-rebinding-protection", "server-session-lifecycle", "server-sse-polling",
        "tasks-request-headers", "http-header-validation", "http-custom-header-server-validation"), HTTP),
}

# The suite's lists for servers, 2025-11-25 and 2026-07-28, scored and not.
LISTED = {NEWEST_LEGACY: """
    server-initialize logging-set-level ping completion-complete tools-list tools-call-simple-text tools-call-image
    tools-call-audio tools-call-embedded-resource tools-call-mixed-content tools-call-with-logging tools-call-error
    tools-call-with-progress tools-call-sampling tools-call-elicitation elicitation-sep1034-defaults
    server-sse-multiple-streams elicitation-sep1330-enums resources-list resources-read-text resources-read-binary
    resources-templates-read resources-subscribe resources-unsubscribe prompts-list prompts-get-simple
    prompts-get-with-args prompts-get-embedded-resource prompts-get-with-image dns-rebinding-protection
    server-session-lifecycle json-schema-2020-12 server-sse-polling""".split(), MODERN: """
    server-stateless completion-complete tools-list tools-call-simple-text tools-call-image tools-call-audio
    tools-call-embedded-resource tools-call-mixed-content tools-call-error tools-call-with-progress
    server-sse-multiple-streams resources-list resources-read-text resources-read-binary resources-templates-read
    sep-2164-resource-not-found prompts-list prompts-get-simple prompts-get-with-args prompts-get-embedded-resource
    prompts-get-with-image dns-rebinding-protection caching input-required-result-basic-elicitation
    input-required-result-basic-sampling input-required-result-basic-list-roots input-required-result-request-state
    input-required-result-multiple-input-requests input-required-result-multi-round
    input-required-result-missing-input-response input-required-result-non-tool-request
    input-required-result-result-type input-required-result-unsupported-methods input-required-result-tampered-state
    input-required-result-capability-check input-required-result-ignore-extra-params
    input-required-result-validate-input tasks-lifecycle tasks-capability-negotiation tasks-wire-fields
    tasks-request-state-removal tasks-mrtr-input tasks-request-headers tasks-dispatch-and-envelope
    tasks-status-notifications tasks-required-task-error tasks-mrtr-composition json-schema-2020-12
    http-header-validation http-custom-header-server-validation""".split()}

SCENARIOS = {}


# What these send is wrong on purpose.
WRONG = {"server-stateless", "input-required-result-validate-input", "tasks-dispatch-and-envelope"}


def scenario(name, **capabilities):
    """Registers what a scenario asserts; it gets a client that has been greeted, and the greeting."""

    def register(body):
        SCENARIOS[name] = body, capabilities
        return body

    return register


@pytest.mark.parametrize("name, revision", [
    pytest.param(name, revision, marks=[pytest.mark.wrong_client] if name in WRONG else [], id=f"{name}-{revision}")
    for revision in LISTED for name in LISTED[revision] if name not in APART])
def test_scenario(talk, name, revision):
    body, capabilities = SCENARIOS[name]
    lines = talk(revision, capabilities, "--toolsets", "all")
    body(lines, lines.open())


def test_every_scenario_is_shown_or_apart():
    listed = {name for names in LISTED.values() for name in names}
    assert listed == set(SCENARIOS) | set(APART) and not set(SCENARIOS) & set(APART)


# The handshake, and requests that stand by themselves.

@scenario("server-initialize")
def _(lines, started):
    assert started["serverInfo"]["name"] and started["serverInfo"]["version"]
    assert {"tools", "resources", "prompts"} <= set(started["capabilities"])


@scenario("ping")
def _(lines, started):
    assert lines.ask("ping") == {}


@scenario("logging-set-level")
def _(lines, started):
    assert all(lines.ask("logging/setLevel", level=level) == {} for level in ("debug", "info", "emergency"))


@scenario("server-stateless")
def _(lines, started):
    assert started["_meta"][PREFIX + "serverInfo"]["version"]
    version, capabilities = PREFIX + "protocolVersion", PREFIX + "clientCapabilities"
    for meta in ({}, {capabilities: {}}, {version: MODERN}):
        assert lines.ask("server/discover", envelope=False, meta=meta)["code"] == -32602
    without_name = lines.ask("server/discover", envelope=False, meta={version: MODERN, capabilities: {}})
    assert without_name["supportedVersions"] == started["supportedVersions"]
    unknown = lines.ask("server/discover", meta={version: "v999.0.0"})
    assert unknown["code"] == -32022 and unknown["data"]["requested"] == "v999.0.0"
    assert unknown["data"]["supported"] and set(unknown["data"]["supported"]) <= set(started["supportedVersions"])
    for method, member in (("tools/list", "tools"), ("prompts/list", "prompts"), ("resources/list", "resources")):
        assert member in started["capabilities"] and isinstance(lines.ask(method)[member], list)
    for method in (
        "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "unknown/method"):
        assert lines.ask(method)["code"] == -32601
    undeclared = lines.ask("tasks/get", taskId="tk_any")
    assert undeclared["code"] == -32021 and undeclared["data"]["requiredCapabilities"] == TASKS
    # MR-02: neither requests nor notices that nobody wanted, only the answer to what was asked.
    lines.capabilities = FORMS
    assert lines.call("pathbound_approve_action", **queue(lines))["resultType"] == "input_required"
    assert lines.asked == [] and lines.unasked == []

    stream = lines.begin(
        "subscriptions/listen",
        notifications={"resourceSubscriptions": ["pathbound://actions/pending"], "promptsListChanged": True})
    first = lines.receive()
    assert first["method"] == "notifications/subscriptions/acknowledged"
    assert first["params"]["notifications"] == {"resourceSubscriptions": ["pathbound://actions/pending"]}
    queue(lines)
    while not lines.unasked:
        lines.unasked.append(lines.receive())
    for message in (first, *lines.unasked):
        assert message["params"]["_meta"][PREFIX + "subscriptionId"] == stream
    assert {message["params"]["uri"] for message in lines.unasked} == {"pathbound://actions/pending"}
    lines.send({"method": "notifications/cancelled", "params": {"requestId": stream}})


@scenario("caching")
def _(lines, started):
    answers = [started, *(
        lines.ask(method) for method in ("tools/list", "prompts/list", "resources/list", "resources/templates/list"))]
    answers.append(lines.ask("resources/read", uri=answers[3]["resources"][0]["uri"]))
    for answer in answers:
        assert type(answer["ttlMs"]) is int and answer["ttlMs"] >= 0 and answer["cacheScope"] in ("public", "private")


# Tools.

def contact(lines):
    return lines.made("pathbound_create_contact", email="ada@example.com")["contact"]["_id"]


@scenario("tools-list")
def _(lines, started):
    tools = lines.ask("tools/list")["tools"]
    assert tools and all(tool["name"] and tool["description"] and tool["inputSchema"] for tool in tools)
    assert all(len(tool["name"]) <= 128 and tool["name"].replace("_", "").isalnum() for tool in tools)


@scenario("tools-call-simple-text")
def _(lines, started):
    (block,) = lines.call("pathbound_list_contacts")["content"]
    assert block["type"] == "text" and block["text"]


@scenario("tools-call-error")
def _(lines, started):
    failed = lines.call("pathbound_get_contact", contact_id="ct_nobody")
    assert failed["isError"] is True and failed["content"][0]["text"]


def run_of_three(lines, meta=None):
    """A run over three people whose call waits for its end."""
    people = [
        lines.made("pathbound_create_contact", email=f"p{number}@example.com")["contact"]["_id"] for number in range(3)]
    agent = lines.made(
        "pathbound_create_agent", name="Follow-up", playbook_template="cold_outreach", identity_id="id_default",
        capabilities=["email"], llm_config={"provider": "rules"})["agent"]["_id"]
    return lines.call("pathbound_trigger_agent", meta=meta, id=agent, contact_ids=people, wait_seconds=20)


@scenario("tools-call-with-progress")
def _(lines, started):
    assert not run_of_three(lines, {"progressToken": "token"}).get("isError")
    reports = [message["params"] for message in lines.unasked if message["method"] == "notifications/progress"]
    values = [report["progress"] for report in reports]
    assert len(values) >= 2 and values == sorted(set(values)) and values[-1] == 3
    assert {report["progressToken"] for report in reports} == {"token"}


@scenario("tools-call-with-logging")
def _(lines, started):
    lines.ask("logging/setLevel", level="info")
    assert not run_of_three(lines).get("isError")
    lines.call("pathbound_get_contact", contact_id="ct_nobody")
    messages = [message["params"] for message in lines.unasked if message["method"] == "notifications/message"]
    assert messages and all(message["data"] and message["level"] in ("info", "warning") for message in messages)


# Resources.

@scenario("resources-list")
def _(lines, started):
    assert all(one["uri"] and one["name"] for one in lines.ask("resources/list")["resources"])


@scenario("resources-read-text")
def _(lines, started):
    (part,) = lines.ask("resources/read", uri="bound://guides/playbook")["contents"]
    assert part["uri"] == "bound://guides/playbook" and part["mimeType"] and part["text"]


@scenario("resources-templates-read")
def _(lines, started):
    ada = contact(lines)
    template = next(
        one["uriTemplate"] for one in lines.ask("resources/templates/list")["resourceTemplates"]
        if one["uriTemplate"] == "pathbound://contacts/{contact_id}")
    uri = template.replace("{contact_id}", ada)
    (part,) = lines.ask("resources/read", uri=uri)["contents"]
    assert part["uri"] == uri and ada in part["text"]


@scenario("sep-2164-resource-not-found")
def _(lines, started):
    uri = "pathbound://contacts/ct_nobody"
    missing = lines.ask("resources/read", uri=uri)
    assert missing["code"] == -32602 and missing["data"]["uri"] == uri


@scenario("resources-subscribe")
def _(lines, started):
    assert started["capabilities"]["resources"]["subscribe"] is True
    assert lines.ask("resources/subscribe", uri="pathbound://actions/pending") == {}
    queue(lines)
    while not lines.unasked:
        lines.unasked.append(lines.receive())
    assert lines.unasked[0]["method"] == "notifications/resources/updated"


@scenario("resources-unsubscribe")
def _(lines, started):
    uri = "pathbound://actions/pending"
    assert lines.ask("resources/subscribe", uri=uri) == {} and lines.ask("resources/unsubscribe", uri=uri) == {}


# Prompts and completion.

@scenario("prompts-list")
def _(lines, started):
    assert all(prompt["name"] and prompt["description"] for prompt in lines.ask("prompts/list")["prompts"])


@scenario("prompts-get-simple")
def _(lines, started):
    messages = lines.ask("prompts/get", name="daily_brief")["messages"]
    assert messages and all(message["role"] and message["content"]["text"] for message in messages)


@scenario("prompts-get-with-args")
def _(lines, started):
    contact(lines)
    messages = lines.ask(
        "prompts/get", name="draft_follow_up", arguments={"contact": "ada@example.com", "goal": "a short call"})
    text = json.dumps(messages)
    assert "ada@example.com" in text and "a short call" in text


@scenario("completion-complete")
def _(lines, started):
    contact(lines)
    completion = lines.ask(
        "completion/complete", ref={"type": "ref/prompt", "name": "research_contact"},
        argument={"name": "contact", "value": "ad"})["completion"]
    assert completion["values"] == ["ada@example.com"]


# Questions to a person.

NUMBERS = itertools.count()
YES = {"action": "accept", "content": {"decision": "approve"}}


def queue(lines):
    """The arguments that approve a new message which waits for approval."""
    queued = lines.made(
        "pathbound_queue_action", type="email_message", identity_id="id_default", require_approval=True,
        params={"email": "ada@example.com", "subject": "Hello", "message": f"Word {next(NUMBERS)}"})
    return {"action_id": queued["action_id"], "action": "approve"}


def status(lines, question):
    return lines.made("pathbound_get_action", action_id=question["action_id"])["action"]["status"]


def answered(lines, question, state=None, tool="pathbound_approve_action", **responses):
    """The same call again, with answers."""
    more = {} if state is None else {"requestState": state}
    return lines.ask("tools/call", name=tool, arguments=question, inputResponses=responses, **more)


@scenario("tools-call-elicitation", **FORMS)
def _(lines, started):
    question = queue(lines)
    done = lines.call("pathbound_approve_action", YES, **question)
    (form,) = [message["params"] for message in lines.asked]
    assert form["message"] and form["requestedSchema"]["properties"] and done["content"]
    assert not done.get("isError")


@scenario("elicitation-sep1330-enums", **FORMS)
def _(lines, started):
    lines.call("pathbound_approve_action", {"action": "decline"}, **queue(lines))
    choice = lines.asked[0]["params"]["requestedSchema"]["properties"]["decision"]
    assert choice["type"] == "string" and choice["enum"] and len(choice["enumNames"]) == len(choice["enum"])


@scenario("input-required-result-basic-elicitation", **FORMS)
def _(lines, started):
    question = queue(lines)
    first = lines.call("pathbound_approve_action", **question)
    (key,) = first["inputRequests"]
    request = first["inputRequests"][key]
    assert request["method"] == "elicitation/create" and request["params"]["requestedSchema"]["type"] == "object"
    assert "content" not in first and status(lines, question) == "pending_approval"
    done = answered(lines, question, first["requestState"], **{key: YES})
    assert done["resultType"] == "complete" and done["content"] and not done.get("isError")


@scenario("input-required-result-request-state", **FORMS)
def _(lines, started):
    question = queue(lines)
    state = lines.call("pathbound_approve_action", **question)["requestState"]
    assert isinstance(state, str) and state
    assert not answered(lines, question, state, decision=YES).get("isError")
    assert answered(lines, question, state, decision=YES)["code"] == -32602  # once only


@scenario("input-required-result-multi-round", **FORMS)
def _(lines, started):
    question = queue(lines)
    first = lines.call("pathbound_approve_action", **question)
    second = answered(
        lines, question, first["requestState"], decision={"action": "accept", "content": {"decision": "perhaps"}})
    assert second["resultType"] == "input_required" and second["requestState"] != first["requestState"]
    assert answered(lines, question, second["requestState"], decision=YES)["resultType"] == "complete"
    assert status(lines, question) != "pending_approval"


@scenario("input-required-result-missing-input-response", **FORMS)
def _(lines, started):
    question = queue(lines)
    again = answered(lines, question, wrong_key=YES)
    assert again["resultType"] == "input_required"
    again = answered(lines, question, again["requestState"], wrong_key=YES)
    assert again["resultType"] == "input_required" and status(lines, question) == "pending_approval"


@scenario("input-required-result-result-type", **FORMS)
def _(lines, started):
    assert lines.call("pathbound_approve_action", **queue(lines))["resultType"] == "input_required"


@scenario("input-required-result-unsupported-methods", **FORMS)
def _(lines, started):
    for method in ("tools/list", "prompts/list", "resources/list", "server/discover"):
        assert lines.ask(method)["resultType"] == "complete"


@scenario("input-required-result-tampered-state", **FORMS)
def _(lines, started):
    question = queue(lines)
    state = lines.call("pathbound_approve_action", **question)["requestState"]
    assert answered(lines, question, state + "-TAMPERED", decision=YES)["code"] == -32602
    other = queue(lines)
    assert answered(lines, other, state, decision=YES)["code"] == -32602  # another call's
    assert status(lines, question) == status(lines, other) == "pending_approval"


@scenario("input-required-result-capability-check", sampling={})
def _(lines, started):
    # Nobody can be asked, so nobody is; what then decides is `--approvals`.
    result = lines.call("pathbound_approve_action", **queue(lines))
    assert result["resultType"] == "complete" and "inputRequests" not in result
    lines.capabilities = {"elicitation": {"url": {}}}
    assert lines.call("pathbound_approve_action", **queue(lines))["resultType"] == "complete"


@scenario("input-required-result-ignore-extra-params", **FORMS)
def _(lines, started):
    question = queue(lines)
    state = lines.call("pathbound_approve_action", **question)["requestState"]
    extra = {"action": "accept", "content": {"foo": "bar"}}
    done = answered(lines, question, state, decision=YES, unknown_extra_key=extra, another_unexpected=extra)
    assert done["resultType"] == "complete" and not done.get("isError")


@scenario("input-required-result-validate-input", **FORMS)
def _(lines, started):
    question = queue(lines)
    state = lines.call("pathbound_approve_action", **question)["requestState"]
    for responses in ({"decision": 12345}, None, [], "yes"):
        bad = lines.ask(
            "tools/call", name="pathbound_approve_action", arguments=question, inputResponses=responses,
            requestState=state)
        assert bad.get("resultType") != "complete" and status(lines, question) == "pending_approval"


# Tasks.

def trigger(lines):
    """The arguments of a call that becomes a task."""
    agent = lines.made(
        "pathbound_create_agent", name="Follow-up", playbook_template="cold_outreach", identity_id="id_default",
        capabilities=["email"], llm_config={"provider": "rules"})["agent"]["_id"]
    return {"id": agent, "contact_ids": [contact(lines)]}


def ended(lines, task):
    limit = time.monotonic() + 20
    while (seen := lines.ask("tasks/get", taskId=task))["status"] == "working":
        assert time.monotonic() < limit, seen
    return seen


@scenario("tasks-lifecycle", **TASKS)
def _(lines, started):
    assert "taskId" not in lines.call("pathbound_list_contacts")
    created = lines.call("pathbound_trigger_agent", **trigger(lines))
    assert created["resultType"] == "task" and created["status"]
    assert not {"task", "result", "error", "inputRequests", "requestState"} & set(created)
    assert lines.ask("tasks/get", taskId=created["taskId"])["taskId"] == created["taskId"]
    done = ended(lines, created["taskId"])
    assert done["status"] == "completed" and done["result"]["content"]
    for _ in range(2):
        acknowledged = lines.ask("tasks/cancel", taskId=created["taskId"])
        assert set(acknowledged) <= {"resultType", "_meta"} and acknowledged["resultType"] == "complete"
    assert lines.ask("tasks/get", taskId=created["taskId"])["status"] == "completed"


@scenario("tasks-capability-negotiation")
def _(lines, started):
    assert started["capabilities"]["extensions"] == TASKS["extensions"] and "tasks" not in started["capabilities"]
    for method in ("tasks/get", "tasks/update", "tasks/cancel"):
        assert lines.ask(method, taskId="tk_any", inputResponses={})["code"] == -32021
    arguments = trigger(lines)
    plain = lines.call("pathbound_trigger_agent", **arguments)
    assert plain["resultType"] == "complete" and plain["content"] and not {"taskId", "task"} & set(plain)
    arguments["contact_ids"] = [lines.made("pathbound_create_contact", email="bo@example.com")["contact"]["_id"]]
    own = lines.call("pathbound_trigger_agent", meta={PREFIX + "clientCapabilities": TASKS}, **arguments)
    assert own["resultType"] == "task" and own["taskId"] and "task" not in own


@scenario("tasks-wire-fields", **TASKS)
def _(lines, started):
    created = lines.call("pathbound_trigger_agent", **trigger(lines))
    assert type(created["ttlMs"]) is int and created["ttlMs"] > 0 and "ttl" not in created
    assert type(created["pollIntervalMs"]) is int and created["pollIntervalMs"] > 0 and "pollInterval" not in created
    done = ended(lines, created["taskId"])
    assert PREFIX + "related-task" not in done["result"].get("_meta", {})


@scenario("tasks-request-state-removal", **TASKS)
def _(lines, started):
    created = lines.call("pathbound_trigger_agent", **trigger(lines))
    assert "requestState" not in created and "requestState" not in ended(lines, created["taskId"])


@scenario("tasks-dispatch-and-envelope", **TASKS)
def _(lines, started):
    assert lines.ask("tasks/result", taskId="tk_any")["code"] == lines.ask("tasks/list")["code"] == -32601
    old = lines.ask("tools/call", name="pathbound_list_contacts", arguments={}, task={"ttl": 60000})
    assert old["resultType"] == "complete" and old["content"] and "taskId" not in old
    created = lines.call("pathbound_trigger_agent", **trigger(lines))  # nobody has hinted at a task
    assert created["taskId"] == lines.ask("tasks/get", taskId=created["taskId"])["taskId"]
    updated = lines.ask("tasks/update", taskId=created["taskId"], inputResponses={})
    assert lines.ask("tasks/cancel", taskId=created["taskId"])["resultType"] == updated["resultType"] == "complete"
    assert lines.ask("tasks/get", taskId="tk_unknown")["code"] == -32602


@scenario("tasks-mrtr-composition", **FORMS, **TASKS)
def _(lines, started):  # TK-11
    mail = {"type": "email_message", "identity_id": "id_default", "direct": True,
            "params": {"email": "ada@example.com", "subject": "Hello", "message": "A first word"}}
    many = {"actions": [mail]}
    first = lines.call("pathbound_bulk_queue_actions", **many)
    assert first["resultType"] == "input_required" and "taskId" not in first
    (key,) = first["inputRequests"]
    created = answered(lines, many, first["requestState"], "pathbound_bulk_queue_actions", **{key: YES})
    assert created["resultType"] == "task" and not {"requestState", "inputRequests"} & set(created)
    done = ended(lines, created["taskId"])
    assert done["status"] == "completed" and done["result"]["structuredContent"]["processed"] == 1
