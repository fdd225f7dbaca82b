"""Archives -> [Record]: WARC, HAR, pages that a browser saved. Pure, one record in memory at a time.

file ─┬─ warc ── http ─┐
      ├─ har ──────────┼── records ── Record: a page, or why there is none, and how far the file is read
      └─ saved ────────┘
"""
