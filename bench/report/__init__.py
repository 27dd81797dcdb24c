"""From a run's tables to what a person looks at: figures, pages and terminal tables."""
