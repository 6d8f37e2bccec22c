"""Agents: a model with instructions, tools, skills and limits of its own."""
