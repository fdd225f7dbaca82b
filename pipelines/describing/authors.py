"""Who wrote it: names as the page's voices give them, people before organisations."""

import re
from collections.abc import Iterable, Sequence

from pipelines.describing import bylines
from pipelines.describing.jsonld import LinkedData, Node, types
from pipelines.describing.markup import Markup
from pipelines.describing.names import has_two_parts
from pipelines.describing.organisations import is_company, is_organisation
from pipelines.describing.people import people
from pipelines.describing.wording import fold, plain

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

_JOINT = re.compile(r"\s(?:and|und|et|y|e|&)\s")
_LOGIN = re.compile(r"[a-z]+(?:[._-][a-z0-9]+)+")  # not what anybody is called
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
            logins = all(_LOGIN.fullmatch(name) for name in names)
            more = persons(bylines.marked(markup.root, sure=True), sites, chinese=chinese)
            if set(map(fold, more)) > set(map(fold, names)) or (
                logins and all(map(has_two_parts, more)) and more
            ):
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
        found: dict[str, str] = {}
        for claim in claims:
            for name in _people_of(linked, claim):
                found.setdefault(fold(name), name)
        if found:
            return tuple(found.values())
    return ()


def _people_of(linked: LinkedData, claim: object) -> tuple[str, ...]:
    """The names in one claim; an organisation's is one name, whatever joins its words."""
    found = _all_people(_names(linked, claim))
    node = linked.resolve(claim)
    if isinstance(node, dict) and any("Organization" in kind for kind in types(node)):
        name = plain(node.get("name"))
        return (name,) if _JOINT.search(name) and not all(map(has_two_parts, found)) else found
    return found


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
        names = people(raw)
        for name in (plain(raw),) if _is_one(names) else names:
            found.setdefault(fold(name), name)
    return tuple(found.values())


def _is_one(names: tuple[str, ...]) -> bool:
    """Whether what was taken for several names is that of one desk or agency with an "and" in it."""
    return (
        len(names) > 1
        and is_organisation(names[0], ())
        and not any(has_two_parts(name) or is_organisation(name, ()) for name in names[1:])
    )
