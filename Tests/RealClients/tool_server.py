"""A server with tools, started by test_tool_calls.py: made with the official SDK, or with `fastmcp` as its argument."""

import importlib.metadata
import sys

if sys.argv[1:] == ["fastmcp"]:
    from fastmcp import Context
    from fastmcp import FastMCP as Server
    from fastmcp.exceptions import ToolError
elif int(importlib.metadata.version("mcp").split(".")[0]) == 1:
    from mcp.server.fastmcp import Context
    from mcp.server.fastmcp import FastMCP as Server
    from mcp.server.fastmcp.exceptions import ToolError
else:
    from mcp.server import MCPServer as Server
    from mcp.server.mcpserver import Context
    from mcp.server.mcpserver.exceptions import ToolError

server = Server("arithmetic")


@server.tool()
async def add(left: int, right: int, context: Context) -> dict[str, int]:
    """Adds two numbers."""
    print("adding", file=sys.stderr)
    await context.report_progress(1, 2, "half of it")
    return {"sum": left + right}


@server.tool()
def fail() -> str:
    """Fails."""
    raise ToolError("the abacus is broken")


if __name__ == "__main__":
    server.run(**({"show_banner": False} if sys.argv[1:] == ["fastmcp"] else {}))
