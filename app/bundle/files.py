"""The files of a bundle: reads one network from disk and checks it, and writes it atomically.

A bundle is a directory: ``model.keras``, ``card.json``, ``statistics.npz`` and, if the weights of the training run
are kept, ``snapshots.npz``. Nothing here imports Keras: a writer passes a function that saves the model, and a reader
gets the path of a file whose hash is the one on the card.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from app.bundle.card import Arrays, BundleError, ModelCard

CARD, MODEL, SNAPSHOTS, STATISTICS = "card.json", "model.keras", "snapshots.npz", "statistics.npz"


@dataclass(frozen=True)
class Bundle:
    """A bundle on disk whose files match the hashes on its card."""

    directory: Path
    card: ModelCard

    @property
    def model_path(self) -> Path:
        """The saved Keras network."""
        return self.directory / MODEL

    def statistics(self) -> Arrays:
        """Return this network's statistics on the test set, by ``<layer>/<output>/<what>``."""
        return _read_arrays(self.directory / STATISTICS)

    def snapshots(self) -> Arrays:
        """Return the weights during the training run, 8 bits per value, in the format of ``training/run/snapshots.py``.

        Empty if they were not kept.
        """
        return _read_arrays(self.directory / SNAPSHOTS) if SNAPSHOTS in self.card.files else {}


def read_bundle(directory: Path) -> Bundle:
    """Read a bundle and check its files against its card, before anything of the network is deserialised.

    Raises:
        BundleError: if a file is missing or has another hash than the card says, or the card is invalid.
    """
    card = _read_card(directory / CARD)
    if card.name != directory.name:
        raise BundleError(f"The card in “{directory.name}” is that of “{card.name}”; rename the directory to match.")
    for name in {MODEL, STATISTICS} | card.files.keys():
        path = directory / name
        if not path.is_file():
            raise BundleError(f"{name} is missing from the bundle “{directory.name}”.")
        if card.files.get(name) != sha256(path):
            raise BundleError(f"{name} in the bundle “{directory.name}” is not the file that its card names.")
    return Bundle(directory, card)


def write_bundle(
    models_dir: Path,
    card: ModelCard,
    save_model: Callable[[Path], None],
    statistics: Arrays,
    snapshots: Arrays | None = None,
) -> Bundle:
    """Write a bundle atomically: into a hidden directory beside its place, which is then renamed.

    First repairs the remains of a run that was killed while writing.

    Args:
        models_dir: the directory of all bundles; created if it is missing.
        card: the card, without ``files``: this function hashes them and fills them in.
        save_model: saves the network to the path that it is given.
        statistics: the contents of ``statistics.npz``.
        snapshots: the contents of ``snapshots.npz``; without any, there is no such file.
    """

    def fill(directory: Path) -> None:
        directory.mkdir(parents=True)
        save_model(directory / MODEL)
        np.savez_compressed(directory / STATISTICS, allow_pickle=False, **statistics)
        if snapshots is not None:
            np.savez_compressed(directory / SNAPSHOTS, allow_pickle=False, **snapshots)

    return _write_whole(models_dir, card, fill)


def amend_bundle(bundle: Bundle, card: ModelCard, statistics: Arrays | None = None) -> Bundle:
    """Write a bundle again with another card, and with other statistics if they are given; the rest stays.

    Args:
        bundle: the one that is on disk.
        card: the new card; its name is the bundle's.
        statistics: the contents of ``statistics.npz``; the present ones stay if none are given.
    """

    def fill(directory: Path) -> None:
        shutil.copytree(bundle.directory, directory)
        if statistics is not None:
            np.savez_compressed(directory / STATISTICS, allow_pickle=False, **statistics)

    return _write_whole(bundle.directory.parent, card, fill)


def _write_whole(models_dir: Path, card: ModelCard, fill: Callable[[Path], None]) -> Bundle:
    target = models_dir / card.name
    partial, replaced = (models_dir / f".{card.name}.{state}" for state in ("partial", "replaced"))
    _mend(target, partial, replaced)
    try:
        fill(partial)
        paths = [partial / name for name in (MODEL, SNAPSHOTS, STATISTICS)]
        finished = card.model_copy(update={"files": {path.name: sha256(path) for path in paths if path.is_file()}})
        (partial / CARD).write_text(_card_text(finished), encoding="utf-8")
        if target.exists():
            target.rename(replaced)
        partial.rename(target)
    finally:
        _mend(target, partial, replaced)
    return Bundle(target, finished)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_card(path: Path) -> ModelCard:
    try:
        return ModelCard.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise BundleError(f"{CARD} is missing from “{path.parent.name}”.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BundleError(f"{CARD} in “{path.parent.name}” cannot be understood: {where}: {first['msg']}.") from None


def _card_text(card: ModelCard) -> str:
    """Indent the outer levels only, so that a matrix row or an epoch is one line of a diff."""
    members = []
    for key, value in card.model_dump(mode="json").items():
        if isinstance(value, list) and value:
            rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in value)
            members.append(f"  {json.dumps(key)}: [\n    {rows}\n  ]")
        else:
            members.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def _mend(target: Path, partial: Path, replaced: Path) -> None:
    """Restore the old bundle if the new one did not replace it, and remove partly written files."""
    if replaced.exists() and not target.exists():
        replaced.rename(target)
    for leftover in (partial, replaced):
        shutil.rmtree(leftover, ignore_errors=True)


def _read_arrays(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
