"""What a run can be: one folder a kind, and the shell around every run."""
