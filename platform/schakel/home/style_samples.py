"""The data of the page /stijl: every component in every state, full and empty, with very long Dutch texts.

All people, places and figures are made up. The page needs no database.
"""

from __future__ import annotations

from types import SimpleNamespace as Of
from typing import Any

from schakel.events.rules import ItemKind
from schakel.home.sample_form import LONG, LONG_ROLE, sample_form
from schakel.home.today.rules import TaskKind
from schakel.workflow import Shape

KNOTS = ("Aanleiding", "Besluit", "Actie", "Effect", "Terugkoppeling")


def _loop(states: str, gap: Of | None = None, dated: bool = True) -> Of:
    """Build a loop from five letters: d(one) r(un) o(pen) p(roven) t(odo)."""
    kinds = {"d": "done", "r": "run", "o": "open", "p": "proven", "t": "todo"}
    words = {
        "done": ("Vastgesteld", "Besloten", "4 van 4 getoetst", "Gemeten", "Betrokkenen geïnformeerd"),
        "run": ("Wordt beschreven", "Ligt voor", "In uitvoering", "Meting loopt", "Brief in concept"),
        "open": ("Ontbreekt", "Wacht op besluit", "Niemand aan zet", "Nog onbekend", "Nog niet verteld"),
        "proven": ("Vastgesteld", "Besloten", "Getoetst", "Aangetoond", "Betrokkenen geïnformeerd"),
        "todo": ("Nog niet", "Nog niet", "Nog niet", "Nog niet", "Nog niet"),
    }
    dates = ("2026", "di 3 mrt 2026", "ma 21 sep 2026", "ma 16 nov 2026", "uiterlijk ma 30 nov 2026")
    knots = []
    closed = states in {"ddddd", "dddpd"}
    for place, (name, letter) in enumerate(zip(KNOTS, states, strict=True)):
        kind = kinds[letter]
        date = dates[place] if dated and kind != "todo" else ""
        date = date.removeprefix("uiterlijk ") if closed else date
        knots.append(Of(label=name, kind=kind, state_word=words[kind][place], date_text=date))
    return Of(knots=knots, closed=closed, gap=gap)


LOOPS = {
    "open": _loop(
        "dddpo",
        Of(
            title="Betrokkenen weten nog niet dat de maatregel is uitgevoerd",
            text="Aan zet: de klachtenfunctionaris, nog 5 werkdagen. De brief is als concept klaar sinds di 17 nov 2026.",
            verb="Vraag ernaar",
            url="#lus",
        ),
    ),
    "crowded": _loop(
        "ddoot",
        Of(
            title="Er is nog niemand die dit actiepunt uitvoert, en de einddatum is al twee keer verschoven",
            text="Aan zet: het hoofd van de polikliniek Interne Geneeskunde, Infectieziekten en Klinische Immunologie, "
            "vóór vr 4 dec 2026. Daarna hoort de opdrachtgever van het programma het.",
            verb="Wijs iemand aan",
            url="#lus",
        ),
    ),
    "quiet_gap": _loop(
        "dddot",
        Of(
            title="Nog niet bekend of het helpt",
            text="Aan zet: de districten. Zij vragen het in maart na.",
            verb="",
            url="",
        ),
    ),
    "under_way": _loop("ddrtt"),
    "closed": _loop("dddpd"),
    "fresh": _loop("ttttt", dated=False),
}

TERMS = [
    Of(
        name="Wijze van behandeling bevestigen", article="4 weken na ontvangst · art. 7 lid 2c", status="calm",
        start_on="vr 13 nov", target_on="vr 11 dec", latest_on="vr 11 dec", today="ma 23 nov", days_left="18",
        note="", today_at=36, target_at=100,
    ),
    Of(
        name="Oordeel of afronding", article="6 weken, verlengbaar met 4 · Wkkgz art. 17", status="calm",
        start_on="vr 13 nov", target_on="do 24 dec", latest_on="ma 28 dec", today="ma 23 nov", days_left="31",
        days_text="dagen tot de streefdatum, 35 tot de uiterste", today_at=22, target_at=91,
        note="De zesde week eindigt op vr 25 dec. Dat is Kerstmis: de uiterste datum schuift naar ma 28 dec, "
        "de streefdatum is de laatste werkdag ervoor.",
    ),
    Of(
        name="Reactie van het hoofd van de afdeling op het voorstel voor een maatregel", article="5 werkdagen · uitvoerbaarheidsvraag",
        status=Shape.SOON, start_on="ma 16 nov", target_on="vr 20 nov", latest_on="di 24 nov", today="ma 23 nov", days_left="1",
        note="Zwijgen houdt het oordeel niet tegen.", today_at=88, target_at=55,
    ),
    Of(
        name="Standpunt over de schadeclaim", article="13 weken · art. 21", status=Shape.SOON, start_on="ma 31 aug", target_on="do 26 nov",
        latest_on="ma 30 nov", today="ma 23 nov", days_left="7", note="", today_at=92, target_at=96,
    ),
    Of(
        name="Terugkoppeling aan de klager", article="10 werkdagen · art. 15", status=Shape.LATE, start_on="ma 19 okt", target_on="vr 30 okt",
        latest_on="ma 2 nov", today="ma 23 nov", days_left="21", note="De klok stond stil van do 22 tot di 27 okt: wacht op machtiging.",
        today_at=100, target_at=31, latest_at=40,
    ),
    Of(
        name="Zonder lijn", article="alleen woorden, als er niets te tekenen is", status="calm", start_on="", target_on="vr 4 dec",
        latest_on="ma 7 dec", today="", days_left="14", note="", today_at=None,
    ),
    Of(
        name="Eerste contact", article="5 werkdagen · art. 5 lid 2", status="met", start_on="", target_on="", latest_on="", today="",
        days_left="", note="op wo 18 nov, werkdag 3 van 5. Telefonisch, 25 minuten.",
    ),
]  # fmt: skip

WHY = (
    "Er zijn 20 plaatsen voor dit beroep of deze rol. Komt er één vrij, dan bieden we die aan op volgorde van aanmelding. "
    "U hebt dan twee werkdagen om ja te zeggen."
)
POOLS = [
    Of(name="Huisarts", capacity=30, used=28, waiting=0, why=""),
    Of(name="Doktersassistent", capacity=20, used=20, waiting=3, why=WHY),
    Of(name="Medisch specialist", capacity=25, used=17, waiting=0, why=""),
    Of(name=LONG_ROLE, capacity=18, used=11, waiting=0, why=""),
    Of(name="Leidinggevende", capacity=12, used=0, waiting=0, why=""),
    Of(name="Bestuurder", capacity=1, used=1, waiting=0, why=WHY),
    Of(name="Hele zaal", capacity=150, used=105, waiting=0, why=""),
    Of(name="Online meekijken", capacity=400, used=212, waiting=0, why=""),
    Of(name="Publiek in de hal", capacity=None, used=64, waiting=0, why=""),
]

HISTORY = [
    Of(at_iso="2026-11-19T14:10", at_text="do 19 nov 14.10", who="N. Bedenksel, klachtenfunctionaris", quiet=False, url="#tijdlijn",
       text="Voorgesprek gevoerd. Staat open voor een gesprek."),
    Of(at_iso="2026-11-18T10:30", at_text="wo 18 nov 10.30", who="T. Voorbeeldsma, programmacoördinator", quiet=False, url=None,
       text=f"Afspraak bevestigd door beide besturen: {LONG}, met een herzieningsdatum en per regel een eigenaar uit beide lijnen."),
    Of(at_iso="2026-07-06", at_text="ma 6 jul", who="J. Modelstra", quiet=True, url=None,
       text="Einddatum verschoven van 1 jul naar 14 sep. Reden: koppeling met de agenda duurde langer."),
    Of(at_iso="2026-03-06T09:00", at_text="vr 6 mrt 09.00", who="", quiet=False, url=None, text="Ontvangstbericht verstuurd, zonder inhoud."),
]  # fmt: skip

BAR = [
    Of(label="Geborgd", count=9, kind=Shape.PROVEN),
    Of(label="Getoetst, nog zonder bewijs van effect", count=15, kind=Shape.DONE),
    Of(label="In uitvoering", count=11, kind=Shape.RUN),
    Of(label="Wacht op toetsing door een ander", count=6, kind=Shape.WAIT),
    Of(label="Geen bericht sinds meer dan 42 dagen", count=2, kind=Shape.SILENT),
    Of(label="Te laat", count=4, kind=Shape.LATE),
    Of(label="Nog niet begonnen", count=1, kind=Shape.PENDING),
]

FUNNEL = [
    Of(label="Besloten", count=48, note="", kind=""),
    Of(label="Belegd", count=46, note="2 zonder eigenaar", kind=""),
    Of(label="Uitgevoerd", count=31, note="15 in uitvoering, waarvan 4 te laat", kind=""),
    Of(label="Getoetst", count=24, note="7 wachten op een ander dan de uitvoerder", kind=""),
    Of(label="Effect aangetoond", count=15, note="6 meten nog, 3 zonder effect", kind=""),
    Of(label="Geborgd", count=9, note="6 in de nameting van twaalf weken", kind="moss"),
]

HEADS = [
    Of(label="Maatregel of toezegging", url="#ledger", sort="asc", right=False),
    Of(label="Lus", url=None, sort=None, right=False),
    Of(label="Waarom hier", url="#ledger", sort=None, right=False),
    "Aan zet",
    Of(label="Datum", url="#ledger", sort=None, right=True),
]
ROWS = [
    Of(title=LONG, sub="M-2026-009 · oordeel klachtencommissie", loop=LOOPS["crowded"], kind=Shape.LATE, why="34 dagen te laat",
       why_sub="twee keer verschoven", who="P. Denkbeeld, hoofd planning", date="di 20 okt", date_sub="escalatie op 10 nov"),
    Of(title="Voorstel voor administratieve ondersteuning", sub="T-2024-003 · onderzoek", loop=LOOPS["under_way"], kind=Shape.SILENT,
       why="Stil, 61 dagen", why_sub="laatste bericht wo 23 sep", who="raad van bestuur", date="vr 18 dec", date_sub="over 25 dagen"),
    Of(title="Vaste terugbeltijd na een gemist gesprek", sub="M-2026-021", loop=LOOPS["closed"], kind=Shape.PROVEN, why="Geborgd",
       why_sub="", who="niemand", date="ma 30 nov", date_sub=""),
]  # fmt: skip

TASKS = [
    Of(kind=TaskKind.LATE, icon="", title="Nummer voor collega’s op elke verwijsbrief zetten", url="#vandaag", verb="Vraag na",
       why="Actiepunt 12 · eigenaar B. Oefenstra, poli-organisatie MCL · vorige week herinnerd", date_text="3 dagen te laat",
       distance="vr 20 nov"),
    Of(kind=TaskKind.SOON, icon="", title="Tafelindeling ronde 1 vaststellen", url="#vandaag", verb="Bekijk",
       why="85 mensen aan 13 tafels · niemand bij een directe collega", date_text="wo 25 nov", distance="over 2 dagen"),
    Of(kind=TaskKind.ASK, icon="i-hands", title=LONG, url="#vandaag", verb="Beoordeel",
       why="Actiepunt 31, aan u voorgesteld door S. Proefstra · uit thema Bereikbaar voor elkaar", date_text="vr 4 dec",
       distance="klaar op 1 mrt 2027"),
    Of(kind=TaskKind.ASK, icon="i-eye", title="Belafspraak opgenomen in het inwerkprogramma van de poli", url="#vandaag", verb="Toets",
       why="Gereedgemeld met 1 onderbouwing: een schermafdruk", date_text="ma 30 nov", distance="over 7 dagen"),
    Of(kind=TaskKind.ASK, icon="i-answer", title="“Mag een apothekersassistent ook komen?”", url="#vandaag", verb="Antwoord",
       why="Vraag bij de aanmelding van huisartsenpraktijk De Verzonnen Terp", date_text="do 26 nov", distance="2 dagen open"),
]  # fmt: skip
FIRST_TASK = Of(
    over="Begin hier: 9 dagen te laat", late=True, verb="Lees en verstuur", url="#vandaag",
    title="De brief aan de deelnemers van vorig jaar wacht op u",
    text="Zes van de zeven actiepunten uit de avond van 2025 zijn klaar. De 97 mensen die toen iets inbrachten, hoorden nog niet "
    "wat ervan werd. De tekst staat klaar.",
)  # fmt: skip


def _item(time: str, kind: str, title: str, text: str = "", sessions: list[Of] | None = None, day: str = "") -> Of:
    return Of(
        time_text=time,
        time_iso=time.replace(".", ":"),
        kind=kind,
        title=title,
        text=text,
        sessions=sessions or [],
        day_text=day,
    )


SESSIONS = [
    Of(letter="A", title="Verwijzen en terugverwijzen", text="Welke informatie gaat mee?", left_text="6 van 24 vrij", full=False),
    Of(letter="B", title="Zorg die verschuift: gewenst of ongewenst?", text="Wat kan naar de praktijk, wat niet?",
       left_text="Vol, 4 wachten", full=True),
    Of(letter="C", title=LONG, text="Assistenten van beide kanten over telefoon, overleg en de lijn die altijd bezet is.",
       left_text="nog 2 van 18", full=False),
]  # fmt: skip
AGENDA = [
    _item("17.30", "break", "Ontvangst met soep en broodjes"),
    _item(
        "18.15",
        ItemKind.PLENARY,
        "Welkom, en de brief van vorig jaar",
        "Auditorium. Een huisarts en een medisch specialist vertellen.",
    ),
    _item(
        "20.00", "round", "Ronde 2: kies een tafelsessie", "Drie sessies tegelijk. U kiest bij uw aanmelding.", SESSIONS
    ),
    _item("21.15", ItemKind.PLENARY, "Evaluatie en afsluiting", "Drie vragen op uw telefoon."),
]
TWO_DAYS = [
    _item("09.30", "break", "Koffie", day="vr 12 mrt 2027"),
    _item("10.00", ItemKind.PLENARY, "Opening", "Aula.", day="vr 12 mrt 2027"),
    _item("09.00", "round", "Werksessies", "Twee sessies.", SESSIONS[:2], day="za 13 mrt 2027"),
]

CONFIRM_POINTS = [
    Of(icon="i-mail", text="85 mensen krijgen een mail met de nieuwe datum", sub="en de 3 mensen op de wachtlijst ook"),
    Of(
        icon="i-calendar",
        text="Hun agenda-afspraak verschuift vanzelf mee",
        sub="van do 21 jan naar do 28 jan 2027, 17.30 uur",
    ),
    "Wie dan niet kan, meldt zich af met één tik; de plaats gaat naar de wachtlijst.",
]

FILTERS = [
    Of(kind="select", name="bron", label="Bron", value="klacht",
       options=[("", "Alle bronnen"), ("klacht", "Klacht en onderzoek"), ("avond", "Bijeenkomst")]),
    Of(kind="select", name="groep", label="Afdelingsgroep", value="", options=[("", "Alle groepen"), ("b", "Beschouwend")]),
    Of(kind="date", name="sinds", label="Besloten sinds", value="2023-12-13"),
    Of(kind="search", name="q", label="Woord of nummer", value=""),
]  # fmt: skip
ACTIVE = [("Bron: klacht en onderzoek", "#filters"), ("Sinds wo 13 dec 2023", "#filters")]

WRONG = {
    "name": "Wietske Voorbeeldsma",
    "email": "wietske@praktijk",
    "role": "",
    "region": "",
    "wishes": ["b"],
    "story": "Kort.",
    "seats": "twaalf",
}

SAMPLES: dict[str, Any] = {
    "long": LONG,
    "states": [
        (Shape.DONE, "Getoetst"), (Shape.RUN, "In uitvoering"), (Shape.OPEN, "Zonder datum"), (Shape.LATE, "34 dagen te laat"),
        (Shape.SOON, "Nog 5 werkdagen"), (Shape.PROVEN, "Geborgd"), (Shape.SILENT, "Geen bericht sinds wo 23 sep"), (Shape.WAIT, "Wacht op toetsing"),
        (Shape.STOP, "Vol, 3 wachten"), (Shape.PENDING, "Nog niet begonnen"),
    ],
    "loops": LOOPS,
    "terms": TERMS,
    "pools": POOLS,
    "history": HISTORY,
    "bar": BAR,
    "funnel": FUNNEL,
    "heads": HEADS,
    "rows": ROWS,
    "tasks": TASKS,
    "first_task": FIRST_TASK,
    "agenda": AGENDA,
    "two_days": TWO_DAYS,
    "confirm_points": CONFIRM_POINTS,
    "filters": FILTERS,
    "active_filters": ACTIVE,
    "form": sample_form(),
    "form_with_errors": sample_form(WRONG, prefix="fout-"),
    "right": {"huisarts": "nog 2 vrij", "assistent": "vol", "specialist": "8 vrij", "poli": "7 vrij"},
    "notes": {"assistent": "U komt op plaats 4 van de wachtlijst."},
}  # fmt: skip
