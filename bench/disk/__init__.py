"""Whether what a run builds fits on the disk, from what earlier runs took."""
