"""Training of the context codec's model: for the codec itself and for synthetic signatures."""
