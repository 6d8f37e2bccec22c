"""MCP servers on the page of tools: cards, forms, dialogs."""
