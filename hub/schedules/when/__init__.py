"""When schedules run: read from words, cron or JSON, told in a sentence, and the moments themselves."""

from hub.schedules.when.notes import notes
from hub.schedules.when.records import When, plain, read
from hub.schedules.when.sentence import sentence
from hub.schedules.when.times import after, between, upcoming
from hub.schedules.when.words import parse

__all__ = ["When", "after", "between", "notes", "parse", "plain", "read", "sentence", "upcoming"]
