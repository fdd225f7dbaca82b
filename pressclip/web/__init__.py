"""Browsing the store: Datasette, with a front page, a page an article, and a search that speaks our index."""
