"""Which words matter: how much each one tells, what it repeats, and which ones to choose."""

from bench.kinds.sweep.words.greedy import GreedyChoice, choose_words
from bench.kinds.sweep.words.redundancy import Redundancy, redundancy
from bench.kinds.sweep.words.selectivity import COLLECTION_SIZES, word_selectivity

__all__ = [
    "COLLECTION_SIZES",
    "GreedyChoice",
    "Redundancy",
    "choose_words",
    "redundancy",
    "word_selectivity",
]
