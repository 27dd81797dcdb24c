"""What every run writes and reads: config file, canonical form, folder, manifest, environment, errors."""
