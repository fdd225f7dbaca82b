"""Network in: feeds and pages become FeedEntry and Page."""
