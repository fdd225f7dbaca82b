"""A small news site of our own, served on loopback by `pressclip demo`."""

from pressclip.demo.site import Site, serve
from pressclip.demo.truth import Truth

__all__ = ["Site", "Truth", "serve"]
