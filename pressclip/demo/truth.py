"""What a page of the demo site holds, known because we wrote it: to compare with what came out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser

from pressclip.demo.pages import Piece
from pressclip.demo.story import Story, cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One page. Times are UTC, ISO 8601; texts are plain."""

    url: str
    source: str  # name of the source whose feed lists it
    title: str
    authors: tuple[str, ...]
    published_at: str
    updated_at: str | None
    lang: str
    topic: str
    tags: tuple[str, ...]
    summary: str
    image_url: str
    site_name: str
    body: tuple[str, ...]  # each paragraph, heading, list item, quote and table cell, in order
    boilerplate: tuple[str, ...]  # each text on the page that does not belong to the article, captions too

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the parts of the body that a cleaned text lacks."""
        found = _folded(text)
        return tuple(part for part in self.body if _folded(part) not in found)

    def leaks(self, text: str) -> tuple[str, ...]:
        """Return the boilerplate that a cleaned text has; words that the body has too only as lines of their own."""
        own = _folded(self.title + "".join(self.body))
        found = _folded(text)
        lines = {_folded(line.lstrip("#>-*・0123456789. ")) for line in text.splitlines()}
        lines -= {_folded(part) for part in (self.title, *self.body)}
        return tuple(
            line for line in self.boilerplate if _folded(line) in (lines if _folded(line) in own else found)
        )


def describe(
    story: Story, pieces: Iterable[Piece], *, url: str, source: str, image_url: str, site_name: str
) -> Truth:
    """Return the truth of a story's page."""
    furniture = dict.fromkeys(text for piece in pieces if piece.is_furniture for text in texts(piece.html))
    return Truth(
        url=url,
        source=source,
        title=story.title,
        authors=story.authors,
        published_at=_utc(story.published),
        updated_at=_utc(story.updated) if story.updated else None,
        lang=story.lang,
        topic=story.topic,
        tags=story.tags,
        summary=story.summary,
        image_url=image_url,
        site_name=site_name,
        body=tuple(_parts(story)),
        boilerplate=tuple(furniture),
    )


def texts(html: str) -> list[str]:
    """Return the visible texts between the tags of a page or a part of it.

    >>> texts("<script>x</script><p>By <b>A</b> &amp; B</p>")
    ['By', 'A', '& B']
    """
    reader = _Texts()
    reader.feed(html)
    reader.close()
    return reader.found


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - given by the base
        if tag in {"script", "style", "title"}:
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._hidden:
            self.found.append(data.strip())


def _parts(story: Story) -> Iterable[str]:
    for block in story.blocks:
        if block.kind == "table":
            yield from (cell for row in block.lines for cell in cells(row))
        elif block.kind != "figure":
            yield from block.lines


def _folded(text: str) -> str:
    return "".join(text.split())


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
