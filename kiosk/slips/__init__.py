"""Rating later: the one-time code of a visit's slip, and how a visit that nobody rated is found by it."""
