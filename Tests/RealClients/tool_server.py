"""A server made with the official SDK, whichever generation is installed; started by test_tool_calls.py."""

import importlib.metadata
import sys

if int(importlib.metadata.version("mcp").split(".")[0]) == 1:
    from mcp.server.fastmcp import FastMCP as Server
    from mcp.server.fastmcp.exceptions import ToolError
else:
    from mcp.server import MCPServer as Server
    from mcp.server.mcpserver.exceptions import ToolError

server = Server("arithmetic")


@server.tool()
def add(left: int, right: int) -> dict[str, int]:
    """Adds two numbers."""
    print("adding", file=sys.stderr)
    return {"sum": left + right}


@server.tool()
def fail() -> str:
    """Fails."""
    raise ToolError("the abacus is broken")


if __name__ == "__main__":
    server.run()
