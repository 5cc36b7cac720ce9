"""The files in deploy/: valid by their tools' schemas, and consistent with the server and its image."""

import copy
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import crossplane
import jsonschema
import kubernetes_validate
import pytest
import yaml

from app.__main__ import DRAIN_SECONDS
from app.settings import Settings
from tests.deploy.dockerfile import Stage, read_dockerfile

KUBERNETES = ("1.30", "1.37")
"""The oldest release that the manifests are meant for, and the newest whose schemas are here."""

MANIFESTS = ("deployment", "service", "autoscaler", "disruption")

Document = dict[str, Any]


@pytest.fixture(scope="module")
def manifests(root: Path) -> dict[str, Document]:
    return {name: yaml.safe_load((root / f"deploy/kubernetes/{name}.yaml").read_text()) for name in MANIFESTS}


@pytest.fixture(scope="module")
def pod(manifests: dict[str, Document]) -> Document:
    return manifests["deployment"]["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def container(pod: Document) -> Document:
    (only,) = pod["containers"]
    return only


@pytest.fixture(scope="module")
def compose(root: Path) -> Document:
    return yaml.safe_load((root / "deploy/compose.yaml").read_text())


@pytest.fixture(scope="module")
def compose_schema() -> Document:
    vendored = resources.files("check_jsonschema.builtin_schemas.vendor")
    return json.loads((vendored / "compose-spec.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def image(root: Path) -> Stage:
    return read_dockerfile(root / "Dockerfile")[-1]


@pytest.fixture(scope="module")
def nginx(root: Path) -> list[Document]:
    """Every directive of nginx.conf, blocks before what stands in them."""
    return list(_directives(parse_nginx(root / "deploy/nginx.conf")))


def parse_nginx(path: Path) -> list[Document]:
    """The directives of a file, each known, in a block that takes it and with as many arguments as it takes."""
    parsed = crossplane.parse(str(path), strict=True)
    assert parsed["status"] == "ok", parsed["errors"]
    return parsed["config"][0]["parsed"]


def _directives(block: list[Document]) -> Any:
    for directive in block:
        yield directive
        yield from _directives(directive.get("block", []))


def arguments(nginx: list[Document], name: str) -> list[list[str]]:
    return [directive["args"] for directive in nginx if directive["directive"] == name]


@pytest.mark.parametrize("release", KUBERNETES)
@pytest.mark.parametrize("name", MANIFESTS)
def test_manifest_is_valid_by_kubernetes_own_schema(manifests, name, release):
    kubernetes_validate.validate(manifests[name], release, strict=True)


def test_misspelt_field_in_a_manifest_would_be_refused(manifests):
    wrong = copy.deepcopy(manifests["deployment"])
    wrong["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES[-1], strict=True)


def test_kustomization_names_every_manifest(root: Path):
    listed = yaml.safe_load((root / "deploy/kubernetes/kustomization.yaml").read_text())["resources"]
    there = {path.name for path in (root / "deploy/kubernetes").glob("*.yaml")} - {"kustomization.yaml"}

    assert set(listed) == there == {f"{name}.yaml" for name in MANIFESTS}


def test_every_pod_selector_selects_these_pods(manifests):
    deployment = manifests["deployment"]["spec"]
    labels = deployment["template"]["metadata"]["labels"].items()
    spread = [one["labelSelector"] for one in deployment["template"]["spec"]["topologySpreadConstraints"]]
    selectors = [
        one["matchLabels"] for one in (deployment["selector"], manifests["disruption"]["spec"]["selector"], *spread)
    ]

    assert all(selector.items() <= labels for selector in [*selectors, manifests["service"]["spec"]["selector"]])


def test_autoscaler_scales_the_deployment_which_leaves_the_number_to_it(manifests):
    target, deployment = manifests["autoscaler"]["spec"]["scaleTargetRef"], manifests["deployment"]

    assert (target["apiVersion"], target["kind"]) == (deployment["apiVersion"], deployment["kind"])
    assert target["name"] == deployment["metadata"]["name"]
    assert "replicas" not in deployment["spec"]


def test_pod_keeps_the_restricted_pod_security_standard(pod, container):
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {kind for volume in pod["volumes"] for kind in volume} <= {"name", "emptyDir"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()


def test_nothing_can_be_written_but_a_directory_in_memory(pod, container):
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]
    assert pod["volumes"][0]["emptyDir"]["medium"] == "Memory"


def test_pod_is_who_the_image_is_and_opens_its_port(pod, container, image):
    user = f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
    (port,) = container["ports"]

    assert user == image.last("USER")
    assert str(port["containerPort"]) == image.last("EXPOSE") == image.environment["PORT"]


def test_probes_ask_addresses_that_there_are(root: Path, container):
    addresses = re.findall(r'@router.get\(\s*"([^"]+)"', (root / "app/routes/operations.py").read_text())
    asked = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}

    assert asked == {"startupProbe": "/readyz", "readinessProbe": "/readyz", "livenessProbe": "/healthz"}
    assert set(asked.values()) <= set(addresses)


def test_what_is_under_way_may_finish_before_the_process_is_killed(pod, container, compose):
    before = int(container["lifecycle"]["preStop"]["exec"]["command"][-1])

    assert pod["terminationGracePeriodSeconds"] > before + DRAIN_SECONDS
    assert int(compose["services"]["layerscope"]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS


def test_every_variable_is_a_setting_and_its_value_is_taken(container, compose, monkeypatch):
    variables = {one["name"]: one["value"] for one in container["env"]}
    variables |= compose["services"]["layerscope"]["environment"]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert all(name.removeprefix("LAYERSCOPE_").lower() in Settings.model_fields for name in variables)
    assert settings.log_format == "json"


def test_no_service_link_can_be_taken_for_the_port_setting(pod, manifests):
    assert manifests["service"]["metadata"]["name"] == "layerscope"  # Kubernetes would set LAYERSCOPE_PORT=tcp://...
    assert pod["enableServiceLinks"] is False


def test_compose_file_is_valid_by_its_schema(compose, compose_schema):
    jsonschema.validate(compose, compose_schema)


def test_misspelt_field_in_a_compose_file_would_be_refused(compose, compose_schema):
    wrong = copy.deepcopy(compose)
    wrong["services"]["layerscope"]["readonly"] = True

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, compose_schema)


def test_containers_can_write_nothing_and_gain_nothing(compose):
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in compose["services"]["layerscope"]
    assert compose["services"]["layerscope"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_files_that_the_compose_file_names_are_there(root: Path, compose):
    assert (root / "deploy" / compose["services"]["layerscope"]["build"] / "Dockerfile").is_file()
    configuration = compose["services"]["nginx"]["volumes"][0].partition(":")[0]
    assert (root / "deploy" / configuration).is_file()


def test_nginx_lets_through_what_the_server_takes_and_waits_as_long_as_it_works(nginx):
    fields = Settings.model_fields
    (largest,), (patience,) = (arguments(nginx, name)[0] for name in ("client_max_body_size", "proxy_read_timeout"))

    assert int(largest) == fields["max_body_bytes"].default
    assert int(patience.removesuffix("s")) > fields["max_answer_seconds"].default


def test_nginx_holds_slow_clients_and_asks_again_for_a_post(nginx):
    assert arguments(nginx, "proxy_request_buffering") == [["on"]]
    assert "non_idempotent" in arguments(nginx, "proxy_next_upstream")[0]
    assert "http_503" not in arguments(nginx, "proxy_next_upstream")[0]


def test_nginx_asks_the_service_of_the_compose_file(nginx, compose, image):
    (server,) = [args for args in arguments(nginx, "server") if args]

    assert server[0] == f"layerscope:{image.last('EXPOSE')}"
    assert "layerscope" in compose["services"]


def test_unknown_directive_in_the_nginx_file_would_be_refused(root: Path, tmp_path: Path):
    wrong = tmp_path / "nginx.conf"
    text = (root / "deploy/nginx.conf").read_text()
    wrong.write_text(text.replace("proxy_request_buffering", "proxy_request_bufering"))

    with pytest.raises(AssertionError, match="unknown dir"):
        parse_nginx(wrong)
