"""What leaves the store, one file a format; an article at a time, so that a million fit in little memory.

reading, search ── Stored ──┬── jsonl, spreadsheet (CSV), notes (Markdown) ──┬── text
                            ├── feed ── atom, json_feed ── html              ┘
                            └── parquet, warc ── bytes
"""
