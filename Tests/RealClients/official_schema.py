"""Checks the messages of a conversation against the official schema of the revision that each of them belongs to."""

import functools
import json
import pathlib

import jsonschema

FOLDER = pathlib.Path(__file__).parent / "schema"
MODERN, NEWEST_LEGACY, TASKS = "2026-07-28", "2025-11-25", "tasks-extension"
REVISIONS = ("2024-11-05", "2025-03-26", "2025-06-18", NEWEST_LEGACY, MODERN)
PREFIX = "io.modelcontextprotocol/"
TASK_METHODS = {"tasks/get": "GetTask", "tasks/update": "UpdateTask", "tasks/cancel": "CancelTask"}


@functools.cache
def definitions(schema):
    """The schema's definitions and the member that they are under."""
    whole = json.loads((FOLDER / f"{schema}.json").read_text())
    key = "$defs" if "$defs" in whole else "definitions"
    return whole[key], key


@functools.cache
def methods(revision):
    """The definition's name of each method."""
    found = {}
    for name, definition in definitions(revision)[0].items():
        method = definition.get("properties", {}).get("method", {}).get("const")
        if method and name != "ClientNotification":
            found[method] = name
    return found


@functools.cache
def validator(schema, name):
    known, key = definitions(schema)
    kind = jsonschema.Draft202012Validator if key == "$defs" else jsonschema.Draft7Validator
    return kind({"$ref": f"#/{key}/{name}", key: known})


class Conversation:
    """What two have said; `faults` has a sentence for each message that its revision does not allow."""

    def __init__(self):
        self.faults, self.count = [], 0
        self._negotiated = None
        # By who has asked: the open requests, and the revision of every one that there was.
        self._open = {"client": {}, "server": {}}
        self._revisions = {"client": {}, "server": {}}
        self._tokens = {}

    @classmethod
    def recorded(cls, path):
        """The conversation that `tap.py` has written down."""
        conversation = cls()
        for line in pathlib.Path(path).read_bytes().splitlines():
            conversation.take({b">": "client", b"<": "server"}[line[:1]], line[1:])
        return conversation

    def take(self, sender, line):
        """Looks at a line."""
        try:
            message = json.loads(line)
        except ValueError:
            return self._fault(sender, line, "is no JSON")
        for one in message if isinstance(message, list) else [message]:
            self.count += 1
            if "method" not in one:
                self._answer(sender, one)
            elif "id" in one:
                self._request(sender, one)
            else:
                self._notification(sender, one)

    def _fault(self, sender, message, reason):
        text = message if isinstance(message, bytes) else json.dumps(message)
        self.faults.append(f"{sender}: {reason}: {text[:600]}")

    def _check(self, sender, message, schema, name, part=None):
        if name not in definitions(schema)[0]:
            return self._fault(sender, message, f"{schema} has no {name}")
        found = jsonschema.exceptions.best_match(
            validator(schema, name).iter_errors(message if part is None else part))
        if found:
            place = "/".join(str(step) for step in found.absolute_path)
            self._fault(sender, message, f"no {name} of {schema} at /{place}: {found.message[:300]}")

    def _request(self, sender, message):
        params = message.get("params") or {}
        meta = params.get("_meta") or {}
        revision = meta.get(PREFIX + "protocolVersion")
        if message["method"] == "initialize" and revision is None:
            revision = params.get("protocolVersion")
        if revision not in REVISIONS:
            revision = self._negotiated or NEWEST_LEGACY
        if sender == "server" and revision == MODERN:
            self._fault(sender, message, "asks by a request, which this revision does not have")
        identity = json.dumps(message["id"])
        if identity in self._open[sender]:
            self._fault(sender, message, "has the id of a request that is open")
        self._open[sender][identity] = message["method"], revision
        self._revisions[sender][identity] = message["method"], revision
        if "progressToken" in meta:
            self._tokens[sender, json.dumps(meta["progressToken"])] = revision
        if revision == MODERN and message["method"] in TASK_METHODS:
            self._check(sender, message, TASKS, TASK_METHODS[message["method"]] + "Request")
        else:
            self._check(
                sender, message, revision, methods(revision).get(message["method"], f"method {message['method']}"))

    def _notification(self, sender, message):
        method, params = message["method"], message.get("params") or {}
        revision = self._negotiated or MODERN
        if method == "notifications/cancelled":
            about, revision = self._revisions[sender].get(json.dumps(params.get("requestId")), (None, None))
            if not revision and sender == "client":
                # A stream's id, which the server has told, is a request of the client's.
                return self._fault(sender, message, "cancels what was not asked for")
            if sender == "server" and not revision:
                about, revision = self._revisions["client"].get(json.dumps(params.get("requestId")), (None, MODERN))
                if about != "subscriptions/listen":
                    self._fault(sender, message, "ends what is no stream")
            else:
                self._open[sender].pop(json.dumps(params.get("requestId")), None)
        elif method == "notifications/progress":
            other = "client" if sender == "server" else "server"
            revision = self._tokens.get((other, json.dumps(params.get("progressToken"))))
            if revision is None:
                return self._fault(sender, message, "has a token that was not given")
        elif PREFIX + "subscriptionId" in (params.get("_meta") or {}):
            revision = MODERN
        self._check(sender, message, revision, methods(revision).get(method, f"method {method}"))

    def _answer(self, sender, message):
        other = "client" if sender == "server" else "server"
        method, revision = self._open[other].pop(json.dumps(message.get("id")), (None, None))
        if method is None and not ("error" in message and "id" not in message):
            return self._fault(sender, message, "answers nothing that is open")
        revision = revision or NEWEST_LEGACY
        if method == "initialize" and "result" in message:
            revision = self._negotiated = message["result"].get("protocolVersion")
        if "error" in message:
            name = "JSONRPCErrorResponse" if revision >= "2025-11-25" else "JSONRPCError"
            return self._check(sender, message, revision, name)
        name = "JSONRPCResultResponse" if revision >= "2025-11-25" else "JSONRPCResponse"
        self._check(sender, message, revision, name)
        result = message.get("result")
        kind = result.get("resultType") if isinstance(result, dict) and revision == MODERN else None
        if kind == "task" and method == "tools/call":
            self._check(sender, message, TASKS, "CreateTaskResult", result)
        elif kind == "input_required" and method in ("tools/call", "prompts/get", "resources/read"):
            self._check(sender, message, revision, "InputRequiredResult", result)
        elif revision == MODERN and method in TASK_METHODS:
            self._check(sender, message, TASKS, TASK_METHODS[method] + "Result", result)
        elif method in methods(revision):
            if kind not in (None, "complete"):
                self._fault(sender, message, f"a result of {method} can't be of type {kind}")
            name = methods(revision)[method].removesuffix("Request") + "Result"
            known = name in definitions(revision)[0]
            self._check(sender, message, revision, name if known else "EmptyResult", result)
            if not known and set(result) - {"_meta"}:
                self._fault(sender, message, f"the result of {method} is empty")
