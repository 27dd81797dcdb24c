"""What maintainers run: audit, figures of the documents, notebooks, training of codecs."""
