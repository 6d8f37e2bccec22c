"""Drawing of interfaces and of the tools in them."""
