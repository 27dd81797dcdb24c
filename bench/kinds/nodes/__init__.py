"""Node runs: what shards and replicas take and change, and what losing a node does."""
