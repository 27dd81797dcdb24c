"""What searching and indexing cost in time: variants measured in alternation, as ratios."""
