"""What the tap's record is checked with finds what is wrong."""

import json

import pytest

from official_schema import PREFIX, Conversation

ENVELOPE = {"_meta": {PREFIX + "protocolVersion": "2026-07-28", PREFIX + "clientCapabilities": {}}}


def call(params=ENVELOPE):
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "x", **params}}


def answer(result, id=1):
    return {"jsonrpc": "2.0", "id": id, "result": result}


DONE = {"content": [], "resultType": "complete"}


@pytest.mark.parametrize("messages, fault", [
    ([(">", call()), ("<", answer(DONE))], None),
    ([(">", call({})), ("<", answer({"content": []}))], None),
    ([(">", call()), ("<", answer({"content": []}))], "resultType"),
    ([(">", call()), ("<", answer({"resultType": "complete"}))], "content"),
    ([(">", call()), ("<", answer(DONE)), ("<", answer(DONE))], "answers nothing"),
    ([(">", call()), ("<", answer(DONE, id="1"))], "answers nothing"),
    ([(">", call()), ("<", answer({"resultType": "task", "taskId": "t"}))], "CreateTaskResult"),
    ([(">", call()), ("<", {"jsonrpc": "2.0", "id": 1, "error": {"code": "x", "message": "y"}})],
     "JSONRPCErrorResponse"),
    ([("<", {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": 1, "progress": 1}})],
     "token"),
    ([("<", {"jsonrpc": "2.0", "id": 1, "method": "elicitation/create", "params": {"message": "x"}})],
     "ElicitRequest"),
    ([(">", {"jsonrpc": "2.0", "id": 1, "method": "ping"}), ("<", answer({"resultType": "complete"}))], "is empty"),
    ([("<", "hello")], "is no JSON"),
])
def test_faults_are_found(messages, fault):
    conversation = Conversation()
    for mark, message in messages:
        line = message if isinstance(message, str) else json.dumps(message)
        conversation.take("client" if mark == ">" else "server", line.encode())
    if fault is None:
        assert conversation.faults == []
    else:
        assert any(fault in one for one in conversation.faults), conversation.faults
