"""What Datasette asks of us: hooks, each named as Datasette names it."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

from datasette import NotFound, Response, hookimpl
from datasette.filters import FilterArguments

from storage import coverage, queries, query_language, reading
from storage.exporting.html import to_html

_DAYS = 30
_PER_DAY = (
    "SELECT date(sort_key / 1000000, 'unixepoch') AS day, count(*) AS articles FROM articles"
    " WHERE sort_key >= strftime('%s', 'now', 'start of day', ?) * 1000000 GROUP BY day"
)
_CALENDAR = (
    "WITH RECURSIVE days (day) AS (SELECT date('now', ?) UNION ALL SELECT date(day, '+1 day') FROM days"
    " WHERE day < date('now')) SELECT day FROM days"
)
_NEWEST = (
    "SELECT id, title, source, lang, coalesce(published_at, fetched_at) AS published_at FROM articles"
    " ORDER BY sort_key DESC LIMIT 12"
)
_MOST = 32 * 1024 * 1024  # bytes of a value, and of an answer: as a page it takes ten times as many
_DATASETTES_OWN = {"_internal", "_memory"}  # no store of ours, whose file may well be called _news.db
_SAFE_PRAGMAS = {"schema_version", "query_only"}  # beside those that `pressclip query` allows
_ARTICLE_HEADERS = {
    # Nothing of an article runs or is fetched, whatever slipped through the escaping.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}


@hookimpl(trylast=True)  # Datasette's own escape_fts comes before
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Let the search boxes speak our query language, and let no statement write."""
    if database in _DATASETTES_OWN:
        return
    query_language.register(conn)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST)
    conn.row_factory = _within_bounds()
    conn.create_function("escape_fts", 1, lambda typed: query_language.parse(str(typed)).match or '""')
    queries.make_known(conn)
    conn.set_authorizer(_authorize)


def _within_bounds() -> Callable[[sqlite3.Cursor, tuple[Any, ...]], sqlite3.Row]:
    """Make rows as Datasette wants them, until an answer is too large: a page elsewhere may have a browser ask for it."""
    held: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        size = sum(len(value) for value in values if isinstance(value, (str, bytes)))
        held[cursor] = held.get(cursor, 0) + size
        if held[cursor] > _MOST:
            raise sqlite3.DataError(f"its answer holds more than {_MOST >> 20} MiB")
        return sqlite3.Row(cursor, values)

    return row


def _authorize(
    action: int, first: str | None, second: str | None, db: str | None, trigger: str | None
) -> int:
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _SAFE_PRAGMAS and second is None:
        return sqlite3.SQLITE_OK
    return queries.authorize(action, first, second, db, trigger)


@hookimpl
def filters_from_request(request: Any, table: str) -> FilterArguments | None:
    """Let since: and until: of a search bound it in time: the index does not hold dates."""
    if table != "articles" or not (typed := request.args.get("_search")):
        return None
    asked = query_language.parse(typed)
    bounds = {"search_first": asked.first, "search_end": asked.end}
    clauses = {"search_first": "sort_key >= :search_first", "search_end": "sort_key < :search_end"}
    given = {name: value for name, value in bounds.items() if value is not None}
    return FilterArguments([clauses[name] for name in given], given, list(asked.notes))


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Dress Datasette's own pages."""
    return [datasette.urls.path("clip/tables.css")]


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """A page an article."""
    return [(r"^/article/(?P<number>\d{1,18})$", article_page)]


async def article_page(request: Any, datasette: Any) -> Response:
    """Show an article to be read."""
    number = int(request.url_vars["number"])
    database = datasette.get_database()
    stored = await database.execute_fn(lambda conn: reading.get_article(conn, number))
    if stored is None:
        raise NotFound(f"no article {number}")
    copies = await database.execute_fn(lambda conn: coverage.copies_of(conn, number))
    page = await datasette.render_template(
        "article.html",
        {
            "id": number,
            "article": stored.article,
            "body": to_html(stored.article.markdown),
            "copies": copies,
            "row": datasette.urls.row(database.name, "articles", str(number)),
        },
        request=request,
    )
    return Response.html(page, headers=_ARTICLE_HEADERS)


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None) -> Any:
    """Lead from titles of articles to their pages."""
    from markupsafe import Markup

    if table == "articles" and column == "title" and "id" in row.keys():  # noqa: SIM118 - a row of SQLite
        return Markup('<a href="/article/{}">{}</a>').format(row["id"], value)
    return None


@hookimpl
def extra_template_vars(view_name: str, datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]] | None:
    """Give the front page its figures."""
    if view_name != "index":
        return None

    async def figures() -> dict[str, Any]:
        database = datasette.get_database()
        span = f"-{_DAYS - 1} days"
        counted = {row["day"]: row["articles"] for row in (await database.execute(_PER_DAY, [span])).rows}
        days = [row["day"] for row in (await database.execute(_CALENDAR, [span])).rows]
        most = max(counted.values(), default=0) or 1
        return {
            "name": database.name,
            "days": [(day, counted.get(day, 0), counted.get(day, 0) / most) for day in days],
            "newest": [dict(row) for row in (await database.execute(_NEWEST)).rows],
        }

    return figures


@hookimpl
def handle_exception(request: Any, exception: Exception) -> Response | None:
    """Say what a statement may do, where it tried more: Datasette takes that for a bug of its own."""
    if not isinstance(exception, sqlite3.DatabaseError):
        return None
    error = f"a statement may only read: {exception}"
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": error, "status": 400}, status=400)
    return Response.text(error, status=400)
