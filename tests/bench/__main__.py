"""Measures Keyrack: `python3 tests/bench` prints one table, and ends with 1 if a promised ratio was missed.

With names, such as `python3 tests/bench window`, it runs only those benchmarks.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

import module_run

if __name__ == "__main__":
    sys.exit(module_run.run("tests.bench.run", sys.argv[1:], packages=["oidc-agent-cli", "curl", "etcd-server"]))
