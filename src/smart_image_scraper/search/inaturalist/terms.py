"""Search: what iNaturalist asks of those who take photos there."""

SITE = "iNaturalist"

CLAUSE = (
    "Users may not use any iNaturalist data for training artificial intelligence, machine learning "
    "models, large language models, or similar networks, algorithms, or systems for commercial "
    "purposes."
)
"""Of its terms of use (https://www.inaturalist.org/pages/terms), in their words."""

MOST_PHOTOS = 10_000
"""Of one search: its API is meant for applications, and whoever wants more has bulk data."""
