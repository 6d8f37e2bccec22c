"""Skills in the Agent Skills format: found when needed, read when used."""
