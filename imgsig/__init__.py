"""Image signatures for near-duplicate search: generate, split into words, compare, store small.

The signature is Goldberg's and Wong's ("An image signature for any kind of image", ICIP 2002), bit
for bit as the reference implementation image-match computes it of a file's path; few pixel types
are excepted, see `imgsig.image`.

What is offered here is listed in `imgsig.api`. It is imported when the first of it is asked for, so
that a command's ``--help`` need not wait for numpy.

Examples
--------
>>> import numpy as np
>>> from imgsig import codecs, generate_signature, get_words
>>> picture = np.random.default_rng(0).random((90, 120))
>>> signature = generate_signature(picture)
>>> signature.shape, get_words(signature).shape
((648,), (63,))
>>> codec = codecs.get_codec({"id": "base62", "strip": "half"})
>>> (codec.decode(codec.encode(signature)) == signature).all()
np.True_
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from imgsig.api import *  # noqa: F403 - all names are in its __all__
else:

    def __getattr__(name: str) -> Any:
        if name == "__all__" or not name.startswith("__"):
            api = import_module("imgsig.api")
            if name == "__all__" or name in api.__all__:
                return getattr(api, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__getattr__("__all__")})


class _Package(ModuleType):
    """Keeps the function ``sign_many`` when the package ``imgsig.sign_many`` is imported.

    Importing a package sets it as an attribute of the package around it, which would hide the
    function.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name != "sign_many" or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
