"""When may we ask again, and how. Pure decisions."""
