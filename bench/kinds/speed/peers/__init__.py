"""Other programs that make signatures, run beside this one: for their speed, and as an oracle.

They live in an environment of their own and are never imported here: `environment` makes it,
`worker` runs in it (and in ours), `session` talks to workers, `oracle` compares signatures.
"""
