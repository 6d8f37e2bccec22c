"""The allow list that every piece of rendered HTML passes, whatever produced it."""

from __future__ import annotations

import nh3

_TEXT = (
    "p br hr h1 h2 h3 h4 h5 h6 em strong s code pre blockquote ul ol li a img span div figure figcaption button input"
)
_TABLE = "table thead tbody tr th td"
_MATH = (
    "math mrow mi mo mn ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose "
    "msub msup msubsup munder mover munderover mtable mtr mtd"
)
_MATH_ATTRIBUTES = (
    "xmlns display displaystyle scriptlevel mathvariant mathsize stretchy fence separator form accent movablelimits "
    "minsize maxsize lspace rspace linethickness columnalign rowspacing columnspacing columnlines rowlines notation "
    "width height depth voffset"
)

_SOME: dict[str, set[str]] = {
    "a": {"href", "class", "title"},
    "img": {"src", "alt", "title", "class", "loading"},
    "ol": {"start", "dir", "class"},
    "ul": {"dir", "class"},
    "li": {"class", "dir"},
    "p": {"dir"},
    "blockquote": {"dir"},
    "table": {"dir"},
    "th": {"class", "scope"},
    "td": {"class"},
    "code": {"class"},
    "pre": {"class"},
    "span": {"class", "title"},
    "div": {"class", "title"},
    "figure": {"class", "data-lang"},
    "button": {"type", "class", "data-act", "data-number", "aria-label", "title"},
    "input": {"type", "class", "checked", "disabled"},
}
_ATTRIBUTES: dict[str, set[str]] = {
    **_SOME,
    **{f"h{level}": {"dir"} for level in range(1, 7)},
    **{name: {str(word) for word in _MATH_ATTRIBUTES.split()} for name in _MATH.split()},
}

_CLEANER = nh3.Cleaner(
    tags=set(f"{_TEXT} {_TABLE} {_MATH}".split()),
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}, "input": {"disabled": ""}},
)


def clean(html: str) -> str:
    """`html` with everything dropped that is not on the allow list; links open in a new tab without a referrer."""
    return _CLEANER.clean(html)
