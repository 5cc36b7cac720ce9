"""What can be set from the environment, and what a wrong setting is answered with."""

import pytest

from app.__main__ import main
from app.settings import ROOT, Settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "LAYERSCOPE_HOST", "LAYERSCOPE_PORT", "LAYERSCOPE_MODELS_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_server_opens_on_loopback_with_the_committed_models():
    settings = Settings()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.models_dir == ROOT / "models"


def test_host_and_port_are_understood_without_a_prefix(monkeypatch):
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "9000")

    assert (Settings().host, Settings().port) == ("0.0.0.0", 9000)


def test_name_with_the_prefix_goes_before_the_one_without(monkeypatch):
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("LAYERSCOPE_PORT", "9001")

    assert Settings().port == 9001


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("none", ()),
        ("*", ("*",)),
        ("https://a.example, http://localhost:3000", ("https://a.example", "http://localhost:3000")),
    ],
)
def test_origins_are_separated_by_commas(monkeypatch, value, origins):
    monkeypatch.setenv("LAYERSCOPE_CORS_ORIGINS", value)

    assert Settings().allowed_origins == origins


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("LAYERSCOPE_MAX_BODY_BYTES", "0"),
        ("LAYERSCOPE_LOG_FORMAT", "xml"),
        ("LAYERSCOPE_CORS_ORIGINS", "a.example"),
        ("LAYERSCOPE_CORS_ORIGINS", "https://a.example/path"),
        ("LAYERSCOPE_CORS_ORIGINS", "https://a.example,*"),
    ],
)
def test_wrong_setting_is_named_and_nothing_starts(monkeypatch, capsys, name, value):
    monkeypatch.setenv(name, value)

    assert main() == 1

    assert "is wrong" in capsys.readouterr().err
