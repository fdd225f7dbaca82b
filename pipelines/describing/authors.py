"""Who wrote it: names as the page's voices give them, people before organisations."""

import re
from collections.abc import Iterable, Sequence

from pipelines.describing import bylines
from pipelines.describing.jsonld import LinkedData, Node, types
from pipelines.describing.markup import Markup
from pipelines.describing.organisations import is_company, is_organisation
from pipelines.describing.people import people
from pipelines.describing.wording import fold

_METAS = (
    "citation_author",
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "og:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "byline",
    "cxenseparse:author",
)

_WRITTEN = re.compile(
    r"written|author|verfasst|geschrieben|autor|écrit|escrito|scritto|door|作者|著者|執筆|글쓴이|작성",
    re.IGNORECASE,
)

Found = tuple[tuple[str, ...], str]


def authors(
    markup: Markup,
    linked: LinkedData,
    node: Node | None,
    fed: Iterable[str],
    sites: Sequence[str],
    *,
    chinese: bool,
) -> Found:
    """The authors as elements and data name them, and where; an empty tuple if nobody names them.

    Args:
        markup: of the page.
        linked: its JSON-LD.
        node: the article in it.
        fed: the feed's authors.
        sites: names the site goes by: a claim of these is the last to be believed.
        chinese: whether the page is Chinese.
    """
    claims: list[Found] = []
    if node is not None:
        claims.append((_claimed(linked, node), "json-ld"))
    claims += [(_all_people(markup.metas.get(name, ())), name) for name in _METAS]
    if _WRITTEN.search(markup.meta("twitter:label1")[0]):
        claims.append((people(markup.meta("twitter:data1")[0]), "twitter:data1"))
    first = next((names for names, _ in claims if names), ())
    for names, origin in claims:
        if persons(names, sites, chinese=chinese) and (
            names == first or any(" " in name or not name.isascii() for name in names)
        ):
            more = persons(bylines.marked(markup.root, sure=True), sites, chinese=chinese)
            if set(map(fold, more)) > set(map(fold, names)):
                return more, "byline"
            return tuple(name for name in names if not is_company(name)), origin
    weak = bool(first)
    names = bylines.marked(markup.root, sure=weak)
    if persons(names, sites, chinese=chinese):
        return names, "byline"
    claims.append((names, "byline"))
    claims.append((_all_people(fed), "feed"))
    return next(((names, origin) for names, origin in claims if names), ((), ""))


def persons(names: Iterable[str], sites: Iterable[str], *, chinese: bool) -> tuple[str, ...]:
    """Those of the names that are people's."""
    known = tuple(sites)
    return tuple(name for name in names if not is_organisation(name, known, chinese=chinese))


def _claimed(linked: LinkedData, node: Node) -> tuple[str, ...]:
    for key in ("author", "creator", "contributor"):
        value = node.get(key)
        claims = value if isinstance(value, list) else [value]
        if found := _all_people(name for claim in claims for name in _names(linked, claim)):
            return found
    return ()


def _names(linked: LinkedData, claim: object) -> tuple[object, ...]:
    claim = linked.resolve(claim)
    if not isinstance(claim, dict):
        return (claim,)
    name = claim.get("name")
    if isinstance(name, list):
        return tuple(name)
    if isinstance(name, dict):
        return (name.get("name"),)
    if not name and "Person" in types(claim):
        return (f"{claim.get('givenName') or ''} {claim.get('familyName') or ''}",)
    return (name,)


def _all_people(raws: Iterable[object]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for raw in raws:
        for name in people(raw):
            found.setdefault(fold(name), name)
    return tuple(found.values())
