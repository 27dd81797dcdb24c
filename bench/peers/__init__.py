"""Other programs that sign or hash pictures, run beside this one.

They live in an environment of their own and are never imported here: `environment` makes it,
`worker` runs in it (and in ours), `session` talks to workers.
"""
