"""Train: a model of one's own concepts, from one's own photos."""
