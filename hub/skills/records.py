"""What a skill is, where it came from, what is wrong with it and where it is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["written", "folder", "zip", "file", "git", "mounted", "chat"]
Mode = Literal["on", "off", "always"]
"""On: in the catalogue that models see. Always: its text is in every prompt. Off: as if it were not there."""

State = Literal["imported", "imported with warnings", "refused"]
How = Literal["model", "named"]
"""Who activated a skill in a chat: a model that asked for it, or the person by its name."""

Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a skill came from. `place` is a file name, folder or address, `commit` and `path` are of a repository."""

    kind: Kind
    place: str = ""
    commit: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule of the format that a SKILL.md breaks. `field` is "" for the file as a whole."""

    code: str
    field: str
    said: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a skill that a person should look at before it is switched on. `line` counts from 1, 0 is the whole
    file."""

    code: str
    file: str
    line: int
    said: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class SkillFile:
    """A file of a skill beside SKILL.md. `digest` is the SHA-256 of its content; `tokens` None where it is no text."""

    path: str
    size: int
    digest: str
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as it stands in a list.

    `owner` is "" for one of the mounted directory. `tokens` of its line in the catalogue, of its body and of its files.
    `head` is the beginning of the body, for search. `everybody` is how it stands for everybody: "off" is for its owner
    alone. `quiet`: it asks that no model activates it by itself. `extra` are the names of keys that the format does not
    know.
    """

    id: str
    owner: str
    name: str
    description: str
    origin: Origin
    version: int
    license: str = ""
    compatibility: str = ""
    allowed_tools: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    extra: tuple[str, ...] = ()
    line_tokens: int = 0
    body_tokens: int = 0
    file_tokens: int = 0
    files: tuple[SkillFile, ...] = ()
    warnings: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    head: str = ""
    everybody: Mode = "off"
    quiet: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def mounted(self) -> bool:
        """Whether it lies in the mounted directory and cannot be changed here."""
        return self.origin.kind == "mounted"

    @property
    def scripts(self) -> tuple[SkillFile, ...]:
        """Its files that are meant to be run; the hub shows them and runs none."""
        return tuple(one for one in self.files if one.path.startswith("scripts/"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A skill as a person sees it: how it is switched for them, by place ("me", "project:ID", "agent:ID"), what holds
    outside of any (`mode`), and how often it was activated in their chats."""

    skill: Skill
    mode: Mode
    places: Mapping[str, Mode] = field(default_factory=dict[str, Mode], hash=False)
    uses: int = 0
    last_used: datetime | None = None
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Offered:
    """A skill that a turn may use, and whether it is always in the prompt."""

    skill: Skill
    mode: Mode


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a skill. `text` is the whole SKILL.md; `why` says where it came from in a few words."""

    number: int
    text: str
    files: tuple[SkillFile, ...]
    at: datetime
    why: str = ""
    origin: Origin = Origin("written")


@dataclass(frozen=True, slots=True)
class FileChange:
    """What became of one file between two versions; `diff` is a unified diff, "" where a file is no text."""

    path: str
    change: Change
    diff: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one skill of an import. `id` is "" where it was refused or only looked at; `said` is a sentence.
    `new` is False where a skill of that name is there already; `same` where its content is too."""

    name: str
    state: State
    said: str = ""
    warnings: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    id: str = ""
    path: str = ""
    new: bool = True
    same: bool = False
    on: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """What a repository has now for a skill that came from it. `commit` is what taking it would pin."""

    skill: str
    name: str
    commit: str
    changes: tuple[FileChange, ...]
    warnings: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Activation:
    """A skill that is active in a conversation since `answer`, and why; `tokens` is what its body cost then."""

    conversation: str
    skill: str
    name: str
    answer: str
    why: str
    how: How
    tokens: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A prompt that a skill brings to be tried with: what should come of it, paths of its files that go with it, and
    sentences that hold for a good answer."""

    prompt: str
    expected: str = ""
    files: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A skill as one text for a model without tools: which of its files stand in it, and which do not."""

    text: str
    tokens: int
    inside: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A SKILL.md that is being written over version `base` (0: a new one), and when it was last."""

    text: str
    base: int = 0
    from_chat: bool = False
    at: datetime | None = None
