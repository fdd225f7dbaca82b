"""The store as a Datasette application: what it is told of our tables."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressclip.web import plugin

if TYPE_CHECKING:
    from datasette.app import Datasette

_HERE = Path(__file__).parent
_SETTINGS = {
    "sql_time_limit_ms": 3000,
    "max_returned_rows": 1000,
    "default_page_size": 50,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,  # it tries each column of a large table
    "truncate_cells_html": 300,
    "allow_download": False,  # `pressclip backup` copies a store that is written to
    "num_sql_threads": 3,
}
_QUERIES = {
    "today_by_source": {
        "title": "Today, by source",
        "sql": """
            SELECT source, count(*) AS articles, min(published_at) AS first, max(published_at) AS last FROM articles
            WHERE sort_key >= strftime('%s', 'now', 'start of day') * 1000000
            GROUP BY source ORDER BY articles DESC""",
    },
    "biggest_stories": {
        "title": "The stories of a week that most sources carried",
        "sql": """
            SELECT story_id, (SELECT title FROM articles AS one WHERE one.id = articles.story_id) AS title,
              count(DISTINCT source) AS sources, group_concat(DISTINCT source) AS carried_by FROM articles
            WHERE story_id IS NOT NULL AND sort_key >= strftime('%s', 'now', '-7 days') * 1000000
            GROUP BY story_id ORDER BY sources DESC, story_id DESC LIMIT 100""",
    },
    "silent_sources": {
        "title": "Sources that have brought nothing new for a week",
        "sql": """
            SELECT name, url, last_new_at, last_ok_at, failures, last_reason FROM sources WHERE enabled
              AND (last_new_at IS NULL OR last_new_at < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-7 days'))
            ORDER BY last_new_at""",
    },
    "topics_by_day": {
        "title": "The topics of a month, by day",
        "sql": """
            SELECT substr(coalesce(published_at, fetched_at), 1, 10) AS day, topic.value AS topic, count(*) AS articles
            FROM articles, json_each(articles.topics) AS topic
            WHERE sort_key >= strftime('%s', 'now', '-30 days') * 1000000
            GROUP BY day, topic ORDER BY day DESC, articles DESC""",
    },
}


def application(db: Path) -> "Datasette":
    """Make the application for one store; nothing in it can write."""
    from datasette.app import Datasette
    from datasette.plugins import pm

    # With it, each mistake in a user's SQL is printed with all local variables.
    pm.get_plugin("datasette.handle_exception").rich = None
    if not pm.is_registered(plugin):
        pm.register(plugin, "pressclip")
    return Datasette(
        [str(db)],
        metadata=_metadata(db.stem),
        settings=_SETTINGS,
        template_dir=str(_HERE / "templates"),
        static_mounts=[("clip", str(_HERE / "static"))],
    )


def _metadata(name: str) -> dict[str, Any]:
    """What Datasette says of the tables, from the words of the schema."""
    from storage.schema import describe

    tables: dict[str, Any] = {
        table.name: {
            "description": table.doc,
            "columns": {column: meaning for column, _, meaning in table.columns},
            "allow_sql": True,
        }
        for table in describe()
    }
    tables["articles"] |= {
        "label_column": "title",
        "sort_desc": "sort_key",
        "fts_table": "articles_fts",
        "fts_pk": "sort_key",
        "facets": ["source", "lang", {"array": "topics"}, "story_id"],
        "facet_size": 12,
    }
    tables["pages"] |= {"sort_desc": "id"}
    return {"title": "pressclip", "databases": {name: {"tables": tables, "queries": _QUERIES}}}
