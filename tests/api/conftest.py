"""The real application with the committed bundles, and a client that speaks HTTP to it without a socket."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.routes.examples import seven_png
from app.settings import Settings

MLP, CNN = "mnist-mlp-lecture", "cifar10-cnn-lecture"


class Client:
    """Sends one request at a time, as httpx would over the network."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.send("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.send("POST", url, **options)

    def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        async def exchange() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://layerscope.test") as client:
                return await client.request(method, url, **options)

        return asyncio.run(exchange())


@pytest.fixture(scope="session")
def app(models_dir: Path) -> FastAPI:
    return create_app(Settings(models_dir=models_dir))


@pytest.fixture
def client(app: FastAPI) -> Client:
    return Client(app)


@pytest.fixture
def client_with(models_dir: Path) -> Callable[..., Client]:
    """A client of an application with other settings."""
    return lambda **settings: Client(create_app(Settings(**{"models_dir": models_dir, **settings})))


@pytest.fixture(scope="session")
def seven() -> bytes:
    """A PNG of a plain seven."""
    return seven_png()
