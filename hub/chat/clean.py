"""What people paste, made storable: nothing is refused that can be kept, and what was changed is said."""

from __future__ import annotations

from hub.errors import BadInput

LONGEST = 4_000_000
"""Characters of one message."""


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without null bytes and broken surrogates, and a sentence for each kind of change.

    Raises BadInput above LONGEST characters. Right-to-left, combining and any other valid text stays as it is.
    """
    if len(text) > LONGEST:
        raise BadInput(
            f"The message has {len(text):,} characters; {LONGEST:,} are the most.",
            hint="Attach the text as a file. Nothing was sent.",
        )
    said: list[str] = []
    if nulls := text.count("\x00"):
        text = text.replace("\x00", "")
        said.append(f"{nulls:,} null {'byte was' if nulls == 1 else 'bytes were'} removed.")
    valid = text.encode("utf-8", "replace").decode("utf-8")
    if valid != text:
        said.append("Characters that are no valid text were replaced by a question mark.")
    return valid, tuple(said)
