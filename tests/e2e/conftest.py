"""The product as a newcomer has it: started once for all these tests, in an empty folder."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.product import Product, running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`commentdesk up` on an empty folder, with everything logged."""
    data = tmp_path_factory.mktemp("product") / "data"
    with running(data, settings={"COMMENTDESK_LOG_LEVEL": "debug"}) as started:
        yield started


@pytest.fixture(scope="session")
def holds_links(product: Product) -> None:
    """The demo's policy holds every comment with a link, whatever the model says of it."""
    site = product.account["site_id"]
    policy = json.loads(product.command("site", "policy", site))
    path = product.data / "policy.json"
    path.write_text(json.dumps(policy | {"links_hold": 1}))
    product.command("site", "policy", site, "--set", str(path))


@pytest.fixture
def page(browser: Browser, product: Product) -> Iterator[Page]:
    """A reader's browser window without any cookies; addresses are relative to the product."""
    context = browser.new_context(base_url=product.url, locale="en-GB")
    context.set_default_timeout(20_000)
    opened = context.new_page()
    yield opened
    context.close()
