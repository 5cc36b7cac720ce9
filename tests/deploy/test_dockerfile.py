"""The properties of the Dockerfile that can be checked by reading it; make prove-image checks the rest."""

from pathlib import Path

import pytest

from tests.deploy.dockerfile import Stage, read_dockerfile


@pytest.fixture
def stages(root: Path) -> list[Stage]:
    return read_dockerfile(root / "Dockerfile")


def test_serves_as_a_numbered_user_that_is_not_root(stages: list[Stage]) -> None:
    user, group = map(int, stages[-1].last("USER").split(":"))  # a number is what Kubernetes' runAsNonRoot can check

    assert user > 0
    assert group > 0


def test_is_one_process_that_listens_beyond_its_own_container(stages: list[Stage]) -> None:
    final = stages[-1]

    assert final.command == ["python", "-m", "app"]
    assert final.environment["HOST"] == "0.0.0.0"


def test_health_check_asks_whether_the_server_is_ready(stages: list[Stage]) -> None:
    assert any("/readyz" in argument for argument in stages[-1].health_command)


def test_writes_no_bytecode_while_it_serves(stages: list[Stage]) -> None:
    assert stages[-1].environment["PYTHONDONTWRITEBYTECODE"] == "1"


def test_installs_the_run_time_lock_and_nothing_for_development(stages: list[Stage]) -> None:
    steps = [argument for stage in stages for argument in stage.all("COPY") + stage.all("RUN")]

    assert any("--require-hashes -r requirements.lock" in step for step in steps)
    assert not any("requirements-dev" in step or "tests" in step for step in steps)


def test_what_it_copies_exists_and_dockerignore_lets_it_through(root: Path, stages: list[Stage]) -> None:
    admitted = {line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    copied = {
        argument.split()[0] for stage in stages for argument in stage.all("COPY") if not argument.startswith("--from")
    }

    assert copied == admitted
    assert all((root / source).exists() for source in copied)


def test_unknown_instruction_is_refused_by_the_proof(tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM scratch\nADD secrets /\n")

    with pytest.raises(ValueError, match="ADD"):
        read_dockerfile(dockerfile)
