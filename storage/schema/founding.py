"""The tables of the first release. They stay as they are: files made by them are out there.

The comments in the SQL are the documentation (docs/storage.md). Columns of `articles` come from `models.Article`.
"""

from storage.columns import COLUMNS

# A definition's comma stands before its comment, so the last column of the articles ends without one.
_ARTICLE_COLUMNS = "\n".join(f"    {column.definition}, -- {column.doc}" for column in COLUMNS)

_SOURCES = """
-- Where articles come from: what sources.toml says, and how polling goes.
CREATE TABLE sources (
    name TEXT PRIMARY KEY, -- Its name in sources.toml.
    kind TEXT NOT NULL, -- `feed`, `sitemap` or `page`.
    url TEXT NOT NULL, -- Its address in sources.toml.
    lang TEXT, -- Language its articles are written in unless they say otherwise (BCP 47).
    topics TEXT NOT NULL DEFAULT '[]', -- Its topics, as a JSON array.
    interval INTEGER NOT NULL DEFAULT 3600, -- Seconds between two polls, at least.
    enabled INTEGER NOT NULL DEFAULT 1, -- 0: not polled.
    title TEXT, -- The name people know it by.
    homepage TEXT, -- Its front page.
    asked_url TEXT, -- The address that etag, last_modified and body_hash came from.
    etag TEXT, -- Last ETag, byte for byte.
    last_modified TEXT, -- Last Last-Modified, byte for byte.
    body_hash TEXT, -- Hash of the last body.
    feed_title TEXT, -- What the feed calls itself.
    last_asked_at TEXT, -- When it was last polled (UTC).
    last_ok_at TEXT, -- When it last answered with a feed, or that nothing changed (UTC).
    last_new_at TEXT, -- When it last had an entry that was new (UTC).
    next_poll_at TEXT, -- Not to be polled before (UTC).
    failures INTEGER NOT NULL DEFAULT 0, -- Failed polls in a row.
    last_status INTEGER, -- HTTP status of the last answer.
    last_reason TEXT, -- Why the last poll failed; null: it did not.
    wait_until TEXT, -- Its server asked for no request before (UTC; Retry-After).
    max_age INTEGER, -- Seconds for which its last answer said to stay fresh.
    ttl INTEGER, -- Minutes between two polls that the feed asks for.
    period INTEGER, -- Seconds between two updates that the feed announces (sy:updatePeriod).
    skip_hours TEXT NOT NULL DEFAULT '[]', -- Hours (GMT) in which the feed asks not to be polled, as a JSON array.
    skip_days TEXT NOT NULL DEFAULT '[]', -- Days on which the feed asks not to be polled, as a JSON array.
    gap INTEGER, -- Seconds between two of its entries, as a median.
    newest_at TEXT, -- Date of its newest entry, never later than the poll (UTC).
    off_at TEXT, -- When it answered 410 (UTC): not polled until it is named with --force.
    moved_to TEXT, -- Address adopted after permanent redirects, polled instead of url.
    moving_to TEXT, -- Address that permanent redirects lead to, not adopted yet.
    moving_runs INTEGER NOT NULL DEFAULT 0, -- Polls in a row that agree on moving_to.
    problems TEXT NOT NULL DEFAULT '[]' -- What of the last feed could be read only in part, as a JSON array.
) STRICT
"""

_MOVES = """
-- Addresses of sources that were replaced after permanent redirects.
CREATE TABLE moves (
    id INTEGER PRIMARY KEY, -- Number of the move.
    source TEXT NOT NULL, -- Name of the source.
    from_url TEXT NOT NULL, -- The address before.
    to_url TEXT NOT NULL, -- The address from then on.
    adopted_at TEXT NOT NULL -- When it was adopted (UTC).
) STRICT
"""

_HOSTS = """
-- Public hosts: whether one wants to be left alone.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY, -- Its name, in lower case.
    ok_on TEXT, -- The last day on which it answered well (UTC).
    refusals INTEGER NOT NULL DEFAULT 0, -- Answers of 403 in a row.
    rests INTEGER NOT NULL DEFAULT 0, -- Rests in a row, without a good answer between.
    rest_until TEXT, -- No request before (UTC).
    rest_reason TEXT -- Why: `http_429`, `http_503`, `http_403` or `challenged`.
) STRICT
"""

_ROBOTS = """
-- What robots.txt said, site by site.
CREATE TABLE robots (
    site TEXT PRIMARY KEY, -- Scheme, host and port.
    asked_at TEXT NOT NULL, -- When it was last asked (UTC).
    next_at TEXT NOT NULL, -- Not to be asked before (UTC).
    status INTEGER, -- HTTP status of the last answer; null: there was none.
    body TEXT, -- What it last said; null: nothing.
    failing_since TEXT -- It has not answered since (UTC); null: it answers.
) STRICT
"""

_ENTRIES = """
-- The frontier: every item ever seen in a feed or added by hand, and what became of it.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, -- Number of the entry.
    source TEXT, -- Name of the source; null for one-off additions.
    guid TEXT NOT NULL, -- Identity within its feed.
    url TEXT, -- Address of the article; null where the feed gave none that can be fetched.
    url_key TEXT UNIQUE, -- Identity of the article: the same article in two feeds is one entry.
    entry TEXT NOT NULL, -- What the feed said of it, as a JSON object.
    updated_at TEXT, -- Last update that the feed claims (UTC).
    updated_raw TEXT, -- The same, as written.
    dated_at TEXT NOT NULL, -- Publication that the feed claims, never later than first seen: newest first.
    state TEXT NOT NULL CHECK (state IN
        ('waiting', 'done', 'rejected', 'failed', 'denied', 'gone', 'bad_url')), -- `waiting` to be fetched, `done`, `rejected` (no article), `failed`, `denied` (robots.txt), `gone` (404, 410) or `bad_url`.
    attempts INTEGER NOT NULL DEFAULT 0, -- Fetches tried since it last began to wait.
    retry_at TEXT, -- Not to be tried before (UTC); null in state `failed`: not by itself.
    reason TEXT, -- Why there is no article, such as `http_404`.
    first_seen_at TEXT NOT NULL, -- When it was first seen (UTC).
    last_tried_at TEXT, -- When it was last fetched (UTC).
    article_id INTEGER REFERENCES articles (id) -- The article it became.
) STRICT
"""

_ARTICLES = f"""
-- The clean articles, one row each.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, -- Number of the article.
{_ARTICLE_COLUMNS}
    sort_key INTEGER NOT NULL UNIQUE, -- Place in time, newest highest: seconds since 1970 of publication (of fetching, if that is unknown or earlier), times a million, plus a number. Key of `articles_fts`.
    page_id INTEGER REFERENCES pages (id) -- The page this version was made from.
) STRICT
"""

_PAGES = """
-- Pages as they were served, so that all else can be made again without a request.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, -- Number of the page.
    entry_id INTEGER REFERENCES entries (id), -- The entry that led here; null for files and standard input.
    article_id INTEGER REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED, -- The article it holds; null: none.
    source TEXT, -- Name of the source that led here.
    url TEXT NOT NULL, -- Address as asked.
    final_url TEXT NOT NULL, -- Address after redirects.
    status INTEGER NOT NULL, -- HTTP status.
    content_type TEXT, -- The header, with its charset.
    fetched_at TEXT NOT NULL, -- When it was fetched (UTC); for the same body again, when it was last.
    etag TEXT, -- Its ETag, byte for byte.
    last_modified TEXT, -- Its Last-Modified, byte for byte.
    body_hash TEXT NOT NULL, -- SHA-256 of the body.
    body BLOB NOT NULL -- The body, compressed with zstd.
) STRICT
"""

_REVISIONS = """
-- Other versions of an article: the one before it changed, or one that was too poor to replace it.
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY, -- Number of the revision.
    article_id INTEGER NOT NULL REFERENCES articles (id), -- The article.
    recorded_at TEXT NOT NULL, -- When the page that brought this about was fetched, or cleaned anew (UTC).
    why TEXT NOT NULL CHECK (why IN ('replaced', 'recleaned', 'worse')), -- `replaced`: the version before the page changed; `recleaned`: the version before the same page was cleaned anew; `worse`: under half as long as the one we had, which stayed.
    title TEXT NOT NULL, -- Its headline.
    text TEXT NOT NULL, -- Its plain text.
    markdown TEXT NOT NULL, -- Its Markdown.
    content_hash TEXT NOT NULL, -- Its content hash.
    fetched_at TEXT NOT NULL, -- When its page was fetched (UTC).
    page_id INTEGER REFERENCES pages (id) -- The page it was made from.
) STRICT
"""

_RUNS = """
-- One row a run of a command that writes.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, -- Number of the run.
    command TEXT NOT NULL, -- The command.
    started_at TEXT NOT NULL, -- When it began (UTC).
    finished_at TEXT, -- When it ended (UTC); null: it runs, or was killed.
    outcome TEXT, -- How it ended; `killed`: it did not get to say.
    new INTEGER NOT NULL DEFAULT 0, -- Articles that are new.
    updated INTEGER NOT NULL DEFAULT 0, -- Articles that changed.
    unchanged INTEGER NOT NULL DEFAULT 0, -- Articles that were fetched again for nothing.
    skipped INTEGER NOT NULL DEFAULT 0, -- Pages that are no articles, gone, or denied by robots.txt.
    failed INTEGER NOT NULL DEFAULT 0, -- Articles that could not be had.
    waiting INTEGER NOT NULL DEFAULT 0, -- Articles left for the next run.
    done_to INTEGER NOT NULL DEFAULT 0 -- Number of the last page that `reclean` has done: the next one goes on there.
) STRICT
"""

_RUN_SOURCES = """
-- What a run did for each source.
CREATE TABLE run_sources (
    id INTEGER PRIMARY KEY, -- Number of the row.
    run_id INTEGER NOT NULL REFERENCES runs (id), -- The run.
    source TEXT, -- Name of the source; null for one-off additions.
    poll TEXT, -- What polling came to: `changed`, `unchanged`, `failed` or `not_due`.
    poll_reason TEXT, -- Why polling failed.
    new INTEGER NOT NULL, -- Articles that are new.
    updated INTEGER NOT NULL, -- Articles that changed.
    unchanged INTEGER NOT NULL, -- Articles that were fetched again for nothing.
    skipped INTEGER NOT NULL, -- Pages that are no articles, gone, or denied by robots.txt.
    failed INTEGER NOT NULL, -- Articles that could not be had.
    waiting INTEGER NOT NULL, -- Articles left for the next run.
    reasons TEXT NOT NULL DEFAULT '{}' -- Why they were skipped or failed: a JSON object, reason to number.
) STRICT
"""

_SITE_ARTICLES = """
-- Fingerprints of each article's blocks, by which a site's repetitions are known.
CREATE TABLE site_articles (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id), -- The article.
    site TEXT NOT NULL, -- Its host, without `www.`.
    blocks BLOB NOT NULL, -- Fingerprints of its blocks, 8 bytes each, the longest block's first.
    state TEXT NOT NULL CHECK (state IN
        ('new', 'weighed', 'stale')) -- `new`: to be counted when the run ends, `weighed`, or `stale`: to be cleaned again.
) STRICT
"""

_SITE_BLOCKS = """
-- In which articles a block stands.
CREATE TABLE site_blocks (
    block INTEGER NOT NULL, -- Fingerprint of site and text.
    story INTEGER NOT NULL, -- Fingerprint of the longest block of the article: copies of one article are one story.
    article_id INTEGER NOT NULL REFERENCES articles (id), -- The article.
    PRIMARY KEY (block, story, article_id)
) STRICT, WITHOUT ROWID
"""

_SITE_COMMON = """
-- Blocks that stand in so many stories of a site that they are the site's own.
CREATE TABLE site_common (
    block INTEGER PRIMARY KEY, -- Fingerprint of site and text.
    site TEXT NOT NULL -- The site.
) STRICT
"""

#: In the order in which the documentation shows them.
TABLES = (
    _ARTICLES, _SOURCES, _ENTRIES, _PAGES, _REVISIONS, _RUNS, _RUN_SOURCES, _MOVES, _HOSTS, _ROBOTS,
    _SITE_ARTICLES, _SITE_BLOCKS, _SITE_COMMON,
)  # fmt: skip

_INDEXES = """
CREATE INDEX articles_url ON articles (url);
CREATE INDEX articles_source ON articles (source, sort_key);
CREATE UNIQUE INDEX entries_guid ON entries (source, guid);
CREATE INDEX entries_due ON entries (source, dated_at) WHERE state IN ('waiting', 'failed', 'denied');
CREATE INDEX entries_article ON entries (article_id);
CREATE INDEX pages_article ON pages (article_id);
CREATE INDEX pages_entry ON pages (entry_id);
CREATE INDEX pages_url ON pages (url);
CREATE INDEX revisions_article ON revisions (article_id);
CREATE INDEX run_sources_run ON run_sources (run_id);
CREATE INDEX site_articles_site ON site_articles (site);
CREATE INDEX site_articles_state ON site_articles (state, site) WHERE state <> 'weighed';
CREATE INDEX site_common_site ON site_common (site)
"""

# Contentless: the text is in `articles` already. Symbols and signs of money are words of their own (search.py).
_FULL_TEXT = """
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, content = '',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co So Sc Sm'"
);
INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(10.0, 1.0)')
"""

#: All statements of the first release.
FOUNDING = (*TABLES, *_INDEXES.split(";"), *_FULL_TEXT.split(";"))
