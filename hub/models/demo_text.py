"""What the demo model says."""

from __future__ import annotations

HELP = """I am the **demo model**: no AI, only prepared answers, so that you can try every screen without a key.

Put one of these words into a message:

| word | what comes |
|---|---|
| `table`, `code`, `math`, `diagram`, `everything` | formatted answers |
| `reason` | reasoning before the answer |
| `image` | a picture |
| `tool` | a tool call |
| `long`, `fast`, `slow` | length and speed |
| `error` with `rate`, `key`, `missing`, `credit`, `context`, `content`, `gone`, `request`, `address`, `network`, \
`down`, `timeout`, `hang`, `mid-stream` or `cut` | each kind of error |

For real answers, connect a provider or a local server under **Models**."""

CODE = '''A function and how to call it:

```python
from collections.abc import Iterator


def primes() -> Iterator[int]:
    """All prime numbers, smallest first."""
    found: list[int] = []
    number = 2
    while True:
        if all(number % prime for prime in found):
            found.append(number)
            yield number
        number += 1
```

Inline code looks like `next(primes())`, which is `2`.'''

TABLE = """| planet | diameter in km | moons |
|:---|---:|---:|
| Mercury | 4,879 | 0 |
| Venus | 12,104 | 0 |
| Earth | 12,742 | 1 |
| Mars | 6,779 | 2 |

1. Numbers stand to the right.
2. **Bold**, *italic* and ~~struck~~ words work too."""

MATHS = r"""The sum of the first $n$ numbers is $\frac{n(n+1)}{2}$, and

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}
$$"""

DIAGRAM = """```mermaid
flowchart LR
    question[Question] --> model[Demo model]
    model --> answer[Prepared answer]
    answer --> you[You]
```"""

REASONS = (
    "The message asks for reasoning, so I show some. First I look at the words of the message. "
    "Then I choose the prepared answer that fits them. None of this is thought, but it is drawn like thought.\n\n"
)


def opening(prompt: str, attached: str) -> str:
    """The first sentences, which repeat the beginning of the prompt and say what came with it."""
    line = " ".join(prompt.split())
    line = line if len(line) <= 80 else line[:79].rstrip() + "…"
    said = f"You wrote: “{line}”." if line else "Your message has no text."
    return f"{said} With it came {attached}, which I do not read." if attached else said


def long_text(sections: int = 12) -> str:
    """About 1,500 words in sections."""
    paragraph = (
        "This is a paragraph of a long answer. It is here to show how text flows while it arrives, how the page "
        "follows the newest line, and how it stays where you are as soon as you scroll up. You can read the beginning "
        "while the end is still being written, open another chat, or close the page: the answer goes on and is there "
        "when you come back. Nothing of it depends on this page being open, because the answer is made and kept "
        "elsewhere. You may also stop it at any time; what has been written until then stays, and can be continued."
    )
    return "\n\n".join(f"## Part {number}\n\n{paragraph}" for number in range(1, sections + 1))
