"""Schedules: what a model or an agent does by itself, when, and what became of it.

`manage` is what a person does with them. The scheduler process (`clock`) turns times into occurrences (`fire`), workers
run these (`work`, `ending`). Nothing is imported here: the scheduler and the command line need little of it.
"""
