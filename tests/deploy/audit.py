"""Checks the locked dependencies against the known vulnerabilities, and reports if their list cannot be downloaded.

``make audit`` runs it: pip-audit, in its own environment, asks PyPI about every package of requirements-dev.lock.
pip-audit itself treats a package without any information as clean; here it counts as not audited.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-dev.lock"
TIMEOUT_S = 300


def main() -> int:
    """Audit, and print the result; return 1 if a package has a known vulnerability."""
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        run = subprocess.run(
            [
                *(Path(sys.executable).with_name("uv"), "tool", "run", "--quiet", "pip-audit"),
                *("--requirement", LOCK, "--disable-pip", "--no-deps", "--progress-spinner", "off"),
                *("--format", "json", "--output", report),
            ],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if not report.is_file():
            last_line = (run.stderr.strip().splitlines() or ["pip-audit wrote nothing"])[-1]
            print(f"Nothing was audited: the advisories cannot be downloaded here. {last_line}")
            return 0
        status, said = verdict(json.loads(report.read_text("utf-8")))
    print(said)
    return status


def verdict(report: dict[str, Any]) -> tuple[int, str]:
    """Return the exit status and the summary of pip-audit's report."""
    packages = report["dependencies"]
    audited = [package for package in packages if "skip_reason" not in package]
    found = [
        f"{package['name']} {package['version']}: {advisory['id']}, fixed in {', '.join(advisory['fix_versions'])}"
        for package in audited
        for advisory in package["vulns"]
    ]
    if not audited:
        return 0, "Nothing was audited: the advisories cannot be downloaded here."
    scope = f"{len(audited)} of {len(packages)} packages were audited"
    if found:
        return 1, "\n".join([f"{scope}, and have known vulnerabilities:", *found])
    return 0, f"{scope}; none has a known vulnerability."


if __name__ == "__main__":
    sys.exit(main())
