"""P3: three hundred visitors for a hundred places, at the same time, over real HTTP; then checks of the database."""

from statistics import median

import clients
import databases
import load
import servers
from measures import Stage

VISITORS, PLACES = 300, 100
OUTCOME_PLACE, OUTCOME_WAITING = "U bent aangemeld", "U staat op de wachtlijst"
OUTCOME = """
select (select count(*) from registration r where r.event_id = e.id and r.state = 'registered'),
       (select count(*) from registration r where r.event_id = e.id and r.state = 'waiting'),
       (select used from capacity_pool p where p.event_id = e.id and p.session_id is null),
       (select waiting from capacity_pool p where p.event_id = e.id and p.session_id is null),
       (select count(*) from seat_claim c join capacity_pool p on p.id = c.pool_id
         where p.event_id = e.id and p.session_id is null)
from event e where e.slug = '{slug}'"""
WAITING_LIST = """
select w.id, w.registration_id, r.state, m.id from wait w join registration r on r.id = w.registration_id
join capacity_pool p on p.id = w.pool_id join event e on e.id = p.event_id
left join mail m on m.about_kind = 'registration' and m.about_id = cast(w.registration_id as varchar)
where e.slug = '{slug}' and p.session_id is null order by w.id"""


def faults_of(url: str, slug: str) -> list[str]:
    """Return what is wrong: the numbers, the counters, and the waiting list."""
    outcome = databases.fetch(url, OUTCOME.format(slug=slug))[0]
    expected = (PLACES, VISITORS - PLACES, PLACES, VISITORS - PLACES, PLACES)
    faults = [] if outcome == expected else [f"registered, waiting, used, pool waiting, claims = {outcome}"]
    line = databases.fetch(url, WAITING_LIST.format(slug=slug))
    if len({row[1] for row in line}) != len(line) or len(line) != VISITORS - PLACES:
        faults.append(f"{len(line)} on the waiting list, {len({row[1] for row in line})} people")
    if {row[2] for row in line} != {"waiting"}:
        faults.append("somebody on the waiting list is not in state waiting")
    if [row[3] for row in line] != sorted(row[3] for row in line):
        faults.append("the order of the waiting list is not the order of the mails")
    return faults


def _round(stage: Stage, ours: servers.Server, bare: servers.Server, url: str, number: int, seen: dict) -> None:
    slug = f"bench-wedloop-{number}"
    before = load.run(bare, clients.bare_flow, VISITORS, None, processes=4)
    race = load.run(ours, clients.registration(slug, f"loper{number}"), VISITORS, None, processes=4)
    wrong = faults_of(url, slug)
    if dict(race.outcomes) != {OUTCOME_PLACE: PLACES, OUTCOME_WAITING: VISITORS - PLACES}:
        wrong.append(f"outcomes {dict(race.outcomes)}")
    seen["wrong"] += wrong
    seen["errors"] += [f"{fault} ×{times}" for fault, times in race.errors.items()]
    seen["5xx"] += race.statuses_5xx
    seen["seconds"].append(race.seconds)
    seen["bare"].append(before.seconds)
    seen["slowest"].append(race.slowest)
    stage.registrations += race.walks


def race(stage: Stage) -> None:
    """P3 with 1, 2 and 8 workers, `rounds` times with 2 and a quarter of that with the others; quick: once with 2."""
    for workers in (2,) if stage.quick else (1, 2, 8):
        rounds = 1 if stage.quick else stage.rounds if workers == 2 else max(1, stage.rounds // 4)
        url = stage.kind.copy()
        ours = servers.ours(stage.folder, url, workers)
        bare = servers.bare(stage.folder, stage.kind.bare(), workers)
        seen: dict = {"wrong": [], "errors": [], "5xx": 0, "seconds": [], "bare": [], "slowest": []}
        try:
            for number in range(1, rounds + 1):
                _round(stage, ours, bare, url, number, seen)
            stage.note(ours)
        finally:
            ours.stop()
            bare.stop()
        _report(stage, workers, rounds, seen)
        stage.kind.drop(url)


def _report(stage: Stage, workers: int, rounds: int, seen: dict) -> None:
    what = f"{VISITORS} for {PLACES}, {workers} workers, {rounds} ×"
    right = not seen["wrong"] and not seen["errors"]
    verdict = "all exact" if right else "; ".join([*seen["wrong"], *seen["errors"]])[:300]
    stage.add("P3", f"{what}: outcome", verdict, "100 + 200 in order", right)
    stage.add("P3", f"{what}: 5xx", str(seen["5xx"]), "0", seen["5xx"] == 0)
    times = median(seen["seconds"]) / median(seen["bare"])
    stage.add(
        "P3", f"{what}: seconds (bare; slowest visitor)",
        f"{median(seen['seconds']):.1f} ({median(seen['bare']):.1f}; {max(seen['slowest']):.1f})",
    )  # fmt: skip
    stage.add("P3", f"{what}: times 300 bare flows", f"{times:.1f}", "≤ 3", times <= 3)
