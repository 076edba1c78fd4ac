"""One way to talk to the program through either generation of the official SDK."""

import importlib.metadata
import math
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from mcp import types
from pydantic import AnyUrl

GENERATION = int(importlib.metadata.version("mcp").split(".")[0])

# How a connection is opened: the handshake of 2025 and before, what the SDK chooses, or 2026-07-28 without a probe.
MODES = ("legacy",) if GENERATION == 1 else ("legacy", "auto", "2026-07-28")


@dataclass
class Answer:
    """What a tool call gave: the same member names for both generations."""

    structured: dict | None
    text: str
    is_error: bool


@dataclass
class Tool:
    name: str
    title: str | None
    description: str
    input_schema: dict
    output_schema: dict | None
    annotations: object


class Connection:
    def __init__(self, session, version, instructions, heard):
        self._session, self.version, self.instructions, self.heard = session, version, instructions, heard

    async def resources(self):
        return (await self._session.list_resources()).resources

    async def templates(self):
        """The templates' texts."""
        listed = (await self._session.list_resource_templates())
        return [t.uriTemplate for t in listed.resourceTemplates] if GENERATION == 1 else [
            t.uri_template for t in listed.resource_templates]

    async def read(self, uri):
        """The text of a resource and its type."""
        (contents,) = (await self._session.read_resource(AnyUrl(uri) if GENERATION == 1 else uri)).contents
        assert str(contents.uri) == uri
        return contents.text, contents.mimeType if GENERATION == 1 else contents.mime_type

    async def prompts(self):
        return (await self._session.list_prompts()).prompts

    async def prompt(self, name, **arguments):
        """The texts of a prompt's messages."""
        return [message.content.text for message in (await self._session.get_prompt(name, arguments)).messages]

    async def values(self, argument, typed="", prompt=None, template=None):
        """What is proposed for an argument of a prompt or a variable of a template."""
        reference = (
            types.PromptReference(type="ref/prompt", name=prompt) if prompt else
            types.ResourceTemplateReference(type="ref/resource", uri=template))
        result = await self._session.complete(reference, {"name": argument, "value": typed})
        return result.completion.values

    @asynccontextmanager
    async def updates(self, uri):
        """Subscribes in the way of the revision; gives what waits for the next update of the resource."""
        if self.version >= "2026":
            async with self._session.listen(resource_subscriptions=[uri]) as subscription:
                events = aiter(subscription)

                async def changed():
                    assert (await anext(events)).uri == uri

                yield changed
        else:
            await self._session.subscribe_resource(AnyUrl(uri) if GENERATION == 1 else uri)

            async def heard():
                while await self.heard.receive() != uri:
                    pass

            yield heard
            await self._session.unsubscribe_resource(AnyUrl(uri) if GENERATION == 1 else uri)

    async def tools(self):
        listed = await self._session.list_tools()
        return [
            Tool(t.name, t.title, t.description, t.inputSchema, t.outputSchema, t.annotations)
            if GENERATION == 1
            else Tool(t.name, t.title, t.description, t.input_schema, t.output_schema, t.annotations)
            for t in listed.tools
        ]

    async def call(self, tool, /, **arguments):
        """Calls a tool; the SDK itself checks structured content against the tool's output schema and raises."""
        result = await self._session.call_tool(tool, arguments)
        text = "".join(block.text for block in result.content if block.type == "text")
        if GENERATION == 1:
            return Answer(result.structuredContent, text, bool(result.isError))
        return Answer(result.structured_content, text, bool(result.is_error))


@asynccontextmanager
async def connect(program, arguments, mode, environment=None, elicitation=None):
    """Starts the program and opens a session; closing the session must end the program by itself."""
    told, heard = anyio.create_memory_object_stream(math.inf)

    async def handle(message):
        notification = getattr(message, "root", message)
        if isinstance(notification, types.ResourceUpdatedNotification):
            await told.send(str(notification.params.uri))

    if GENERATION == 1:
        from mcp import ClientSession, StdioServerParameters
        from mcp.client.stdio import stdio_client

        server = StdioServerParameters(command=program, args=arguments, env=environment)
        async with stdio_client(server) as (reader, writer):
            async with ClientSession(
                reader, writer, message_handler=handle, elicitation_callback=elicitation
            ) as session:
                started = await session.initialize()
                yield Connection(session, started.protocolVersion, started.instructions, heard)
    else:
        from mcp import Client, StdioServerParameters

        server = StdioServerParameters(command=program, args=arguments, env=environment)
        async with Client(
            server, mode=mode, message_handler=handle, elicitation_callback=elicitation
        ) as client:
            yield Connection(client, client.protocol_version, client.instructions, heard)
