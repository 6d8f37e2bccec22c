"""What models may call: one belt of tools for each answer, with permission."""
