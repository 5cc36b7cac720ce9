"""Parses a simple Dockerfile as this project writes it: stages, and each step in order.

Supports the instructions that the Dockerfile uses and refuses any other, so that nothing in it stays untested.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

KNOWN = {"WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}


@dataclass
class Stage:
    """One FROM and what follows it."""

    image: str
    name: str | None
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        """The arguments of every such step, in order."""
        return [argument for name, argument in self.steps if name == instruction]

    def last(self, instruction: str) -> str:
        """The argument of the step that holds when the container starts.

        Raises:
            ValueError: if there is none.
        """
        arguments = self.all(instruction)
        if not arguments:
            raise ValueError(f"The stage from {self.image} has no {instruction}.")
        return arguments[-1]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that ENV sets, unexpanded."""
        return dict(pair.split("=", 1) for argument in self.all("ENV") for pair in argument.split())

    @property
    def command(self) -> list[str]:
        """CMD, which must be in the exec form: one process, signals reach it."""
        return list(json.loads(self.last("CMD")))

    @property
    def health_command(self) -> list[str]:
        """HEALTHCHECK's command, in the exec form."""
        return list(json.loads(self.last("HEALTHCHECK").partition("CMD ")[2]))


def read_dockerfile(path: Path) -> list[Stage]:
    """The stages of a Dockerfile.

    Raises:
        ValueError: if it uses an instruction that this reader doesn't know.
    """
    lines = (line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#"))
    stages: list[Stage] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        instruction, _, argument = line.partition(" ")
        if instruction == "FROM":
            image, _, name = argument.partition(" AS ")
            stages.append(Stage(image, name or None))
        elif instruction in KNOWN:
            stages[-1].steps.append((instruction, argument.strip()))
        else:
            raise ValueError(f"{path.name} uses {instruction}, which is not tested here.")
    return stages
