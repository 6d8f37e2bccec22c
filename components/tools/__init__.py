"""The page of tools: what there is, and what is decided about it."""
