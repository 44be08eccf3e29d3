"""What a newcomer does first: start it, paste the printed curl, look at the pages, stop it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import urllib3

from tests import processes
from tests.conftest import require
from tests.processes import wait_for
from tests.product import Product, child_processes, processor_seconds, running

# The promise is 5 s until ready on two free cores. What stands one after another on the way is
# the supervisor's start and the worker's; as processor time, since this machine may be busy, and
# doubled, since coverage is measured.
START_MAX_S = 10.0

pytestmark = pytest.mark.timeout(300)


def get(product: Product, path: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", product.url + path, retries=False)


def test_printed_curl_brings_a_decision(product: Product) -> None:
    require("curl")
    (line,) = [line for line in product.output.splitlines() if line.lstrip().startswith("curl ")]

    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)

    answer = json.loads(done.stdout)
    assert answer["status"] == "decided"
    assert answer["decision"]["outcome"] == "approve"
    assert answer["decision"]["scores"]["spam"] < 0.5


@pytest.mark.parametrize("path", ["/demo/", "/review/", "/docs"])
def test_printed_page_is_there(product: Product, path: str) -> None:
    assert product.url + path in product.output

    assert urllib3.request("GET", product.url + path).status == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json"])
def test_product_answers_for_itself(product: Product, path: str) -> None:
    assert get(product, path).status == 200


def test_commands_find_the_running_product(product: Product) -> None:
    checks = product.command("doctor", "--json")

    assert [check for check in checks if not check["ok"]] == []


def test_whatever_is_written_is_for_the_owner_alone(product: Product) -> None:
    written = {path.name: path.stat().st_mode & 0o077 for path in product.data.iterdir()}

    made_by_tests = {"command.log", "policy.json", "second.log"}
    assert {"commentdesk.db", "first-run.json", "secret.key", "run.json"} <= set(written)
    assert {name for name, mode in written.items() if mode} <= made_by_tests


def test_second_up_on_the_same_folder_is_refused(product: Product) -> None:
    command = ["--data", str(product.data), "up", "--port", str(processes.free_port())]
    log = product.data / "second.log"

    second = processes.start([Path(".venv/bin/commentdesk").absolute(), *command], log)

    assert second.process.wait(30) == 2
    assert "already runs on the folder" in second.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stop_ends_everything_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path / "data") as product:
        children = child_processes(product.child.process.pid)

        code = processes.stop(product.child, timeout_s=30, by=number)

    assert code == 0, product.output
    assert len(children) == 4
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    assert not (product.data / "run.json").exists()
    assert "Traceback" not in product.output


def test_first_start_that_ctrl_c_interrupts_is_completed_by_the_next(tmp_path: Path) -> None:
    data, port = tmp_path / "data", processes.free_port()
    command = [sys.executable, "-m", "service", "--data", str(data), "up", "--port", str(port)]
    first = processes.start(command, tmp_path / "first.log", processes.plain_environment())
    wait_for((data / "first-run.json").exists, "the account is being made")

    os.killpg(first.process.pid, signal.SIGINT)  # as a terminal does

    assert first.process.wait(30) == 0, first.output
    assert "Traceback" not in first.output
    with running(data, port=port) as second:
        assert second.api().post_comment("Well argued, thank you.").status == 200


def test_killed_supervisor_takes_its_processes_along(tmp_path: Path) -> None:
    with running(tmp_path / "data") as product:
        children = child_processes(product.child.process.pid)

        product.child.process.kill()

        wait_for(
            lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()],
            "all have ended",
        )


def test_second_start_keeps_the_account_and_is_quick(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as first:
        account = first.account
        comment = first.api().post_comment("The first comment, thank you.").body

    with running(data, port=account["port"]) as second:
        worker = second.process_id("worker")
        assert worker
        spent_s = processor_seconds(second.child.process.pid) + processor_seconds(worker)
        assert second.account == account
        assert second.api().call("GET", f"/v1/comments/{comment['id']}").body == comment

    assert spent_s < START_MAX_S


def test_without_a_demo_there_is_no_account(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--no-demo") as product:
        assert not (product.data / "first-run.json").exists()
        assert urllib3.request("GET", f"{product.url}/demo/", retries=False).status in (401, 404)
        assert "commentdesk site create NAME" in product.output


def test_given_servers_are_used_and_none_is_started(
    tmp_path: Path, redis_server_url: str, postgres_database: Callable[[], str]
) -> None:
    given = {
        "COMMENTDESK_REDIS_URL": f"{redis_server_url}?db=8",
        "COMMENTDESK_DATABASE_URL": postgres_database(),
    }
    with running(tmp_path / "data", settings=given) as product:
        answer = product.api().post_comment("Well argued, thank you.")

        assert answer.body["status"] == "decided"
        assert product.process_id("redis") is None
        assert not (product.data / "commentdesk.db").exists()


def test_folder_may_have_any_name(tmp_path: Path) -> None:
    with running(tmp_path / ("my data é #1 50%25" + "-a-long-name" * 12)) as product:
        answer = product.api().post_comment("Well argued, thank you.")

        assert answer.body["status"] == "decided"
        assert not (product.data / "redis.sock").exists()  # its path would be no plain one
