"""Signatures of many files: in order, with bounded memory, whatever the files are."""

from imgsig.sign_many.record import OUTCOMES, SignedFile
from imgsig.sign_many.stream import sign_many

__all__ = ["OUTCOMES", "SignedFile", "sign_many"]
