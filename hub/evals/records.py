"""What an evaluation is made of: prompt sets, the plan of a run, its cells, and what checks say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hub.models.types import Params, Price, Usage

RunStatus = Literal["running", "paused", "cancelled", "capped", "done"]
CellStatus = Literal["queued", "done", "error"]
Order = Literal["rows", "models"]
CheckData = Mapping[str, Any]
"""A check as it is written and stored: {"kind", ...}; `hub.evals.checks.parse` knows the kinds."""


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a prompt set. `id` stays through versions as long as it is the same case.

    `turns` are what the person says, one after the other; a template takes the first as {{prompt}}. `vars` fill
    {{name}} in templates. `expected` is what checks compare with, {{expected}} in their values. `files` are ids of
    the owner's files, sent with the first turn. `checks` come beside those of the set.
    """

    id: str
    turns: tuple[str, ...] = ()
    vars: Mapping[str, str] = field(default_factory=dict[str, str])
    system: str = ""
    expected: str | None = None
    files: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    checks: tuple[CheckData, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A way to ask: `turns` with {{name}} for what a row has. A row's own system prompt goes before `system`, which is
    taken as it stands where it is `verbatim`: braces in it mean themselves."""

    name: str
    turns: tuple[str, ...] = ("{{prompt}}",)
    system: str = ""
    verbatim: bool = False


AS_WRITTEN = Template("As written")
"""The template of a set that has none: each row's turns as they are."""


@dataclass(frozen=True, slots=True)
class SetDraft:
    """A prompt set as a person writes it: what a new version is made of."""

    name: str
    rows: tuple[Row, ...] = ()
    templates: tuple[Template, ...] = (AS_WRITTEN,)
    checks: tuple[CheckData, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class PromptSet:
    """The head of a prompt set in one of its versions, which count from 1; `rows` is how many it has."""

    id: str
    name: str
    version: int
    rows: int
    templates: tuple[Template, ...]
    checks: tuple[CheckData, ...]
    description: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server without a stored connection. `key_env` names the environment's variable that holds
    its key, empty for none; the key itself is never stored. `stream` has every answer streamed."""

    base_url: str
    name: str
    key_env: str = ""
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A model that a run is to ask: its id in the catalogue and how it shall answer. The same model may come twice.

    With an `endpoint` the model is not in the catalogue, and `model` may be empty.
    """

    model: str
    params: Params = field(default_factory=Params)
    label: str = ""
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How many calls may be under way: `total` for the run over all workers, `per_model` for each (connection, model),
    found out by doubling from `start` until the provider refuses when it is None."""

    total: int = 50
    per_model: int | None = None
    start: int = 8


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person asks for before a run is planned. `judge` answers for rubrics and pairwise verdicts.

    `cap` is in US dollars for the whole run, judges included; None is no cap. `unpriced` says that models without a
    known price may be asked all the same, outside of the cap. `row_ids` chooses rows of the set; None is all.
    `order` "models" asks one model after the other, for local servers that hold one at a time.
    """

    set_id: str
    models: tuple[Asked, ...]
    version: int | None = None
    name: str = ""
    repeats: int = 1
    checks: tuple[CheckData, ...] = ()
    judge: Asked | None = None
    cap: float | None = None
    unpriced: bool = False
    order: Order = "rows"
    limits: Limits = field(default_factory=Limits)
    cache: bool = True
    baseline: str | None = None
    row_ids: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    extends: str | None = None


@dataclass(frozen=True, slots=True)
class RunModel:
    """A model as a run has it copied in. `key` names the limit it falls under: the connection and the name. `address`
    is the provider and where it was reached, which is part of what makes two questions the same.

    `price` is that of the day the run was planned; that of a model which is `local` and has none is 0. `paused` says
    why the model is not asked any more, empty while it is.
    """

    model: str
    label: str
    params: Params
    key: str
    price: Price = field(default_factory=Price)
    context: int | None = None
    output_limit: int | None = None
    local: bool = False
    paused: str = ""
    address: str = ""
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take. `cost` is in US dollars, judges included, None when any price is unknown; `unpriced` are
    the labels of those models, `local` those of models that run here and have no price, which costs nothing. `seconds`
    is a guess from earlier answers of the same models, None without any."""

    cells: int
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    unpriced: tuple[str, ...]
    seconds: float | None
    problems: tuple[str, ...] = ()
    """Sentences that keep the run from starting."""
    local: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvalRun:
    """A run: everything that mattered, copied in when it was planned, and how far it is.

    Cells are numbered 0 to `cells` - 1 in the order in which they are asked; `hub.evals.order` says which is which.
    `spent` is in US dollars, `calls` are the requests that were sent, retries and judges' included. `versions` are of
    the hub, Python and the libraries that matter.
    """

    id: str
    name: str
    status: RunStatus
    set_id: str
    set_name: str
    set_version: int
    models: tuple[RunModel, ...]
    templates: tuple[Template, ...]
    rows: int
    repeats: int
    order: Order
    checks: tuple[CheckData, ...]
    judge: RunModel | None
    judge_prompts: Mapping[str, str]
    cap: float | None
    limits: Limits
    cache: bool
    seed: int
    estimate: Estimate
    versions: Mapping[str, str]
    created_at: datetime
    ended_at: datetime | None = None
    baseline: str | None = None
    extends: str | None = None
    rejudges: str | None = None
    """The run whose answers these are: they are judged again, and no model is asked."""
    tags: tuple[str, ...] = ()
    spent: float = 0.0
    calls: int = 0
    said: str = ""
    """Why it is paused or has ended early, or what is to be said of the money, in sentences."""

    @property
    def cells(self) -> int:
        """How many cells the plan has."""
        return self.rows * self.repeats * len(self.templates) * len(self.models)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check said of a cell. `passed` None: it could not tell, and `error` says why.

    `score` is 0 to 1. `raw` is the judge's own answer and `prompt` what it was asked, for checks that ask a model;
    `usage` and `cost` (US dollars) are what that took; `cached`: the judge had said so to the same question before, and
    was not asked again.
    """

    kind: str
    name: str
    passed: bool | None
    score: float | None = None
    reason: str = ""
    error: str = ""
    raw: str = ""
    prompt: str = ""
    usage: Usage | None = None
    cost: float | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person thinks of a cell; it stands above the checks."""

    passed: bool
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of one model to one row through one template in one repeat.

    `answers` has one text for each turn. `ms` and `first_ms` are of the successful attempt (all turns together),
    `waited_ms` is what limits and retries took on top. `cached` answers were not asked anew and have no `ms`.
    `passed` is the mark, else whether every check passed; None when nothing could tell.
    """

    index: int
    row: int
    template: int
    model: int
    repeat: int
    status: CellStatus
    answers: tuple[str, ...] = ()
    reasoning: str = ""
    usage: Usage | None = None
    cost: float | None = None
    ms: float | None = None
    first_ms: float | None = None
    waited_ms: float | None = None
    attempts: int = 0
    finish: str = ""
    error: Mapping[str, Any] | None = None
    cached: bool = False
    verdicts: tuple[Verdict, ...] = ()
    mark: Mark | None = None
    at: datetime | None = None

    @property
    def text(self) -> str:
        """The last answer, which is what checks look at."""
        return self.answers[-1] if self.answers else ""

    @property
    def passed(self) -> bool | None:
        """Whether it counts as passed."""
        if self.mark is not None:
            return self.mark.passed
        told = [one.passed for one in self.verdicts]
        if not told or None in told:
            return False if False in told else None
        return all(told)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, in cells. `rate` is cells a second lately, `seconds_left` a guess from it."""

    status: RunStatus
    cells: int
    done: int
    errors: int
    in_flight: int
    spent: float
    rate: float | None = None
    seconds_left: float | None = None
    said: str = ""
