"""The hardened settings, as they reach a crawl."""

from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from pressclip.sources import CrawlSettings
from spiders.guards import bodies
from spiders.manners import crawl_settings

HARDENED = {
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_DELAY_JITTER": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "REDIRECT_MAX_TIMES": 5,
    "DOWNLOAD_TIMEOUT": 60,
    "DOWNLOAD_MAXSIZE": 16 * 1024 * 1024,
    "TWISTED_DNS_RESOLVER": "spiders.guards.addresses.GuardedResolver",
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
}


@pytest.fixture
def settings() -> Settings:
    loaded = Settings()
    loaded.setmodule("pressclip.settings")
    return loaded


def test_each_hardened_setting_reaches_scrapy(settings: Settings) -> None:
    assert {name: settings[name] for name in HARDENED} == HARDENED


def test_many_usual_pages_stop_new_requests_before_any_of_them_is_put_off(settings: Settings) -> None:
    # Those on their way arrive all the same: as many as there are places, of a few hundred kilobytes.
    on_their_way = settings.getint("CONCURRENT_REQUESTS") * 200_000
    assert settings.getint("SCRAPER_SLOT_MAX_ACTIVE_SIZE") + on_their_way < bodies.BUDGET


def test_only_http_and_https_can_be_downloaded(settings: Settings) -> None:
    base = {**settings["DOWNLOAD_HANDLERS_BASE"], **settings["DOWNLOAD_HANDLERS"]}
    assert {scheme for scheme, handler in base.items() if handler} == {"http", "https"}


def test_every_component_named_by_string_loads(settings: Settings) -> None:
    names = [
        *settings["ITEM_PIPELINES"],
        *settings["DOWNLOADER_MIDDLEWARES_BASE"],
        *(name for name, place in settings["DOWNLOADER_MIDDLEWARES"].items() if place is not None),
        settings["TWISTED_DNS_RESOLVER"],
        settings["SCHEDULER_PRIORITY_QUEUE"],
        settings["DUPEFILTER_CLASS"],
    ]
    assert all(callable(load_object(name)) for name in names)


def test_no_part_of_scrapy_works_beside_those_that_are_named(settings: Settings) -> None:
    parts = settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES")
    theirs = {name.rpartition(".")[2] for name in parts if name.startswith("scrapy.")}
    assert theirs == {
        "DownloadTimeoutMiddleware", "DefaultHeadersMiddleware", "UserAgentMiddleware", "HttpCompressionMiddleware",
    }  # fmt: skip
    assert not settings.get_component_priority_dict_with_base("SPIDER_MIDDLEWARES")
    assert not settings.get_component_priority_dict_with_base("EXTENSIONS")
    assert not settings["ADDONS"]


def test_robots_txt_is_read_by_ours(settings: Settings) -> None:
    assert settings["DOWNLOADER_MIDDLEWARES"]["spiders.guards.robots.RobotsGuard"] == 100


def test_sources_toml_is_laid_over_the_settings(settings: Settings) -> None:
    crawl = CrawlSettings(contact="https://example.org/bot", delay=0.5, allow_hosts=("127.0.0.1",))
    settings.update(crawl_settings(crawl))
    assert settings["USER_AGENT"].endswith("(+https://example.org/bot)")
    assert settings["DOWNLOAD_DELAY"] == 0.5
    assert settings["PRESSCLIP_ALLOW_HOSTS"] == ["127.0.0.1"]


def test_no_other_distribution_claims_our_flat_package_names() -> None:
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    assert {
        name: set(owners.get(name, [])) - {"pressclip"} for name in ("spiders", "pipelines", "storage")
    } == {
        "spiders": set(),
        "pipelines": set(),
        "storage": set(),
    }


def test_scrapy_cfg_names_these_settings() -> None:
    assert "default = pressclip.settings" in Path("scrapy.cfg").read_text(encoding="utf-8")
