"""Every page of every role on the running demonstration: valid, accessible, at home on a phone, and all our own.

One crawl over HTTP per role finds every address and reads the HTML; axe reads one address of each kind of page with
everything unfolded: all rules in light, what depends on colour in dark. Each kind is read once per theme, at 390 and 1280
wide in turns; with `--axe all` at both widths in both themes.
"""

import re
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests import axe, html_rules

THEMES = ("light", "dark")
MOST = 3  # addresses of a kind, per role
MANY = {"/bijeenkomsten/-": 25}  # enough to come by the events of one's own
ALSO_SIGNED_IN = ("/", "/bijeenkomsten", "/bijeenkomsten/-")
STARTS = (
    "/",
    "/bijeenkomsten",
    "/vandaag",
    "/inloggen",
    "/inloggen/demo",
    "/stijl",
    "/postvak",
    "/nergens",
    "/bijeenkomsten/nieuw",
)


class Links(HTMLParser):
    """The addresses a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


class Visitor:
    """Somebody with a cookie jar and no JavaScript."""

    def __init__(self, base: str) -> None:
        self.base, self.jar = base, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, path: str, data: bytes | None = None) -> tuple[int, str, str, str]:
        """Status, kind, text and the address one ended at."""
        try:
            answer = self.opener.open(self.base + path, data, timeout=20)
        except urllib.error.HTTPError as no:
            answer = no
        with answer:
            return (
                answer.status,
                answer.headers.get_content_type(),
                answer.read().decode("utf-8", "replace"),
                answer.url,
            )

    def become(self, public_id: str) -> int:
        """Choose somebody on the demo page; the status of where that leads."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open("/inloggen/demo")[2])[1]
        return self.open("/inloggen/demo", f"csrf_token={token}&person={public_id}".encode())[0]


def kind_of(path: str) -> str:
    """The template of an address: names, numbers and codes replaced, the query cut to its names."""
    parts = urlsplit(path)
    fixed = re.sub(r"/bijeenkomsten/(?!nieuw)[^/]+", "/bijeenkomsten/-", parts.path)
    fixed = re.sub(r"/(\d+|[0-9a-f]{12}|afspraak-\d+\.ics)(?=/|$)", "/-", fixed)
    return fixed + "?" * bool(parts.query)


def crawl(visitor: Visitor) -> tuple[dict[str, str], list[str]]:
    """Every page one can reach by links (kind → an address), and what is wrong with them."""
    todo, seen, kinds, faults, times = list(STARTS), set(STARTS), {}, [], {}
    while todo:
        path = todo.pop(0)
        status, mime, text, ended = visitor.open(path)
        if status >= 500 or (status >= 400 and path not in STARTS and path != "/bijeenkomsten/nieuw"):
            faults.append(f"{path}: {status}")
        if mime != "text/html" or re.search(r"/postvak/.+/html$", path):
            continue
        kind = kind_of(urlsplit(ended)._replace(scheme="", netloc="").geturl())
        kinds.setdefault(kind if status < 400 else f"{kind} ({status})", path)
        faults += [f"{path}: {fault}" for fault in faults_of(text)]
        for address in links_of(text, ended, visitor.base):
            if address not in seen and times.get(kind_of(address), 0) < MANY.get(kind_of(address), MOST):
                times[kind_of(address)] = times.get(kind_of(address), 0) + 1
                seen.add(address)
                todo.append(address)
    return kinds, faults


def faults_of(text: str, known: dict[int, list[str]] = {}) -> list[str]:  # noqa: B006  # a page is read once for all roles
    """Return what is wrong with a page; tokens and the name of the reader do not count."""
    plain = re.sub(r'value="[^"]{60,}"|class="name">[^<]*|class="quiet">[^<]*', "", text)
    if hash(plain) not in known:
        known[hash(plain)] = html_rules.faults_of(text)
    return known[hash(plain)]


def links_of(text: str, at: str, base: str) -> list[str]:
    links = Links()
    links.feed(text)
    full = [urldefrag(urljoin(at, link)).url for link in links.found]
    return [one.removeprefix(base) or "/" for one in full if one.startswith(base) and "/static/" not in one]


@pytest.fixture(scope="module")
def roles(live_server: str) -> dict[str, str]:
    """Who one can be in the demonstration: role → public id."""
    page = Visitor(live_server).open("/inloggen/demo")[2]
    people = re.findall(r'name="person" value="(\w+)".*?<span class="role">([^<]+)</span>', page, re.S)
    assert len(people) >= 12
    return {role: public_id for public_id, role in people}


@pytest.fixture(scope="module")
def reached(live_server: str, roles: dict[str, str]) -> dict[str, tuple[str, str, list]]:
    """Kind of page → who reached it first, at which address, with which cookies; and every fault on the way."""
    found: dict = {}
    faults: list[str] = []
    for role, public_id in {"een bezoeker": "", **roles}.items():
        visitor = Visitor(live_server)
        if public_id and (status := visitor.become(public_id)) != 200:
            faults.append(f"{role}: coming in ends at {status}")
        kinds, wrong = crawl(visitor)
        faults += [f"{role}: {fault}" for fault in wrong]
        for kind, path in kinds.items():
            key = f"{kind} (ingelogd)" if public_id and kind in ALSO_SIGNED_IN else kind
            found.setdefault(key, (role, path, list(visitor.jar)))
    return {"pages": found, "faults": faults}


def test_every_page_that_links_lead_to_is_a_good_page(reached):
    assert not reached["faults"], "\n".join(dict.fromkeys(reached["faults"]))


# Every kind of page that links lead to; one that vanishes is missed.
THERE = [
    "/",
    "/actiepunten",
    "/actiepunten/-",
    "/actiepunten/-/aannemen",
    "/actiepunten/-/datum",
    "/actiepunten/-/gereedmelden",
    "/actiepunten/-/onderbouwing",
    "/actiepunten/-/opschorten",
    "/actiepunten/-/teruggeven",
    "/actiepunten/-/terugsturen",
    "/actiepunten/-/toetsen",
    "/actiepunten/-/vervallen",
    "/actiepunten/-/voortgang",
    "/beheer",
    "/beheer/mensen/-",
    "/beheer/mensen/-/link",
    "/beheer/mensen/-/rol",
    "/beheer/mensen/nieuw",
    "/beheer/rollen/-/intrekken",
    "/beheer/waarneming",
    "/bijeenkomsten",
    "/bijeenkomsten/-",
    "/bijeenkomsten/-/aanmelden",
    "/bijeenkomsten/-/aanmeldingen",
    "/bijeenkomsten/-/actiepunten/nieuw",
    "/bijeenkomsten/-/afgelasten",
    "/bijeenkomsten/-/afsluiten",
    "/bijeenkomsten/-/plaatsen",
    "/bijeenkomsten/-/programma",
    "/bijeenkomsten/-/programma/-",
    "/bijeenkomsten/-/programma/nieuw",
    "/bijeenkomsten/-/publiceren",
    "/bijeenkomsten/-/wijzigen",
    "/bijeenkomsten/nieuw",
    "/inloggen",
    "/inloggen/demo",
    "/maatregelen",
    "/maatregelen/-",
    "/maatregelen/-/actiepunten/nieuw",
    "/maatregelen/-/beleggen",
    "/maatregelen/-/datum",
    "/maatregelen/-/geinformeerd",
    "/maatregelen/-/stap/borgen",
    "/maatregelen/-/stap/sluiten",
    "/maatregelen/-/stap/terugsturen",
    "/maatregelen/-/stap/toetsen",
    "/maatregelen/-/stap/uitgevoerd",
    "/maatregelen/-/werktekst",
    "/maatregelen/nieuw",
    "/monitoring",
    "/postvak",
    "/postvak/-",
    "/privacy",
    "/samenwerkingsafspraken/-/actiepunt",
    "/stijl",
    "/toegankelijkheid",
    "/vandaag",
]


def test_the_crawl_reached_what_there_is(reached):
    signed_in = {f"{kind} (ingelogd)" for kind in ALSO_SIGNED_IN}
    assert not {*THERE, *signed_in} - set(reached["pages"])


class Tour:
    """One page in the browser, with everything it complains of."""

    def __init__(self, browser, base: str, cookies: list, width: int) -> None:
        self.base, self.width = base, width
        self.context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        self.context.add_cookies([{"name": one.name, "value": one.value, "url": base} for one in cookies])
        self.page, self.faults = self.context.new_page(), []
        self.page.on(
            "console",
            lambda line: self.faults.append(f"console: {line.text}") if line.type in ("error", "warning") else None,
        )
        self.page.on("pageerror", lambda fault: self.faults.append(f"script: {fault}"))
        self.page.on(
            "request",
            lambda one: self.faults.append(f"external: {one.url}") if not one.url.startswith((base, "data:")) else None,
        )

    def judge(self, path: str, themes: tuple[str, ...] = THEMES) -> list[str]:
        self.faults.clear()
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        answer = self.page.goto(self.base + path, wait_until="load")
        if answer.status >= 400:
            self.faults = [fault for fault in self.faults if "Failed to load resource" not in fault]
        return self.faults + axe.complaints(self.page, self.width, themes)


def variants(kinds: list[str], everything: bool) -> dict[int, list[tuple[str, tuple[str, ...]]]]:
    """Width → (kind of page, the themes it is read in): each kind once per theme, or at every width in both."""
    if everything:
        return {width: [(kind, THEMES) for kind in kinds] for width in axe.WIDTHS}
    narrow, wide = axe.WIDTHS
    plan: dict = {narrow: [], wide: []}
    for number, kind in enumerate(kinds):
        first, second = (narrow, wide) if number % 2 else (wide, narrow)
        plan[first].append((kind, THEMES[:1]))
        plan[second].append((kind, THEMES[1:]))
    return plan


def test_each_kind_is_read_once_per_theme_and_both_widths_are_used():
    plan = variants(["/a", "/b", "/c"], everything=False)
    read = [(kind, theme) for kinds in plan.values() for kind, themes in kinds for theme in themes]
    assert sorted(read) == [(kind, theme) for kind in ("/a", "/b", "/c") for theme in sorted(THEMES)]
    assert all({theme for _, themes in kinds for theme in themes} == set(THEMES) for kinds in plan.values())
    assert sum(len(themes) for kinds in variants(["/a"], everything=True).values() for _, themes in kinds) == 4


@pytest.mark.parametrize("width", axe.WIDTHS)
def test_every_kind_of_page_is_accessible_and_fits(browser, live_server, reached, width, request):
    wrong, tours = [], {}
    for kind, themes in variants(list(reached["pages"]), request.config.getoption("--axe") == "all")[width]:
        role, path, cookies = reached["pages"][kind]
        tour = tours.get(role) or tours.setdefault(role, Tour(browser, live_server, cookies, width))
        wrong += [f"{kind} as {role} ({path}): {fault}" for fault in tour.judge(path, themes)]
    for tour in tours.values():
        tour.context.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))


EMPTIED = {
    "/actiepunten": ("q", "main tbody tr"),
    "/maatregelen": ("q", "main tbody tr"),
    "/bijeenkomsten/-/aanmeldingen": ("q", "main tbody tr"),
    "/bijeenkomsten": ("thema", "main a[href^='/bijeenkomsten/']"),
}
REFUSING = (
    "/inloggen",
    "/bijeenkomsten/-/aanmelden",
    "/bijeenkomsten/nieuw",
    "/bijeenkomsten/-/actiepunten/nieuw",
    "/maatregelen/nieuw",
    "/beheer/mensen/nieuw",
)


def pytest_generate_tests(metafunc):
    """A refused form or an empty list is read on a phone; with `--axe all` also on a wide screen."""
    if "screen" in metafunc.fixturenames:
        metafunc.parametrize("screen", axe.WIDTHS if metafunc.config.getoption("--axe") == "all" else axe.WIDTHS[:1])


@pytest.fixture
def opened(screen, browser, live_server, reached):
    """`opened(kind)`: who reached this kind of page first, at its address, with a browser."""
    tours = []

    def open_page(kind: str) -> tuple[Tour, str]:
        _role, path, cookies = reached["pages"][kind]
        tours.append(Tour(browser, live_server, cookies, screen))
        return tours[-1], path

    yield open_page
    for tour in tours:
        tour.context.close()


@pytest.mark.parametrize("kind", EMPTIED)
def test_a_list_where_nothing_is_found_is_accessible_and_fits(opened, kind):
    tour, path = opened(kind)
    key, rows = EMPTIED[kind]
    assert tour.judge(f"{urlsplit(path).path}?{key}=zzqqxx") == []
    assert tour.page.locator(rows).count() == 0


@pytest.mark.parametrize("kind", REFUSING)
def test_a_form_that_comes_back_with_its_faults_is_accessible_and_fits(opened, kind):
    tour, path = opened(kind)
    tour.page.goto(tour.base + path)
    form = tour.page.locator("main form[method=post]").last
    form.evaluate("form => { form.noValidate = true; form.querySelectorAll('input[type=text],input[type=email],textarea')"
                  ".forEach(one => one.value = '') }")  # fmt: skip
    form.locator("button[type=submit]").last.click()
    tour.page.wait_for_load_state("load")
    assert tour.page.title().startswith("Fout: ")
    assert axe.complaints(tour.page, tour.width) == []


def test_a_page_with_a_fault_is_not_called_good(opened):
    tour, path = opened("/stijl")
    tour.page.goto(tour.base + path)
    tour.page.evaluate(
        "document.querySelector('main').innerHTML += '<img src=\"/static/none.png\"><p style=\"color:#ddd\">Bleek'"
    )
    with pytest.raises(AssertionError, match="image-alt"):
        axe.good(tour.page)
