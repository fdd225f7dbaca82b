"""Lists of subscriptions, in and out: what an OPML file adds to sources.toml, and sources as OPML. Pure.

Subscription -> table of sources.toml          Source -> outline, in a folder for its first topic
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from pressclip import source_names
from pressclip.models import KINDS, Source
from spiders.reading.opml import OURS, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a list adds."""

    tables: tuple[Mapping[str, Any], ...]  # for sources.toml, in the list's order
    duplicates: tuple[str, ...]  # addresses that are there already, or came twice


def plan(found: Iterable[Subscription], existing: Sequence[Mapping[str, Any]]) -> Plan:
    """Turn subscriptions into tables, each with a name of its own; `existing` are the tables that are there."""
    taken = {str(table.get("name", "")) for table in existing}
    there = {str(table[kind]) for table in existing for kind in KINDS if kind in table}
    tables: list[dict[str, Any]] = []
    duplicates: list[str] = []
    for each in found:
        if each.url in there:
            duplicates.append(each.url)
            continue
        name = each.name if each.name and each.name not in taken else None
        made = table(each, name or source_names.unique(each.title, each.url, taken))
        taken.add(made["name"])
        there.add(each.url)
        tables.append(made)
    return Plan(tables=tuple(tables), duplicates=tuple(duplicates))


def table(found: Subscription, name: str) -> dict[str, Any]:
    """Make the table of one subscription."""
    values = {
        "name": name,
        "feed": found.url,
        "title": found.title,
        "homepage": found.homepage,
        "lang": found.lang,
        "topics": list(found.topics),
        "enabled": None if found.enabled else False,
    }
    return {key: value for key, value in values.items() if value is not None and value != []}


def opml(sources: Iterable[Source], *, title: str) -> str:
    """Write feeds as OPML 2.0 that other readers take; what is disabled is a comment, as OPML has it.

    Raises:
        ValueError: a source is no feed; other readers would take it for one.
    """
    ET.register_namespace("pressclip", OURS)
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    folders: dict[str, ET.Element] = {}
    for source in sources:
        if source.kind != "feed":
            raise ValueError(f"{source.name} is no feed")
        place = body
        if source.topics:
            topic = source.topics[0]
            if topic not in folders:
                folders[topic] = ET.SubElement(body, "outline", text=topic, title=topic)
            place = folders[topic]
        ET.SubElement(place, "outline", _attributes(source))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _attributes(source: Source) -> dict[str, str]:
    label = source.title or source.name
    values = {
        "type": "rss",  # of whatever dialect: the word is the standard's
        "text": label,
        "title": label,
        "xmlUrl": source.url,
        "htmlUrl": source.homepage,
        "language": source.lang,
        "category": ",".join(topic.replace(",", " ").replace("/", " ") for topic in source.topics) or None,
        "isComment": None if source.enabled else "true",
        f"{{{OURS}}}name": source.name,
    }
    return {key: value for key, value in values.items() if value is not None}
