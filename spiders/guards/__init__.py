"""Downloader middlewares and the resolver: what may be reached, and in what manner."""
