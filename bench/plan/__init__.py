"""What a config means before it is run: indices, documents, expected time and disk.

All figures are estimates from runs that have ended, such as those in ``results``; each says which.
"""

from bench.kinds.plan import Plan, PlannedIndex, PlannedStage
from bench.kinds.plans import plan_experiment, plan_scale, plan_speed, plan_sweep

__all__ = [
    "Plan",
    "PlannedIndex",
    "PlannedStage",
    "plan_experiment",
    "plan_scale",
    "plan_speed",
    "plan_sweep",
]
