"""Bytes -> entries: RSS, Atom, RDF, CDF, JSON Feed; their encodings and dates. Pure."""
