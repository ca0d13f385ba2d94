"""Net: the one HTTP client, with its politeness and its guards."""
