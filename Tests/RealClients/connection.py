"""One way to talk to the program through either generation of the official SDK."""

import importlib.metadata
from contextlib import asynccontextmanager
from dataclasses import dataclass

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
    def __init__(self, session, version, instructions):
        self._session, self.version, self.instructions = session, version, instructions

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
async def connect(program, arguments, mode, environment=None):
    """Starts the program and opens a session; closing the session must end the program by itself."""
    if GENERATION == 1:
        from mcp import ClientSession, StdioServerParameters
        from mcp.client.stdio import stdio_client

        server = StdioServerParameters(command=program, args=arguments, env=environment)
        async with stdio_client(server) as (reader, writer):
            async with ClientSession(reader, writer) as session:
                started = await session.initialize()
                yield Connection(session, started.protocolVersion, started.instructions)
    else:
        from mcp import Client, StdioServerParameters

        server = StdioServerParameters(command=program, args=arguments, env=environment)
        async with Client(server, mode=mode) as client:
            yield Connection(client, client.protocol_version, client.instructions)
