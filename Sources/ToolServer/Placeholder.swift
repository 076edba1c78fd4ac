// ToolServer
