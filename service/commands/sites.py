"""`commentdesk site`: sites, their keys, callbacks, policies and bans."""

import json
import math
from typing import Any, BinaryIO
from uuid import UUID

import click

from service.commands.opening import database_desk, show
from service.commands.policy_file import read_policy
from service.commands.trial_text import trial_facts, trial_words
from service.domain.decision import Outcome
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation import bans, sites, trial


def _a_number(_ctx: click.Context, _option: click.Parameter, number: float) -> float:
    if math.isnan(number):  # which no range keeps out
        raise click.BadParameter("nan is no number.")
    return number


SITE_ID = click.argument("site_id", type=click.UUID)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
KEEP_OLD_H = click.option(
    "--keep-old-h",
    default=24.0,
    show_default=True,
    type=click.FloatRange(0, 8760),
    callback=_a_number,
    help="Hours for which the old one stays valid.",
)


@click.group()
def site() -> None:
    """Create and change sites, keys, callbacks, policies."""


@site.command()
@click.argument("name")
@AS_JSON
@click.pass_context
def create(ctx: click.Context, name: str, as_json: bool) -> None:
    """Create a site; its key and secret are shown this once."""
    new = sites.create_site(database_desk(ctx), name)
    made = {
        "site_id": str(new.site.id),
        "api_key": new.api_key,
        "webhook_secret": new.webhook_secret,
    }
    lines = "\n".join(f"{key:15} {value}" for key, value in made.items())
    show(made, as_json=as_json, text=f"{lines}\nKeep them: they are not shown again.")


@site.command("list")
@AS_JSON
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List the sites."""
    found = [_described(item) for item in sites.list_sites(database_desk(ctx))]
    lines = [f"{item['site_id']}  {item['name']}  {item['webhook'] or '-'}" for item in found]
    show(found, as_json=as_json, text="\n".join(lines) or "There is no site yet.")


@site.command("rotate-key")
@SITE_ID
@KEEP_OLD_H
@AS_JSON
@click.pass_context
def rotate_key(ctx: click.Context, site_id: UUID, keep_old_h: float, as_json: bool) -> None:
    """Make a new API key; the old ones end after a while."""
    key = sites.rotate_key(database_desk(ctx), site_id, keep_old_h)
    show({"site_id": str(site_id), "api_key": key}, as_json=as_json, text=key)


@site.command("rotate-secret")
@SITE_ID
@KEEP_OLD_H
@AS_JSON
@click.pass_context
def rotate_secret(ctx: click.Context, site_id: UUID, keep_old_h: float, as_json: bool) -> None:
    """Make a new webhook secret; callbacks carry both signatures until the old one ends."""
    secret = sites.rotate_secret(database_desk(ctx), site_id, keep_old_h)
    show({"site_id": str(site_id), "webhook_secret": secret}, as_json=as_json, text=secret)


@site.command("set-webhook")
@SITE_ID
@click.argument("url")
@click.option("--allow-private", is_flag=True, help="Permit private addresses and http://.")
@click.pass_context
def set_webhook(ctx: click.Context, site_id: UUID, url: str, allow_private: bool) -> None:
    """Send callbacks to URL from now on; `none` for nowhere."""
    target = None if url == "none" else url
    sites.set_webhook(database_desk(ctx), site_id, target, allow_private=allow_private)
    click.echo("Callbacks go nowhere now." if target is None else "Callbacks go there now.")


@site.command("when-unscored")
@SITE_ID
@click.argument("outcome", type=click.Choice(["hold", "approve"]))
@click.pass_context
def when_unscored(ctx: click.Context, site_id: UUID, outcome: str) -> None:
    """What becomes of comments that cannot be scored in time."""
    sites.set_when_unscored(database_desk(ctx), site_id, Outcome(outcome))
    click.echo(f"Comments that cannot be scored in time get: {outcome}.")


@site.command()
@SITE_ID
@click.option("--set", "file", type=click.File("rb"), help="JSON file with changes; - for stdin.")
@click.option("--default", "to_default", is_flag=True, help="Back to this version's default.")
@click.pass_context
def policy(ctx: click.Context, site_id: UUID, file: BinaryIO | None, to_default: bool) -> None:
    """Show the policy in force as JSON, or put a new version in force.

    What a file does not mention stays as it is. docs/operating.md lists the fields.
    """
    if file and to_default:
        raise click.UsageError("Give one of --set and --default.")
    desk = database_desk(ctx)
    if to_default:
        sites.set_policy(desk, site_id, Policy())
    if file:
        sites.set_policy(desk, site_id, read_policy(file, sites.policy_of(desk, site_id)))
    found = sites.policy_of(desk, site_id)
    click.echo(json.dumps({"version": found.version, **found.to_json()}, indent=2))


@site.command("try-policy")
@SITE_ID
@click.argument("file", type=click.File("rb"))
@click.option(
    "--days",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0, 36_500, min_open=True),
    callback=_a_number,
    help="How far back to look.",
)
@AS_JSON
@click.pass_context
def try_policy(
    ctx: click.Context, site_id: UUID, file: BinaryIO, days: float, as_json: bool
) -> None:
    """Show what changes to the policy would have done.

    FILE is as for `site policy --set` (- for stdin). The comments of the last days are judged anew
    by the scores that they have, by the policy in force and by the changed one, and set beside what
    moderators decided. Nothing is changed.
    """
    desk = database_desk(ctx)
    policy = read_policy(file, sites.policy_of(desk, site_id))
    found = trial.try_policy(desk, site_id, policy, days)
    show(trial_facts(found, days), as_json=as_json, text=trial_words(found, days))


@site.command()
@SITE_ID
@click.argument("kind", type=click.Choice(bans.KINDS))
@click.argument("value")
@click.pass_context
def ban(ctx: click.Context, site_id: UUID, kind: str, value: str) -> None:
    """Ban an author by id, e-mail or address."""
    bans.ban(database_desk(ctx), site_id, kind, value)
    click.echo("Banned: the policy's `banned_author` says what that means.")


@site.command()
@SITE_ID
@click.argument("kind", type=click.Choice(bans.KINDS))
@click.argument("value")
@click.pass_context
def unban(ctx: click.Context, site_id: UUID, kind: str, value: str) -> None:
    """Lift a ban."""
    bans.unban(database_desk(ctx), site_id, kind, value)
    click.echo("The ban is lifted.")


def _described(item: Site) -> dict[str, Any]:
    webhook = item.webhook
    return {
        "site_id": str(item.id),
        "name": item.name,
        "policy_version": item.policy.version,
        "when_unscored": item.when_unscored.value,
        "webhook": webhook.url if webhook else None,
        "webhook_disabled": bool(webhook and webhook.is_off),
    }
