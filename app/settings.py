"""What can be set from the environment, each with its unit and its default."""

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Read from ``LAYERSCOPE_<NAME>``; ``HOST`` and ``PORT`` are understood without the prefix too."""

    model_config = SettingsConfigDict(env_prefix="LAYERSCOPE_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", validation_alias=AliasChoices("LAYERSCOPE_HOST", "HOST", "host"))
    """The address that the server listens on."""

    port: int = Field(8000, ge=0, le=65535, validation_alias=AliasChoices("LAYERSCOPE_PORT", "PORT", "port"))
    """The port that the server listens on; 0 takes a free one."""

    models_dir: Path = ROOT / "models"
    """The directory of the model bundles."""

    max_body_bytes: int = Field(16_000_000, ge=1)
    """The largest body that is accepted, in bytes."""

    max_waiting: int = Field(64, ge=0)
    """How many images may wait for a place while others are read; one more is answered 503."""

    workers: int = Field(1, ge=1)
    """How many processes answer, each with the networks in memory of its own; of use up to the number of cores."""

    tf_threads: int = Field(0, ge=0)
    """How many threads TensorFlow computes with in each worker; 0 divides the cores among the workers."""

    max_batch_files: int = Field(32, ge=1)
    """How many images one request to ``/predict/batch`` may carry."""

    batch_images: int = Field(16, ge=1)
    """How many images that wait go through a network together at most."""

    max_image_pixels: int = Field(50_000_000, ge=1)
    """The largest picture that is decoded, width times height, in pixels."""
