"""Is it an article at all? Walls, shells, lists and stubs are told apart, each with its reason."""

import re
from collections.abc import Sequence

from lxml import html

from pipelines.blocks import Block, Box
from pipelines.lines import link_share
from pressclip.models import ArticleKind

#: Fewer units than this are no article in any language: about eight English words, eight characters of Japanese.
LEAST = 8
#: Up to this length a wall before the text is what the page is about; longer texts stand before or behind it.
STUB = 150
#: A sentence or two of so many units tell a story; a wall has less to say.
TELLING = 30
#: So many blocks below the text may speak of it; what follows speaks of other articles.
BELOW = 6
#: A page with fewer units in all of its blocks is an empty frame for a program.
EMPTY = 60
#: A page whose text is for the most part links, in so many lines, lists articles.
LINES = 6
#: So does one whose text stands for the most part in teasers: a linked line and little else in a box of its own.
TEASED = 0.8
TEASER_LINES = 5
TEASER = 100  # units
MESSAGE = 20  # units; longer lines tell of such messages
ABOVE = 2  # blocks above the text in which a page may say that it is missing
TEASER_TITLE = 2  # units

_SCRIPT = re.compile(
    r"enable javascript|javascript (?:is )?(?:disabled|required)|requires javascript|turn on javascript|JavaScriptを有効"
    r"|JavaScriptが(?:無効|オフ)|启用 ?JavaScript|啟用 ?JavaScript|자바스크립트|JavaScript를|JavaScript (?:aktivieren|activé)",
    re.IGNORECASE,
)
#: Ids of the box into which a program puts the page.
_MOUNTS = frozenset({"root", "app", "__next", "__nuxt", "___gatsby"})
_CONSENT = re.compile(
    r"before you continue|we value your privacy|(?:we|uses?) cookies|use of cookies|we and our (?:[0-9,.]+ )?partners|manage (?:cookies|consent)|cookie(?:s)? (?:consent|settings)"
    r"|privacy (?:choices|settings)|manage your choices|consent|datenschutz-?einstellungen|zustimmung|クッキー|Cookieの使用|쿠키",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\blog ?in\b|\bsign ?in\b|\bpassword\b|ログイン|パスワード|登录|登入|密码|密碼|로그인|비밀번호|anmelden|se connecter|iniciar sesión",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe to (?:continue|read|unlock)|to (?:continue|keep) reading|(?:subscribers?|members?)[- ]only|already a subscriber"
    r"|this (?:article|post|story|content) is for (?:paid |paying )?(?:subscribers|members)"
    r"|会員限定|有料(?:会員|記事)|続きを読むには|続きは|残り.{0,3}[0-9０-９]+.{0,3}文字"
    r"|登录后(?:阅读|查看)|订阅后|付费阅读|訂閱(?:後|會員)|會員(?:限定|專屬)|회원 ?전용|유료 ?(?:회원|기사)|구독(?:하고|하시면)"
    r"|nur für abonnenten|réservé aux abonnés|solo para suscriptores",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"page (?:was |could |can)?(?:not|n[o’']t)(?: be)? found|(?:page|article|story) (?:you|that you)[^.]{0,40} (?:does not|doesn[’']t|no longer) exist"
    r"|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada"
    r"|ページ(?:は|が)(?:見つかりません|存在しません)|记录不存在|(?:页面|頁面)(?:不存在|未找到)|找不到(?:页面|頁面|网页|網頁)|페이지를 찾을 수 없",
    re.IGNORECASE,
)
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)


def kind_of(
    tree: html.HtmlElement, blocks: Sequence[Block], kept: Sequence[Block]
) -> tuple[ArticleKind, str | None]:
    """What a page is, and why if it is no article.

    Args:
        tree: the whole page.
        blocks: all that a reader sees.
        kept: the part of them that was taken for the article.
    """
    units = sum(block.units for block in kept)
    if sum(block.units for block in blocks) < EMPTY and _is_shell(tree, _all_text(blocks)):
        return "script", "the text is put in by a program"
    if units < STUB and (stub := _stub(tree, blocks, kept, units)):
        return stub
    if reason := _listing(blocks, kept, units):
        return "list", reason
    if units < LEAST:
        return "thin", f"{sum(len(block.text) for block in kept)} characters of text"
    return "article", None


def _all_text(blocks: Sequence[Block]) -> str:
    return " ".join(block.text for block in blocks)


def _stub(
    tree: html.HtmlElement, blocks: Sequence[Block], kept: Sequence[Block], units: float
) -> tuple[ArticleKind, str] | None:
    """What stands in the place of an article, where there is little text."""
    told = any(block.prose and block.units >= TELLING for block in kept)
    if not told and tree.find(".//input[@type='password']") is not None and _LOGIN.search(_all_text(blocks)):
        return "login", f"asks for a password; {units:.0f} words of text"
    if _consents(blocks, kept):
        return "consent", "asks for consent to cookies"
    first = kept[0].index if kept else ABOVE
    above = blocks[max(0, first - ABOVE) : first]
    if any(block.units < MESSAGE and _MISSING.search(block.text) for block in (*above, *kept)):
        return "thin", "says that there is no such page"
    if any(_PAYWALL.search(block.text) for block in _near(blocks, kept)) or _is_paid(tree):
        return "teaser", f"{units:.0f} words before a paywall"
    return None


def _listing(blocks: Sequence[Block], kept: Sequence[Block], units: float) -> str:
    """Why a page is a list of articles; empty if it is none."""
    if not any(block.prose for block in kept):
        linked = sum(block.link_units for block in kept)
        if len(kept) >= LINES and linked > 0.7 * units:
            return f"{len(kept)} lines, {linked / units:.0%} of them links"
        cards = _cards(blocks)
        if len(cards) >= LINES and (units < STUB or _within(kept, cards) > units / 2):
            return f"{len(cards)} cards with a link each"
    teasers = _teasers(blocks)
    held = {box for block in kept for box in block.box.chain() if box in teasers}
    if len(held) >= LINES / 2 and _within(kept, teasers) > TEASED * units:
        return f"{len(teasers)} teasers"
    return ""


def _within(kept: Sequence[Block], boxes: set[Box]) -> float:
    """Units of the blocks that stand in one of these boxes."""
    return sum(block.units for block in kept if any(box in boxes for box in block.box.chain()))


def _near(blocks: Sequence[Block], kept: Sequence[Block]) -> Sequence[Block]:
    """The article, what stands within, and a few lines below it; all of a page without an article."""
    return blocks[kept[0].index : kept[-1].index + 1 + BELOW] if kept else blocks


def _is_shell(tree: html.HtmlElement, text: str) -> bool:
    asked = " ".join(element.text_content() for element in tree.iter("noscript"))
    if _SCRIPT.search(text) or _SCRIPT.search(asked):
        return True
    mounted = any(element.get("id") in _MOUNTS for element in tree.iter("div", "main"))
    return mounted and next(tree.iter("script"), None) is not None


def _consents(blocks: Sequence[Block], kept: Sequence[Block]) -> bool:
    """Whether the first lines, or most of what was kept, speak of consent."""
    telling = sum(block.units for block in kept if _CONSENT.search(block.text))
    return telling > sum(block.units for block in kept) / 2 or (
        not any(block.prose for block in kept) and any(_CONSENT.search(block.text) for block in blocks[:5])
    )


def _is_paid(tree: html.HtmlElement) -> bool:
    return any(
        _NOT_FREE.search(script.text or "")
        for script in tree.iter("script")
        if "json" in (script.get("type") or "")
    )


def _cards(blocks: Sequence[Block]) -> set[Box]:
    """The `<article>` boxes of the page that begin with a link."""
    first: dict[Box, Block] = {}
    for block in blocks:
        card = next((box for box in block.box.chain() if box.tag == "article"), None)
        if card is not None:
            first.setdefault(card, block)
    return {card for card, block in first.items() if link_share(block) > 0.8}  # noqa: PLR2004 -- all but a date


def _teasers(blocks: Sequence[Block]) -> set[Box]:
    """The boxes, six or more side by side, that hold a linked line and a few others."""
    rows: dict[Box, set[Box]] = {}
    for block in blocks:
        if link_share(block) > 0.8 and block.units >= TEASER_TITLE:  # noqa: PLR2004 -- all but a mark
            box = block.box
            while box.blocks == 1 and box.parent is not None:
                box = box.parent
            if box.parent is not None and box.blocks <= TEASER_LINES and box.units <= TEASER:
                rows.setdefault(box.parent, set()).add(box)
    return set().union(*(row for row in rows.values() if len(row) >= LINES))
