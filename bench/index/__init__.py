"""Create an index, load it, let it settle, and measure its bytes."""
