"""What the second release added: tables, columns, indexes, and facets in the full-text index."""

_DOCUMENTS = """
-- What the document of a source leads to: the sitemaps of an index, the next pages of a list. Each is asked by itself.
CREATE TABLE documents (
    source TEXT NOT NULL, -- Name of the source.
    url TEXT NOT NULL, -- Address of the document.
    parent TEXT, -- Address of the document that names it; null: it is the source's own.
    depth INTEGER NOT NULL, -- Steps from the source's own, which has 0.
    listed INTEGER NOT NULL, -- 0: it is named no longer.
    claim TEXT, -- When it last changed, as the document that names it says.
    read_claim TEXT, -- The same, when it was last read: it is asked again when they differ.
    asked_at TEXT, -- When it was last asked (UTC).
    failures INTEGER NOT NULL, -- Failed attempts in a row.
    reason TEXT, -- Why the last one failed; null: it did not.
    etag TEXT, -- Last ETag, byte for byte.
    last_modified TEXT, -- Last Last-Modified, byte for byte.
    body_hash TEXT, -- Hash of the last body.
    seen BLOB, -- Digests of the addresses without a date that it listed, 8 bytes each; null: never read.
    PRIMARY KEY (source, url)
) STRICT
"""

_SKETCHES = """
-- Sketches of the articles' texts, by which copies of one text are known.
CREATE TABLE sketches (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, -- The article.
    moment INTEGER NOT NULL, -- Its place in time: seconds since 1970.
    sketch BLOB NOT NULL -- Numbers of 4 bytes each: how many grams its text has, how many grams and figures follow, these, and the passages.
) STRICT
"""

_STORY_KEYS = """
-- Passages of the articles' texts, by which copies are looked up. Rows of articles that are gone do no harm.
CREATE TABLE story_keys (
    week INTEGER NOT NULL, -- Weeks since 1970 of the article's place in time.
    passage INTEGER NOT NULL, -- Hash of a passage.
    article_id INTEGER NOT NULL, -- The article.
    PRIMARY KEY (week, passage, article_id)
) STRICT, WITHOUT ROWID
"""

_ADDRESSES = """
-- Other addresses of articles: what their pages call canonical, and where the same text was found again.
CREATE TABLE addresses (
    url_key TEXT PRIMARY KEY, -- Identity of the address.
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE -- The article.
) STRICT, WITHOUT ROWID
"""

#: Tables that the second release added, in the order in which the documentation shows them.
TABLES_2: tuple[str, ...] = (_DOCUMENTS, _SKETCHES, _STORY_KEYS, _ADDRESSES)

#: Columns that the second release added: (table, definition, what it holds).
COLUMNS_2: tuple[tuple[str, str, str], ...] = (
    (
        "sources",
        "hub TEXT",
        "WebSub hub that announces what is new (no one listens yet); null: none is named.",
    ),
    ("sources", "hub_topic TEXT", "The address by which that hub knows the feed."),
    (
        "pages",
        "part_of INTEGER REFERENCES pages (id)",
        "The page that this one continues; null: it is a first page.",
    ),
    ("pages", "part INTEGER NOT NULL DEFAULT 1", "Which page of its article it is, from 1."),
    (
        "articles",
        "story_id INTEGER",
        "The story it shares with copies of its text: the lowest number among them; null: no copy is known.",
    ),
)

_INDEXES_2: tuple[str, ...] = (
    "CREATE INDEX pages_part_of ON pages (part_of) WHERE part_of IS NOT NULL",
    "CREATE INDEX pages_fetched ON pages (fetched_at, length(body))",
    "CREATE INDEX pages_rejected ON pages (fetched_at) WHERE article_id IS NULL",
    "CREATE INDEX articles_page ON articles (page_id)",
    "CREATE INDEX revisions_page ON revisions (page_id)",
    "CREATE INDEX articles_story ON articles (story_id, sort_key) WHERE story_id IS NOT NULL",
    "CREATE INDEX addresses_article ON addresses (article_id)",
)

# Of `facets`, that by which articles are chosen, see facets.py; it has no say in how well an article fits.
_FULL_TEXT_2 = """
DROP TABLE articles_fts;
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, facets, content = '',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co So Sc Sm'"
);
INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(10.0, 1.0, 0.0)')
"""

#: All statements that lead from the first release to the second.
SECOND = (
    *TABLES_2,
    *(f"ALTER TABLE {table} ADD COLUMN {definition}" for table, definition, _ in COLUMNS_2),
    *_INDEXES_2,
    *_FULL_TEXT_2.split(";"),
)
