"""Other programs that make signatures, run beside this one: for their speed, and as an oracle.

They live in an environment of their own and are never imported here: `bench.kinds.speed.peers.environment`
makes it, `bench.kinds.speed.peers.worker` runs in it (and in ours), `bench.kinds.speed.peers.session` talks to workers,
`bench.kinds.speed.peers.oracle` compares signatures.
"""
