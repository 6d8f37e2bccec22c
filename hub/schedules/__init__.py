"""The room of schedules: what a model or an agent does by itself, and when."""
