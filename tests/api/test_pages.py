"""The pages and what every answer carries: language, headers, files that are revalidated, and the API's description."""

import base64
import json
import re

import httpx
import pytest

from app.http.i18n import choose_language
from app.http.page_files import PageFiles
from app.routes.examples import seven_png

SECRETIVE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("header", "language"), [("pl-PL,pl;q=0.9,en;q=0.8", "pl"), ("en-GB", "en"), ("de", "en"), ("", "en")]
)
def test_page_speaks_the_visitors_language(client, header, language):
    page = client.get("/", headers={"Accept-Language": header})

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text


def test_language_that_was_asked_for_is_remembered(client):
    page = client.get("/?lang=pl", headers={"Accept-Language": "en"})

    assert '<html lang="pl"' in page.text
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    assert '<html lang="pl"' in client.get("/", headers={"Accept-Language": "en", "Cookie": cookie}).text


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "language"),
    [
        ("pl", "en", "en", "pl"),
        (None, "pl", "en", "pl"),
        ("de", None, "de,pl;q=0.5", "pl"),
        (None, None, "en;q=0.3, pl;q=0.7", "pl"),
        (None, None, "pl;q=0, en;q=0.1", "en"),
        (None, None, "pl;q=much", "en"),
        (None, "xx", None, "en"),
    ],
)
def test_language_in_the_address_takes_precedence_over_cookie_and_header(asked, remembered, accepted, language):
    assert choose_language(asked, remembered, accepted) == language


@pytest.mark.parametrize("url", ["/", "/models", "/docs", "/static/css/tokens.css", "/nothing"])
def test_every_answer_carries_the_security_headers_and_a_request_id(client, url):
    headers = client.get(url).headers

    assert {name: headers[name] for name in SECRETIVE} == SECRETIVE
    assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-Id"])
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert ("'unsafe-inline'" in policy) == (url == "/docs")
    assert "camera=()" in headers["Permissions-Policy"]


def test_page_holds_no_inline_script_or_style(client):
    page = client.get("/").text

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_static_file_is_revalidated_and_not_sent_twice(client):
    first = client.get("/static/css/tokens.css")

    second = client.get("/static/css/tokens.css", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "no-cache"
    assert second.status_code == 304


@pytest.mark.parametrize("url", ["/", "/docs", "/problems/not-found"])
def test_page_names_files_that_need_not_be_asked_after_again(client, url):
    page = client.get(url)

    files = [address for address in re.findall(r'(?:src|href)="([^"]+)"', page.text) if address.startswith("/static")]
    assert page.headers["Cache-Control"] == "no-cache"
    assert files
    for file in files:
        answer = client.get(file)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert len({file.split("/")[2] for file in files}) == 1


def test_page_of_another_release_gets_the_files_that_are_here(client):
    answer = client.get("/static/0123456789abcdef/css/tokens.css")

    assert answer.content == client.get("/static/css/tokens.css").content
    assert answer.headers["Cache-Control"] == "no-cache"


def test_page_names_other_addresses_once_a_file_was_edited(client, monkeypatch, tmp_path):
    script = tmp_path / "page.js"
    script.write_bytes(b"first")
    monkeypatch.setattr(PageFiles, "version", PageFiles(tmp_path).version)
    first, again = client.get("/").text, client.get("/").text

    script.write_bytes(b"edited")

    assert first == again != client.get("/").text


@pytest.mark.parametrize("url", ["/", "/models", "/healthz", "/readyz", "/static/css/tokens.css", "/docs"])
def test_head_is_answered_as_get_without_the_body(client, url):
    head, get = client.send("HEAD", url), client.get(url)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


def test_line_break_in_an_address_does_not_forge_a_line_in_the_log(client, caplog):
    caplog.set_level("DEBUG")

    client.get("/nothing%0aforged")

    assert all("\n" not in record.getMessage() for record in caplog.records)
    assert any("/nothing%0Aforged" in record.getMessage() for record in caplog.records)


def test_file_that_the_browser_has_is_answered_in_the_envelope_and_counted_by_its_mount(client):
    answer = client.get("/static/css/tokens.css", headers={"If-None-Match": "*", "X-Request-Id": "phone_17"})

    assert answer.status_code == 304
    assert {name: answer.headers[name] for name in SECRETIVE} == SECRETIVE
    assert answer.headers["X-Request-Id"] == "phone_17"
    counted = 'layerscope_requests_total{method="GET",route="/static",status="304"}'
    assert counted in client.get("/metrics").text


@pytest.mark.parametrize("url", ["/static/css/tokens.css", "/docs/swagger-ui.css"])
def test_file_answers_no_other_method(client, url):
    refused = client.post(url)

    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")
    assert refused.json()["type"] == "/problems/method-not-allowed"


@pytest.mark.parametrize("path", ["/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/docs/__init__.py"])
def test_no_address_of_a_file_leads_out_of_its_folder(client, path):
    answer = client.get(httpx.URL("http://layerscope.test", raw_path=path.encode()))

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_swagger_files_are_not_sent_twice(client):
    first = client.get("/docs/swagger-ui.css")

    assert client.get("/docs/swagger-ui.css", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_docs_bring_everything_they_need_from_here(client):
    page = client.get("/docs").text

    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    for address in addresses:
        assert client.get(address).status_code == 200


def test_description_declares_all_three_forms_of_the_body(client):
    operation = client.get("/openapi.json").json()["paths"]["/predict"]["post"]

    assert {"multipart/form-data", "application/json", "image/*", "application/octet-stream"} <= set(
        operation["requestBody"]["content"]
    )
    assert {parameter["name"] for parameter in operation["parameters"]} == {
        *("model", "layers", "format", "fit", "off", "steps", "skip_steps")
    }


def test_worked_examples_of_the_description_work(client):
    body = client.get("/openapi.json").json()["paths"]["/predict"]["post"]["requestBody"]["content"]
    examples = body["application/json"]["examples"]

    for example in examples.values():
        assert client.post("/predict", json=example["value"]).json()["label"] == "7"
    assert base64.b64decode(examples["image"]["value"]["image"].partition(",")[2]) == seven_png()


def test_every_error_that_is_documented_is_a_problem(client):
    paths = client.get("/openapi.json").json()["paths"]

    assert {"400", "404", "413", "415", "422", "503"} <= set(paths["/predict"]["post"]["responses"])
    for path in paths.values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert set(response["content"]) == {"application/problem+json"}


def test_description_refers_to_one_schema_of_problems(client):
    document = client.get("/openapi.json").json()
    problems = [
        response["content"]["application/problem+json"]["schema"]
        for path in document["paths"].values()
        for operation in path.values()
        for status, response in operation["responses"].items()
        if int(status) >= 400
    ]

    assert {schema["$ref"] for schema in problems} == {"#/components/schemas/ProblemDocument"}
    assert document["components"]["schemas"]["ProblemDocument"]["required"] == ["type", "title", "status", "detail"]


def test_operations_have_short_names(client):
    paths = client.get("/openapi.json").json()["paths"]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]

    assert len(set(names)) == len(names)
    assert {"predict", "predict_batch", "explain_unit", "get_model"} <= set(names)
    assert not [name for name in names if "__" in name]


def test_pixels_are_described_as_plain_nested_arrays(client):
    paths = client.get("/openapi.json").json()["paths"]
    body = paths["/predict"]["post"]["requestBody"]["content"]["application/json"]["schema"]

    assert "minItems" not in json.dumps(body)
