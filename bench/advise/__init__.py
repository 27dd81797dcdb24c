"""Advice: which words, layout and cutoff a collection of a given size takes."""

from bench.advise.advice import Advice, advise
from bench.advise.question import Question

__all__ = ["Advice", "Question", "advise"]
