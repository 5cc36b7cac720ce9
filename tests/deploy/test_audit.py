"""The summary of an audit's report; the audit itself needs the network and is ``make audit``."""

from tests.deploy.audit import verdict

CLEAN = {"name": "anyio", "version": "4.16.0", "vulns": []}
SKIPPED = {"name": "keras", "skip_reason": "Dependency not found on PyPI and could not be audited"}
VULNERABLE = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}


def test_packages_without_information_are_not_called_clean():
    assert verdict({"dependencies": [SKIPPED]}) == (0, "Nothing was audited: the advisories cannot be downloaded here.")
    assert "1 of 2 packages were audited" in verdict({"dependencies": [CLEAN, SKIPPED]})[1]


def test_a_vulnerability_fails_the_audit_and_is_named_with_what_mends_it():
    status, said = verdict({"dependencies": [CLEAN, VULNERABLE]})

    assert status == 1
    assert "pillow 1.0: PYSEC-1, fixed in 1.1" in said
