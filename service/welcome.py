"""How a newcomer finds a product that has just started: is it ready, and where to look."""

import http.client

from service.first_run import FirstRun
from service.installation import local_host

PROBE_TIMEOUT_S = 2
FIRST_COMMENT = '{"body": "Well argued, thank you.", "article": {"id": "welcome"}}'


def readiness(host: str, port: int) -> tuple[int, str]:
    """The status of /readyz and the answer's text; (0, …) when nobody answers."""
    name = local_host(host).strip("[]")
    connection = http.client.HTTPConnection(name, port, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, f"the web server does not answer ({type(error).__name__})"
    finally:
        connection.close()


def announcement(base_url: str, account: FirstRun | None) -> str:
    """Where to look, and a first comment to paste; without an account, how to make one."""
    lines = [
        "",
        "commentdesk is running. Ctrl-C stops it.",
        "",
        *([f"  Demo article  {base_url}/demo/"] if account else []),
        f"  Review page   {base_url}/review/{_login(account)}",
        f"  API docs      {base_url}/docs",
        "",
        *(_first_comment(base_url, account.api_key) if account else _first_accounts()),
        "",
    ]
    return "\n".join(lines)


def _login(account: FirstRun | None) -> str:
    return f"  login {account.login}  password {account.password}" if account else ""


def _first_comment(base_url: str, api_key: str) -> list[str]:
    command = (
        f"curl -s {base_url}/v1/comments -H 'Authorization: Bearer {api_key}'"
        f" -H 'Content-Type: application/json' -H 'Prefer: wait=5' -d '{FIRST_COMMENT}'"
    )
    return ["Send a comment from another terminal:", "", f"  {command}"]


def _first_accounts() -> list[str]:
    return [
        "A site with its key:  commentdesk site create NAME",
        "A moderator:          commentdesk user create LOGIN",
    ]
