"""Loading LiteLLM: once, in the background, and said when it takes long. Each test has a process of its own."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

from hub.cli.programs import ROOT
from tests.fakes.openai_server import FakeServer


def python(code: str, *arguments: str) -> list[str]:
    """The lines that `code` prints in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(code), *arguments], cwd=ROOT, text=True, capture_output=True, check=True
    )
    return done.stdout.splitlines()


def test_the_first_answer_says_what_it_waits_for() -> None:
    code = """
        import sys
        from hub.models import litellm_chat
        from hub.models.providers import provider
        from tests.models.conftest import ask, collect, run
        litellm_chat._QUICKLY = 0.05
        model = litellm_chat.LiteLLMChat(name="fake", provider=provider("mistral"), litellm_provider="mistral",
                                         key="k-0123456789", base_url=sys.argv[1], title="Mistral")
        for turn in range(2):
            print([type(event).__name__ for event in run(collect(model, ask()))][:2])
    """
    with FakeServer(tokens=4) as server:
        assert python(code, server.url) == ["['Notice', 'Text']", "['Text', 'Text']"]


def test_it_is_loaded_only_when_a_model_needs_it() -> None:
    code = """
        import sys
        import hub.models.resolve, hub.models.catalogue, hub.models.check
        from hub.models import litellm_library
        print("litellm" in sys.modules)
        first, second = litellm_library.load(), litellm_library.load()
        print(first is second, first.result() is sys.modules["litellm"], first.result().num_retries)
    """
    assert python(code) == ["False", "True True 0"]
