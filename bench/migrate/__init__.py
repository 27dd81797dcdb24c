"""Migrate an index that image-match has written to any variant; the source is only read."""

from bench.migrate.destination import Pace, Progress, remaining
from bench.migrate.migration import Migrated, Wanted, begin, perform, plan_migration
from bench.migrate.plan import MigrationPlan, codec_config
from bench.migrate.verify import Verified

__all__ = [
    "Migrated",
    "MigrationPlan",
    "Pace",
    "Progress",
    "Verified",
    "Wanted",
    "begin",
    "codec_config",
    "perform",
    "plan_migration",
    "remaining",
]
