"""The settings from the environment, each with its unit and its default."""

import re
from pathlib import Path
from typing import Final

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.http.logs import LogFormat, LogLevel

ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
"""An origin as a browser sends it (RFC 6454, section 6.2): scheme, host, and a port if it is not the default one."""

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Read from ``LAYERSCOPE_<NAME>``; ``HOST`` and ``PORT`` work without the prefix too."""

    model_config = SettingsConfigDict(env_prefix="LAYERSCOPE_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", validation_alias=AliasChoices("LAYERSCOPE_HOST", "HOST", "host"))
    """The address that the server listens on."""

    port: int = Field(8000, ge=0, le=65535, validation_alias=AliasChoices("LAYERSCOPE_PORT", "PORT", "port"))
    """The port that the server listens on; 0 takes a free one."""

    models_dir: Path = ROOT / "models"
    """The directory of the model bundles."""

    max_body_bytes: int = Field(16_000_000, ge=1)
    """The largest body that is accepted, in bytes."""

    max_body_seconds: float = Field(60, gt=0)
    """How long a body may take to arrive, in seconds; a slower one is answered 408."""

    max_held_bytes: int = Field(256_000_000, ge=1)
    """How many bytes of bodies are held at once, in all requests together; a request beyond it is answered 503."""

    max_requests: int = Field(256, ge=1)
    """How many requests are answered at once; the next one is answered 503."""

    max_waiting: int = Field(64, ge=0)
    """How many images may wait while others are processed; the next one is answered 503."""

    workers: int = Field(1, ge=1)
    """How many worker processes answer, each with its own copy of the networks; useful up to the number of cores."""

    tf_threads: int = Field(0, ge=0)
    """How many threads TensorFlow uses in each worker; 0 divides the cores among the workers."""

    max_batch_files: int = Field(32, ge=1)
    """How many images one request to ``/predict/batch`` may carry."""

    batch_images: int = Field(16, ge=1)
    """The largest number of waiting images in one batch."""

    max_explanations: int = Field(16, ge=1)
    """How many explanations are computed or wait; the next one is answered 503."""

    max_answer_seconds: float = Field(20, gt=0)
    """How long an answer may take once the body has arrived, in seconds; then the work is cancelled, with a 503."""

    max_image_pixels: int = Field(50_000_000, ge=1)
    """The largest picture that is decoded, width times height, in pixels."""

    cors_origins: str = "none"
    """The origins whose pages may read the API's answers, separated by commas; ``*`` for any."""

    log_level: LogLevel = "INFO"
    """``INFO`` logs slow and failed requests only, ``DEBUG`` every request."""

    log_format: LogFormat = "text"
    """``text``, or ``json``: one object per line."""

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins in ``cors_origins``, one by one."""
        named = [origin.strip() for origin in self.cors_origins.split(",")]
        return () if named == ["none"] else tuple(named)

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        if value not in ("none", "*") and not all(ORIGIN.fullmatch(origin.strip()) for origin in value.split(",")):
            raise ValueError("give origins such as https://example.org or http://localhost:3000, none, or *")
        return value
