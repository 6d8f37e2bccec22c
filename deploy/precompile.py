"""Compiles, while the image is built, what web, worker and scheduler import: the file system is read-only later.

Compiling everything would add a third to the image; what is imported late and seldom is compiled when it is used.
Unchecked hashes make the files the same in every build.
"""

from __future__ import annotations

import pkgutil
import py_compile
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LATE = (
    "altair",
    "apprise",
    "litellm.main",
    "llama_index.core",
    "llama_index.embeddings.litellm",
    "llama_index.llms.litellm",
    "markitdown",
    "mcp",
    "onnxruntime",
    "pandas",
    "procrastinate",
    "pyarrow.parquet",
    "scipy.special",
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "tokenizers",
    "uvicorn",
)
"""What the hub's processes import only when they need it first."""


def main() -> None:
    """Imports everything once, then compiles its source and the hub's own."""
    sys.path.insert(0, str(ROOT))
    import hub

    for module in pkgutil.walk_packages(hub.__path__, "hub."):
        if module.name not in {"hub.__main__", "hub.shell"}:  # scripts: they act when they are imported
            import_module(module.name)
    for name in LATE:
        import_module(name)
    loaded = {Path(file) for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))}
    own = {ROOT / "app.py"}.union(*((ROOT / folder).rglob("*.py") for folder in ("hub", "components", "pages")))
    packages = {file for file in loaded if file.suffix == ".py" and Path(sys.prefix) in file.parents}
    sources = sorted(packages | own)
    for source in sources:
        py_compile.compile(str(source), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    print(f"{len(sources)} modules compiled.")  # noqa: T201


if __name__ == "__main__":
    main()
