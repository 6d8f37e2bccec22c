"""Markdown while it streams in: finished blocks are drawn once, only the last one again and again."""

from __future__ import annotations

from markdown_it.token import Token

from hub.render.markdown import Block, Env, Parsed, blocks, draw, parse


class LiveMarkdown:
    """One text that grows. Not for use by several threads at once.

    A block is finished when a following block has begun on a whole line, so fences, lists, tables and formulas stay in
    one piece. Drawing costs time in proportion to the unfinished part: call `feed` some 15 times a second at most.
    """

    def __init__(self) -> None:
        self._text = ""
        self._from = 0
        self._references: dict[str, object] = {}
        self._shown: list[str] = []
        self._done = 0

    @property
    def text(self) -> str:
        """All text so far."""
        return self._text

    def feed(self, text: str) -> list[Block]:
        """Append `text`; the blocks that are new or changed since the last call, by rising index."""
        self._text += text
        rest = self._text[self._from :]
        env: Env = {"live": True, "references": dict(self._references)}
        pieces = parse(rest, env)
        finished = _finished(pieces, rest)
        drawn = self._finish(pieces[:finished], rest, env) if finished else []
        finished = len(drawn)
        for offset, piece in enumerate(pieces[finished:]):
            drawn.append(Block(self._done + offset, draw(piece, env), tail=True))
        return self._changed(drawn)

    def finish(self) -> list[Block]:
        """The text is whole: the blocks that differ from what was given before. Equals `blocks(text)` then.

        A block that no longer exists comes with empty HTML.
        """
        whole = list(blocks(self._text))
        gone = [Block(index, "") for index in range(len(whole), len(self._shown))]
        return self._changed(whole + gone, at_end=True)

    def _finish(self, pieces: list[Parsed], rest: str, env: Env) -> list[Block]:
        """The blocks `pieces` in their final form; none while it is not clear that there are as many of them."""
        end = pieces[-1].end
        final: Env = {"references": env["references"]}
        # Read anew: a formula without its end, inside a quotation, is drawn as one only while it may still end.
        whole = parse(rest[: _offset(rest, end)], {"references": dict(env["references"])})
        if len(whole) != len(pieces):
            return []
        drawn = [Block(self._done + offset, draw(piece, final)) for offset, piece in enumerate(whole)]
        self._references |= {
            name: entry for name, entry in env["references"].items() if entry.get("map", [0, 0])[1] <= end
        }
        self._done += len(pieces)
        self._from += _offset(rest, end)
        return drawn

    def _changed(self, drawn: list[Block], *, at_end: bool = False) -> list[Block]:
        changed: list[Block] = []
        for block in drawn:
            known = self._shown[block.index] if block.index < len(self._shown) else None
            # A tail that becomes final is told even when it looks the same: diagrams are drawn from final blocks.
            if known != _mark(block):
                changed.append(block)
            if known is None:
                self._shown.append(_mark(block))
            else:
                self._shown[block.index] = _mark(block)
        return changed


def _mark(block: Block) -> str:
    return f"{'~' if block.tail else '='}{block.html}"


def _finished(pieces: list[Parsed], rest: str) -> int:
    """How many leading blocks can no longer change."""
    if not pieces:
        return 0
    lines = rest.count("\n")
    last = pieces[-1]
    if _closed_fence(last.tokens[0]) and last.end <= lines:
        return len(pieces)
    count = len(pieces) - 1
    if _may_turn_to_text(last, lines):
        count -= 1
    # A line that is not whole may still turn out to continue the block before it: "#" and then "#tag".
    while count > 0 and pieces[count].start >= lines:
        count -= 1
    return max(count, 0)


def _may_turn_to_text(last: Parsed, lines: int) -> bool:
    """Whether `last`, of which `lines` lines are whole, may still turn out to be the last lines of the block before it:
    a formula without its end ("$$" and then "$$a"), a table without its second line ("---" and then "---a")."""
    kind = last.tokens[0].type
    if kind == "math_block":
        return bool(last.tokens[0].meta["open"]) or last.end > lines
    return kind == "table_open" and last.start + 1 >= lines


def _closed_fence(token: Token) -> bool:
    if token.type != "fence" or token.map is None:
        return False
    return token.map[1] - token.map[0] == token.content.count("\n") + 2


def _offset(text: str, line: int) -> int:
    """Where line number `line` of `text` begins."""
    position = 0
    for _ in range(line):
        position = text.find("\n", position) + 1
        if position == 0:
            return len(text)
    return position
