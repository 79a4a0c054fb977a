"""Editors' Markdown to HTML that is safe and fits under the page's own headings."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

LOWEST_HEADING = 6
ALLOWED = {
    "p": set(),
    "ul": {"class"},
    "ol": {"class", "start"},
    "li": set(),
    "strong": set(),
    "em": set(),
    "a": {"href"},
    "blockquote": set(),
    "br": set(),
    **{f"h{level}": {"class"} for level in range(2, LOWEST_HEADING + 1)},
}
HEADING_CLASSES = {2: "nhsuk-heading-m", 3: "nhsuk-heading-s"}
_reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "hr"])


def _fit(token: Token, top: int) -> None:
    """Give headings the level and class that they have on the page, and lists their class."""
    if token.type in {"heading_open", "heading_close"}:
        # An editor's first level is written "##"; "#" counts as the same, since the page has its one h1.
        level = min(top + max(int(token.tag[1]) - 2, 0), LOWEST_HEADING)
        token.tag = f"h{level}"
        if token.nesting == 1:
            token.attrSet("class", HEADING_CLASSES.get(level, "nhsuk-heading-xs"))
    elif token.type == "bullet_list_open":
        token.attrSet("class", "nhsuk-list nhsuk-list--bullet")
    elif token.type == "ordered_list_open":
        token.attrSet("class", "nhsuk-list nhsuk-list--number")


@lru_cache(maxsize=2048)
def to_html(text: str, top: int = 2) -> str:
    """Turn Markdown into clean HTML; its highest heading becomes h`top` (2 to 6).

    Raw HTML is shown as text; images and code are not read; links lead to http, https, mailto or tel only.
    Remembered for the last 2,048 texts, since pages are read far more often than edited.
    """
    tokens = _reader.parse(text)
    for token in tokens:
        _fit(token, top)
    html = _reader.renderer.render(tokens, _reader.options, {})
    return nh3.clean(
        html,
        tags=set(ALLOWED),
        attributes={tag: names for tag, names in ALLOWED.items() if names},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
