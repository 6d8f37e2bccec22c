"""LlamaIndex on our own models, so that its structured extraction works with every provider.

LlamaIndex is imported when a model is first asked: it takes a second and a half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from hub.db.who import Who
from hub.models.blocking import wait_for
from hub.models.resolve import open_model
from hub.models.types import ChatMessage, ChatRequest, Params, TextPart, Usage

Made = TypeVar("Made", bound=BaseModel)
LONGEST_ANSWER = 1500


@dataclass(frozen=True, slots=True)
class Structured(Generic[Made]):
    """What a model answered: `value` is None when it never gave the form asked for, and `problem` says why."""

    value: Made | None
    usages: tuple[Usage, ...]
    problem: str = ""


def structured(
    who: Who,
    model: str,
    form: type[Made],
    shape: str,
    system: str,
    user: str,
    *,
    most: int = LONGEST_ANSWER,
    last: type[Made] | None = None,
) -> Structured[Made]:
    """Asks for JSON of a form, and once more with the error when it is not; `shape` shows the form in the prompt,
    `last` is the form for the second time.

    Raises ModelError when the model does not answer at all.
    """
    program = _program()
    messages = [("system", system), ("user", user)]
    usages: list[Usage] = []
    problem = ""
    for wanted in (form, last or form):
        asked = _ask(program, who, model, wanted, shape, messages, most)
        usages += asked.usages
        if asked.value is not None:
            return Structured(asked.value, tuple(usages))
        problem = asked.problem
        messages += [("assistant", asked.text or "{}"), ("user", _repair(problem))]
    return Structured(None, tuple(usages), problem)


def _repair(problem: str) -> str:
    return f"That cannot be used: {problem[:600]}\nGive the whole JSON object again, corrected, and nothing else."


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Made]):
    value: Made | None
    usages: list[Usage]
    text: str
    problem: str


def _ask(
    program: Any, who: Who, model: str, form: type[Made], shape: str, messages: Sequence[tuple[str, str]], most: int
) -> _Asked[Made]:
    llm, run = program(who, model, form, shape, messages, most)
    try:
        value = run()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:4]]
        return _Asked(None, llm.usages, llm.said, "; ".join(lines))
    except ValueError as error:
        return _Asked(None, llm.usages, llm.said, str(error).splitlines()[0][:200])
    return _Asked(value, llm.usages, llm.said, "")


def ask_once(who: Who, model: str, messages: Sequence[tuple[str, str]], most: int) -> tuple[str, Usage | None]:
    """One answer in JSON object mode, at a low temperature; a server that refuses either is asked without."""
    said = tuple(ChatMessage(role, (TextPart(text),)) for role, text in messages)  # pyright: ignore[reportArgumentType]
    request = ChatRequest(said, Params(temperature=0.0, max_tokens=most, json_mode=True))
    answer = wait_for(open_model(who, model).complete(request))
    return answer.text, answer.usage


@lru_cache(maxsize=1)
def _program() -> Any:
    """Makes (llm, run) for one question; the classes need LlamaIndex and are made once."""
    from llama_index.core.base.llms.types import ChatMessage as Message
    from llama_index.core.base.llms.types import ChatResponse, CompletionResponse, LLMMetadata
    from llama_index.core.llms import CustomLLM
    from llama_index.core.output_parsers import PydanticOutputParser
    from llama_index.core.program import LLMTextCompletionProgram
    from llama_index.core.prompts import ChatPromptTemplate
    from pydantic import PrivateAttr

    class HubLLM(CustomLLM):
        """A model of the hub. `said` and `usages` are what it answered and what that took."""

        model: str
        most: int
        _who: Who = PrivateAttr()
        _said: str = PrivateAttr(default="")
        _usages: list[Usage] = PrivateAttr(default_factory=list[Usage])

        def asked_by(self, who: Who) -> HubLLM:
            self._who = who
            return self

        @property
        def said(self) -> str:
            return self._said

        @property
        def usages(self) -> list[Usage]:
            return self._usages

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(is_chat_model=True, model_name=self.model, num_output=self.most)

        def chat(self, messages: Sequence[Message], **kwargs: Any) -> ChatResponse:
            talk = [(message.role.value, message.content or "") for message in messages]
            self._said, usage = ask_once(self._who, self.model, talk, self.most)
            if usage is not None:
                self._usages.append(usage)
            return ChatResponse(message=Message(role="assistant", content=self._said))

        def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
            answer = self.chat([Message(role="user", content=prompt)])
            return CompletionResponse(text=answer.message.content or "")

        def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
            yield self.complete(prompt)

    class Shaped(PydanticOutputParser[Any]):
        """Shows the form by an outline in place of a JSON schema, which small models copy into their answer."""

        shape: str = ""

        def get_format_string(self, escape_json: bool = True) -> str:
            return self.shape

        def format(self, query: str) -> str:
            return f"{query}\n\n{self.shape}"

        def parse(self, text: str) -> Any:
            return self.output_cls.model_validate_json(json_of(text))

    def make(
        who: Who, model: str, form: type[BaseModel], shape: str, messages: Sequence[tuple[str, str]], most: int
    ) -> Any:
        llm = HubLLM(model=model, most=most).asked_by(who)
        parser = Shaped(output_cls=form)
        parser.shape = shape
        names = {f"part{number}": text for number, (_, text) in enumerate(messages)}
        parts = [Message(role=role, content=f"{{part{number}}}") for number, (role, _) in enumerate(messages)]
        prompt = ChatPromptTemplate(message_templates=parts)
        made: Any = LLMTextCompletionProgram
        program = made.from_defaults(output_parser=parser, output_cls=form, prompt=prompt, llm=llm)

        def run() -> Any:
            return program(**names)

        return llm, run

    return make


def json_of(text: str) -> str:
    """The JSON value in an answer: what stands in a code fence, else from the first bracket to the last."""
    inside = text.split("</think>")[-1]
    begins = [place for place in (inside.find("{"), inside.find("[")) if place >= 0]
    end = max(inside.rfind("}"), inside.rfind("]"))
    if not begins or end < min(begins):
        raise ValueError("there is no JSON object in the answer")
    return inside[min(begins) : end + 1]
