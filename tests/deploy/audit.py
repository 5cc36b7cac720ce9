"""Holds the locked dependencies against the known vulnerabilities, and says so where their list cannot be had.

``make audit`` runs it: pip-audit, in an environment of its own, asks PyPI about every package of requirements-dev.lock.
pip-audit by itself calls a package clean that it found nothing about; here it counts as not audited.
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
    """Audit, and say in a sentence what came of it; 1 where a package has a known vulnerability."""
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
            print(f"Nothing was audited: the advisories cannot be had here. {last_line}")
            return 0
        status, said = verdict(json.loads(report.read_text("utf-8")))
    print(said)
    return status


def verdict(report: dict[str, Any]) -> tuple[int, str]:
    """Return the exit status and what is to be said of pip-audit's report."""
    packages = report["dependencies"]
    audited = [package for package in packages if "skip_reason" not in package]
    found = [
        f"{package['name']} {package['version']}: {advisory['id']}, mended in {', '.join(advisory['fix_versions'])}"
        for package in audited
        for advisory in package["vulns"]
    ]
    if not audited:
        return 0, "Nothing was audited: the advisories cannot be had here."
    scope = f"{len(audited)} of {len(packages)} packages were audited"
    if found:
        return 1, "\n".join([f"{scope}, and have known vulnerabilities:", *found])
    return 0, f"{scope}; none has a known vulnerability."


if __name__ == "__main__":
    sys.exit(main())
