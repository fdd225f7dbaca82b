"""From a byline as written to the names in it."""

import re

from pipelines.describing.wording import fold, plain

_LABEL = re.compile(
    r"^(?:(?:written|reported|posted|published|story|words|text|article|analysis|reviewed|created|edited|post|interview)\s+)?by(?:\s*:\s*|\s+)"
    r"|^(?:author|writer|reporter|contributor|authors|editor|autor(?:in|en|es|a)?|auteure?s?|autore|writers?|text)\s*[:：]\s*"
    r"|^(?:von|par|por|de la redacci[oó]n de|di|av|door|af|przez|от|автор|фото|текст|texto|texte|testo)\s*[:：]?\s+"
    r"|^(?:著者|筆者|執筆者?|作者|文責|編著|投稿者|ライター|取材・文|取材・執筆|取材|文・写真|写真・文|構成|記者|记者|撰文|編輯|编辑|责任编辑|責任編集|责编|来源|작성자|글쓴이|글|기자|저자)\s*(?:[:：／/＝=]|\s)\s*"
    r"|^(?:文|text|TEXT|Text)\s*[／/:：＝=]\s*",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"\S+@\S+\.\S+|https?://\S+|(?<!\w)@\w+|\bwww\.\S+")
_BRACKETED = re.compile(r"\s*[(（\[［〔][^()（）\[\]［］〔〕]*[)）\]］〕]\s*")
_SPLIT = re.compile(
    r"\s*[;；、]\s*|\s+(?:and|und|et|y|och|og|en|with|con|e|и|oraz|ve)\s+|\s*[&＆|｜]\s*|\s+[/／]\s+|[／]|\s+[-–—·•]\s+|\s*，\s*",
)
_KANJI_DOT = re.compile(r"(?<=[\u3400-\u9fff])[・·](?=[\u3400-\u9fff])")
_ROLE = re.compile(
    r"^(?:ph\.?\s?d\.?|m\.?\s?d\.?|dvm|vmd|dacvb|rd|rdn|ms|ma|mba|cpa|cfa|jd|j\.d\.|esq\.?|rn|np|jr\.?|sr\.?|faan|fand|facp|faclm|lcsw|mph|pharmd|ba|lvt|dds|dmd|.*\b(?:editor|"
    r"reporter|writer|correspondent|contributor|columnist|journalist|producer|founder|co-founder|ceo|cto|coo|cmo|director|manager|president|chief|"
    r"professor|specialist|analyst|strategist|head of|vp|officer|engineer|expert|consultant|coach|author|redakteur(?:in)?|reporterin)\b.*)$",
    re.IGNORECASE,
)
_TITLE_AFTER = re.compile(
    r"\s*(?:記者|記者ら|特派員|通信員|編集委員|論説委員|기자|특파원|논설위원|선임기자|인턴기자|记者|通讯员)$"
)
_DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d{2}|\b\d{1,2},? (?:19|20)\d\d\b"
)
_NOBODY = frozenset(
    fold(name)
    for name in [
        "admin",
        "administrator",
        "root",
        "user",
        "guest",
        "unknown",
        "anonymous",
        "author",
        "editor",
        "none",
        "null",
        "undefined",
        "n/a",
        "by",
        "webmaster",
        "wordpress",
        "super_user",
        "superuser",
        "administrador",
        "default",
        "test",
        "share",
        "follow",
        "编辑",
        "作者",
        "佚名",
        "未知",
        "匿名",
    ]
)
_LONGEST = 80
_MOST = 20


def people(raw: object) -> tuple[str, ...]:
    """The names in one byline, in its order.

    >>> people("By Ann Lee and Bo Chan, Senior Reporter")
    ('Ann Lee', 'Bo Chan')
    >>> people("著者：山田 太郎（編集部）")
    ('山田 太郎',)
    >>> people("김철수 기자 kim@example.com")
    ('김철수',)
    >>> people("https://example.com/author/ann")
    ()
    """
    line = plain(raw)
    if line.startswith(("http://", "https://", "//", "www.")):
        return ()
    line = _CONTACT.sub(" ", line)
    date = _DATE.search(line)
    if date:
        line = line[: date.start()]
    line = _LABEL.sub("", line.strip())
    line = _BRACKETED.sub(" ", line).strip() or line
    found: dict[str, str] = {}
    for part in _parts(line):
        name = _name(part)
        if name and fold(name) not in found and len(found) < _MOST:
            found[fold(name)] = name
    return tuple(found.values())


def _parts(line: str) -> list[str]:
    parts: list[str] = []
    for piece in _SPLIT.split(_KANJI_DOT.sub("、", line)):
        pieces = re.split(r"\s*,\s*(?:and\s+|und\s+|et\s+)?", piece)
        parts.extend(item for i, item in enumerate(pieces) if i == 0 or not _ROLE.match(item))
    return [part for part in parts if part.strip()]


def _name(part: str) -> str:
    name = _LABEL.sub("", part.strip(' \t,.:：;、。|-–—/／·•\u3000"')).strip()
    name = _TITLE_AFTER.sub("", name).strip(" ,:：")
    folded = fold(name)
    if not folded or folded in _NOBODY or len(name) > _LONGEST or folded.isdigit():
        return ""
    return name
