"""What is lost on the way is asked for again, and nothing of the network before stays on the next one's page."""

import re

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser.conftest import Complaints
from tests.browser.hand import answer, draw_with_mouse, example, open_pad, pixels

PICTURES = "cifar10-cnn"
LOST = "The server does not answer"


def notice(page: Page, words: str) -> Locator:
    return page.get_by_role("status").filter(has_text=words)


@pytest.fixture
def offline(complaints: Complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION|Failed to load")


@pytest.mark.usefixtures("offline")
def test_network_chosen_while_the_server_is_away_comes_when_it_is_back(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(answer(page)).to_have_text("7")
    page.context.set_offline(True)

    page.get_by_role("radio", name="Pictures").check()
    expect(notice(page, LOST)).to_be_visible()
    expect(page.get_by_role("region", name="Hidden layer 3")).to_have_count(0)
    expect(page.get_by_text("Drop a picture here")).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_role("region", name="Convolution 4")).to_be_visible()
    expect(notice(page, LOST)).to_be_hidden()


@pytest.mark.usefixtures("offline")
def test_nothing_is_asked_of_a_network_that_is_not_on_the_page(page: Page) -> None:
    open_pad(page)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if f"/predict?model={PICTURES}" in request.url else None)
    page.route(f"**/models/{PICTURES}", lambda route: route.abort("connectionrefused"))

    page.get_by_role("radio", name="Pictures").check()
    expect(notice(page, LOST)).to_be_visible()
    page.get_by_role("button", name="Draw", exact=True).click()
    draw_with_mouse(page, example("1"))
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    while_away = len(asked)
    page.unroute(f"**/models/{PICTURES}")

    expect(answer(page)).not_to_have_text("")
    assert while_away == 0
    assert asked


@pytest.mark.usefixtures("offline")
def test_network_that_was_given_up_does_not_come_late(page: Page) -> None:
    open_pad(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/models/{PICTURES}", hold)
    with page.expect_request(f"**/models/{PICTURES}"):
        page.get_by_role("radio", name="Pictures").check()

    page.get_by_role("radio", name="Digits").check()
    with page.expect_response(f"**/models/{PICTURES}"):
        held[0].continue_()
    page.keyboard.press("7")

    expect(answer(page)).to_have_text("7")
    expect(page.get_by_role("region", name="Hidden layer 1")).to_be_visible()
    expect(page.get_by_role("region", name="Convolution 1")).to_have_count(0)


@pytest.mark.parametrize("lost", ["/models", "/locales/pl.json", "/strokes.json"])
@pytest.mark.parametrize("page", [{"locale": "pl-PL"}], indirect=True)
@pytest.mark.usefixtures("offline")
def test_page_whose_beginning_is_lost_once_begins_all_the_same(page: Page, lost: str) -> None:
    page.route(f"**{lost}", lambda route: route.abort("connectionrefused"))
    page.goto("/")
    expect(notice(page, "Serwer nie odpowiada")).to_be_visible()

    page.unroute(f"**{lost}")

    expect(page.locator("main[data-ready]")).to_be_attached()
    expect(notice(page, "Serwer nie odpowiada")).to_be_hidden()
    page.keyboard.press("3")
    expect(answer(page)).to_have_text("3")


def test_server_without_a_network_is_no_lost_server(page: Page) -> None:
    page.route("**/models", lambda route: route.fulfill(json={"default": None, "models": [], "failed": []}))

    page.goto("/")

    expect(notice(page, "No network is ready")).to_be_visible()


def test_page_works_where_an_autoencoder_is_the_only_network(page: Page) -> None:
    listed = page.request.get("/models").json()
    autoencoders = [model for model in listed["models"] if model["task"] == "reconstruction"][:1]
    alone = {**listed, "default": autoencoders[0]["name"], "models": autoencoders}
    page.route("**/models", lambda route: route.fulfill(json=alone))

    open_pad(page)
    page.keyboard.press("3")

    expect(page.get_by_text(re.compile("squared error", re.IGNORECASE)).first).to_be_visible()


@pytest.fixture
def first_convolution(page: Page) -> Page:
    """The page with a picture painted for the network of pictures."""
    open_pad(page)
    page.get_by_role("radio", name="Pictures").check()
    page.get_by_role("button", name="Draw", exact=True).click()
    draw_with_mouse(page, example("1"))
    expect(answer(page)).not_to_have_text("")
    return page


@pytest.mark.usefixtures("offline")
def test_kernels_that_were_lost_come_when_the_server_is_back(first_convolution: Page) -> None:
    page = first_convolution
    maps = pixels(page.get_by_role("application", name="Convolution 1"))
    page.route("**/weights/conv_1", lambda route: route.abort("connectionrefused"))

    page.get_by_role("button", name="Kernels of Convolution 1").click()
    expect(notice(page, LOST)).to_be_visible()
    expect(page.get_by_role("main")).not_to_have_attribute("data-stale", "")
    page.unroute("**/weights/conv_1")

    expect(page.get_by_role("region", name="Convolution 1")).to_contain_text("kernels in colour")
    expect(notice(page, LOST)).to_be_hidden()
    assert pixels(page.get_by_role("application", name="Convolution 1")) != maps


@pytest.mark.usefixtures("offline")
def test_kernels_that_cannot_be_had_are_given_up_in_plain_words(first_convolution: Page) -> None:
    page = first_convolution
    page.route("**/weights/conv_1", lambda route: route.fulfill(status=500, body=""))

    page.get_by_role("button", name="Kernels of Convolution 1").click()

    expect(page.get_by_text(re.compile("^Something went wrong on the server\\.$"))).to_be_visible()
    expect(page.get_by_role("button", name="Kernels of Convolution 1")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("main")).not_to_have_attribute("data-stale", "")
