"""What every run writes and reads: config, identity, folder, manifest, environment, errors."""
