"""What the source may not contain: code made of data, and objects read from files."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for package in ("imgsig", "bench", "datasets", "docs", "tools")
    for path in (ROOT / package).rglob("*.py")
)

#: joblib and multiprocessing pickle between a process and workers it started itself, in pipes and
#: in files that only their user may read; nothing of that outlives the call.
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle"}
NAMES = {"eval", "exec", "compile", "__import__"}
ATTRIBUTES = {"read_pickle", "to_pickle", "extractall", "unpack_archive"}


def offences(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(node.module or "")
        elif isinstance(node, ast.Call):
            found += _offences_of_call(node)
    return found


def _offences_of_call(call: ast.Call) -> list[str]:
    given = {word.arg: word.value for word in call.keywords}
    values = {key: value.value for key, value in given.items() if isinstance(value, ast.Constant)}
    found = []
    if isinstance(call.func, ast.Name) and call.func.id in NAMES:
        found.append(call.func.id)
    if isinstance(call.func, ast.Attribute):
        module = ast.unparse(call.func.value)
        if call.func.attr in ATTRIBUTES or (module == "joblib" and call.func.attr == "load"):
            found.append(call.func.attr)
        if (module, call.func.attr) == ("np", "load") and values.get("allow_pickle") is not False:
            found.append("np.load without allow_pickle=False")
    if isinstance(call.func, ast.Name) and call.func.id == "YAML" and values.get("typ") != "safe":
        found.append('YAML without typ="safe"')
    if values.get("shell") or values.get("verify") is False or values.get("verify_certs") is False:
        found.append("a shell, or certificates that are not checked")
    return found


def test_no_code_from_data_and_no_objects_from_files():
    assert len(SOURCES) > 200
    found = {path: offences(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from dill import load",
        "eval(x)",
        "builtins = exec('1')",
        "pd.read_pickle(p)",
        "np.load(p)",
        "np.load(p, allow_pickle=True)",
        "YAML()",
        "YAML(typ='unsafe')",
        "joblib.load(p)",
        "archive.extractall(p)",
        "subprocess.run(c, shell=True)",
        "Elasticsearch(url, verify_certs=False)",
    ],
)
def test_each_offence_is_found(source):
    assert offences(source)
    assert offences("import json\njson.loads('1')\nnp.load(p, allow_pickle=False)") == []
