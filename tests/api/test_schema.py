"""The description of the interface: valid OpenAPI 3.1, without a warning, and true."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from drf_spectacular.validation import validate_schema

from cities.models import City
from network.people.domain.tokens import make_token
from tests.api.conftest import LISTS, fill
from tests.practices import builders as build

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# Small on purpose: the machine's generator is new on every run, so that many runs sweep more than one long one.
EXAMPLES = 10


def test_the_schema_is_valid_and_generated_without_a_warning():
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO(), stderr=StringIO())


def test_the_served_schema_is_openapi_3_1_and_names_every_address(client, db):
    answer = client.get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    schema = answer.json()
    validate_schema(schema)
    assert schema["openapi"] == "3.1.0"
    expected = {"/api/v1/", "/api/v1/token/", *[f"/api/v1/{name}/" for name in LISTS], "/api/v1/memberships/{uuid}/"}
    expected |= {f"/api/v1/{name}/{{slug}}/" for name in LISTS if name != "memberships"}
    one = "/api/v1/own/practices/{practice}/"
    own = {"/api/v1/own/practices/", one, *(one + part for part in ("version/", "submission/", "sections/{section}/"))}
    own.add(f"{one}sections/{{section}}/{{row}}/file/")
    taken_up = "/api/v1/practices/{slug}/adoptions/"
    own |= {taken_up, f"{taken_up}own/"}
    rounds = {"/api/v1/rounds/", "/api/v1/rounds/{uuid}/"}
    sent = "/api/v1/own/applications/"
    own |= {sent, f"{sent}{{application}}/", f"{sent}{{application}}/files/{{file}}/"}
    assert set(schema["paths"]) == expected | own | rounds | {"/api/v1/practice-form/"}
    for path, methods in schema["paths"].items():
        by_token = path in own or path == "/api/v1/token/"
        assert by_token or set(methods) == {"get"}, path
        assert all((told["security"] == [{"token": []}]) == by_token for told in methods.values()), path


def test_the_schema_is_yaml_unless_json_is_asked_for(client, db):
    assert client.get("/api/v1/schema/")["Content-Type"].startswith("application/vnd.oai.openapi")
    asked = client.get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert asked["Content-Type"].startswith("application/json")


# Every value of every parameter would be tried with every other: of the list with the most that takes a minute.
MANY, OWN = "/api/v1/practices/", "^/api/v1/(own|practices/.+/adoptions)"
RUNS = {
    "open": ("--exclude-path", MANY, "--exclude-path-regex", OWN, "--phases", "examples,coverage,fuzzing"),
    "practices": ("--include-path", MANY, "--phases", "fuzzing"),
    # What the form would mark is refused or told, though it has the right shape.
    "own": ("--include-path-regex", OWN, "--phases", "fuzzing", "--exclude-checks", "positive_data_acceptance"),
}


@pytest.mark.slow
@pytest.mark.parametrize("which", RUNS)
def test_schemathesis_finds_nothing(live_server, transactional_db, tmp_path, which):
    """Over a real socket: what it sends is generated from the schema, right and wrong."""
    fill(1, 3)
    city = City.objects.get(slug="city-1")
    _token, secret = make_token(("city", str(city.uuid)), "Fuzz", "write", 30, by=build.officer(city))
    ran = subprocess.run(
        [
            *[SCHEMATHESIS, "run", f"{live_server.url}/api/v1/schema/?format=json", "--url", live_server.url],
            *["--max-examples", str(EXAMPLES), "--checks", "all", *RUNS[which]],
            *(["-H", f"Authorization: Bearer {secret}"] if which == "own" else []),
            *["--workers", "2", "--no-color", "--request-timeout", "20", "--generation-database", "none"],
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
