"""Other programs that make signatures, run beside this one: for their speed, and as an oracle.

They live in an environment of their own and are never imported here: `bench.peers.environment`
makes it, `bench.peers.worker` runs in it (and in ours), `bench.peers.session` talks to workers,
`bench.peers.oracle` compares signatures.
"""
