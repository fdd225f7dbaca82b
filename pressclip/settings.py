"""Scrapy's settings, hardened; the only file that names components by string.

Library defaults are meant for projects, not for programs that read what strangers serve. What differs from
them, and why, stands beside each line; `tests/test_settings.py` holds the list. What sources.toml decides
(contact, delay, workers, allowed hosts) is laid over these by `spiders.manners.crawl_settings`.
"""

from pressclip.version import VERSION

BOT_NAME = "pressclip"
USER_AGENT = f"pressclip/{VERSION}"
# Named one by one: beside them stand modules that need extras.
SPIDER_MODULES = [
    "spiders.feeds", "spiders.sitemaps", "spiders.sections", "spiders.sources", "spiders.trials", "spiders.urls",
]  # fmt: skip
NEWSPIDER_MODULE = "spiders"

# One visible order of steps: Page -> Article -> row.
ITEM_PIPELINES = {
    "pipelines.shell.CleanPipeline": 100,
    "pipelines.shell.StorePipeline": 200,
}

# Who may be reached. The resolver judges the address that is connected, the middleware what no resolver sees.
TWISTED_DNS_RESOLVER = "spiders.guards.addresses.GuardedResolver"
DOWNLOAD_HANDLERS = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
    "http": "spiders.guards.heads.HeadGuard",
    "https": "spiders.guards.certificates.CertificateGuard",  # checked, unless a source says otherwise
}
# In their place where a source asks for a browser: it needs the extra `render`, and starts with its first page.
PRESSCLIP_BROWSER_HANDLERS = {
    **DOWNLOAD_HANDLERS,
    "http": "spiders.rendering.BrowserHandler",
    "https": "spiders.rendering.BrowserHandler",
}
PLAYWRIGHT_BROWSER_PROVIDER = "spiders.rendering.TunnelledBrowser"
PLAYWRIGHT_ABORT_REQUEST = "spiders.rendering.is_ornament"
PLAYWRIGHT_PROCESS_REQUEST_HEADERS = "spiders.rendering.named"
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 2
# What of Scrapy's own takes part. Its lists are longer, and what is not here needs no switch to be off: robots.txt read
# as "allow" where it fails, retries (at once is never polite; what failed waits in the store for its time), a cache that
# guesses freshness, pages that send people elsewhere (articles do not), cookies, and proxies from the environment, which
# connect where our resolver does not look. Each would cost imports too, and a step on the way of every request.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
}
DOWNLOADER_MIDDLEWARES = {
    "spiders.guards.addresses.AddressGuard": 20,
    # Scrapy's reads an error as "allow" and logs it as one of its own.
    "spiders.guards.robots.RobotsGuard": 100,
    # In the place of Scrapy's, with fewer hops; it takes a source's own headers off at its border.
    "spiders.guards.redirects.RedirectGuard": 600,
    # Beyond what unpacks (590): a body counts as large as it becomes.
    "spiders.guards.bodies.BodiesGuard": 580,
    # The last before the network: what it lets pass is sent at once.
    "spiders.guards.manners.MannersGuard": 950,
}
# Each status is an outcome with a name, an address that is too long is refused with a reason where it is read, and no
# page learns from which one we came.
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
# Among them are open doors that nobody asked for: they execute code from whoever reaches a local port.
EXTENSIONS_BASE: dict[str, int] = {}
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default trusts anybody

# Bounds. The time is for the whole answer, so it stops slow drips too.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
DNS_TIMEOUT = 20

# Manners: one connection to a host at a time, with a gap; as many hosts as there are.
# Whoever waits for a host's turn or its robots.txt has a place too. Most systems let a process open 1,024 files.
CONCURRENT_REQUESTS = 512
# Names resolved at a time: behind ten slow ones (the default) all others would wait.
REACTOR_THREADPOOL_MAXSIZE = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0  # a gap is a floor, not a mean
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": None,  # a page in its own language, not in the one of a server's operator
}

# Without this queue one slow host's requests fill all places and the other hosts wait for it.
SCHEDULER_PRIORITY_QUEUE = "spiders.queues.HostQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # the frontier's order: newest first
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the store knows what was seen, across runs
# Bytes of pages between network and store; beyond it all hosts wait. Far below the budget of `spiders.guards.bodies`,
# which puts off what is large: usual pages, many at once, must meet this bound and not that one.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 24 * 1024 * 1024
CONCURRENT_ITEMS = 4  # of one answer, which costs as many tasks; most give one item or none

LOG_LEVEL = "ERROR"  # silence in cron; -v and -vv on the command line say more
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False
