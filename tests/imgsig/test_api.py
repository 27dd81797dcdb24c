"""What the package offers is there, and imported no sooner than it is asked for."""

import json
import subprocess
import sys

import pytest

import imgsig
from imgsig import api
from imgsig.errors import ImgsigError


def answer(code: str) -> object:
    """What a fresh interpreter prints, as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_importing_the_package_imports_nothing_else():
    code = """
import json, sys
before = set(sys.modules)
import imgsig
imported = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(imported - sys.stdlib_module_names)))
"""
    assert answer(code) == ["imgsig"]


SIGNING = """\
import imgsig, numpy
imgsig.generate_signature(numpy.random.default_rng(0).random((90, 120, 4)))
"""


@pytest.mark.parametrize(
    ("use", "needed"),
    [(SIGNING, {"numpy", "PIL"}), ("import imgsig.layouts", {"numpy"})],
    ids=["signing", "layouts"],
)
def test_nothing_is_imported_but_what_is_needed(use, needed):
    code = f"""
import json, sys
before = set(sys.modules)
{use}
imported = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(json.dumps(sorted(imported - sys.stdlib_module_names)))
"""
    # Compiled parts of numpy come with modules of their own.
    imported = set(answer(code)) - {"cython_runtime"}
    assert {name for name in imported if not name.startswith("_")} == {"imgsig", *needed}


@pytest.mark.parametrize(
    "first",
    [
        "pass",
        "from imgsig import sign_many",
        "import imgsig.sign_many",
        "from imgsig.sign_many.sign_file import SignedFile",
        "from imgsig import codecs, squares",
    ],
)
def test_whatever_is_imported_first_all_names_are_what_they_should_be(first):
    code = f"""
import json
{first}
import imgsig, imgsig.sign_many.cache
names = imgsig.__all__
print(json.dumps([[type(getattr(imgsig, name)).__name__ for name in names],
                  [type(getattr(imgsig.api, name)).__name__ for name in names],
                  type(imgsig.sign_many).__name__, sorted(set(names) - set(dir(imgsig)))]))
"""
    offered, meant, sign_many, missing = answer(code)
    assert offered == meant
    assert sign_many == "function"
    assert missing == []


def test_each_name_is_that_of_the_api_and_no_other_is_offered():
    assert all(getattr(imgsig, name) is getattr(api, name) for name in imgsig.__all__)
    assert imgsig.ImgsigError is ImgsigError
    with pytest.raises(AttributeError, match="'imgsig' has no attribute 'np'"):
        _ = imgsig.np
