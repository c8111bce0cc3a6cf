"""The live page shows two years under the same luck, refuses what is wrong, and needs no network in a browser."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest
from click.testing import CliRunner

from model.declaration import InputError
from model.parameters import DECLARATIONS
from results.command_line import main
from results.explore import controls, serve
from results.explore.charts import integration, live_charts, spread, theme_shares, visits_so_far
from results.explore.drawing import base_map, flow_map
from results.explore.tables import SHOWN, hosts_table, knowledge_table, numbers_table
from scenarios.study.side_by_side import WEEKS, Settings, SideBySide
from scenarios.study.single import Single

STRONGER = "stronger_central_coordination"


def after(weeks, settings=None):
    years = SideBySide(settings)
    for _ in range(weeks):
        years.step()
    return years


@pytest.fixture(scope="module")
def spring():
    return after(13)


# Two years


def test_both_years_are_the_histories_that_a_run_simulates(spring):
    assert spring.baseline.history().visits.equals(Single("baseline", weeks=13).carry_out().visits)
    assert spring.other.history().visits.equals(Single(STRONGER, weeks=13).carry_out().visits)


def test_the_scenario_baseline_differs_in_nothing():
    years = after(4, Settings("baseline"))
    assert years.baseline.history().capability.tobytes() == years.other.history().capability.tobytes()


def test_a_parameter_moved_by_hand_changes_the_scenario_and_never_the_baseline(spring):
    years = after(13, Settings(moved={"tours_per_year": 30.0}))
    assert years.baseline.history().visits.equals(spring.baseline.history().visits)
    assert len(years.other.visits) > 3 * len(spring.other.visits)


def test_other_settings_show_the_same_week_as_if_they_had_held_from_the_start(spring):
    again = spring.under(Settings(seed=2))
    assert again.week == spring.week
    assert again.other.history().visits.equals(after(13, Settings(seed=2)).other.history().visits)


def test_after_the_last_week_nothing_happens():
    years = SideBySide(Settings("baseline", moved={"tours_per_year": 0.0}))
    for _ in range(WEEKS):
        assert years.running
        years.step()
    years.step()
    assert not years.running
    assert years.week == WEEKS


def test_years_that_are_dropped_leave_no_agents_behind():
    years = after(1)
    years.drop()
    assert len(years.baseline.agents) == len(years.other.agents) == 0
    assert years.other not in getattr(type(years.other.provinces[0]), "_ids", {})


# Settings


@pytest.mark.parametrize("typed", ["", "one", "1.5", "-1", str(2**64)])
def test_what_is_no_seed_is_refused_in_one_sentence(typed):
    with pytest.raises(InputError, match=r"seed .* whole number"):
        controls.reseeded(Settings(), typed)


@pytest.mark.parametrize("value", ["", "much", "nan", "inf", "1.01", -0.1])
def test_what_is_no_value_of_a_parameter_is_refused_in_one_sentence(value):
    with pytest.raises(InputError, match="coordination = "):
        controls.moved(Settings(), "coordination", value)


def test_a_parameter_put_where_the_scenario_has_it_is_not_moved():
    moved = controls.moved(controls.moved(Settings(), "learning", "0.04"), "coordination", 0.8)
    assert moved.moved == {"learning": 0.04, "coordination": 0.8}
    assert controls.moved(moved, "coordination", 0.5).moved == {"learning": 0.04}


@pytest.mark.parametrize("item", DECLARATIONS.values(), ids=DECLARATIONS.keys())
def test_a_slider_stays_inside_the_bounds_and_reaches_default_and_value(item):
    value = getattr(Settings().shown, item.name)
    low, high = controls.slider_range(item, value)
    assert item.low <= low <= min(value, item.default) <= max(value, item.default) <= high <= item.high
    assert low < high


def test_every_parameter_has_a_slider_with_its_unit():
    items = [item for group in controls.GROUPS for item in controls.of_group(group)]
    assert [item.name for item in items] == list(DECLARATIONS)
    assert all(controls.label(item, item.default).endswith(item.unit) for item in items)


# What is shown


def test_the_map_has_an_arrow_for_every_visit_of_the_week_and_a_line_for_every_pair_so_far(world):
    so_far = np.zeros((31, 31))
    so_far[0, 1], so_far[2, 3] = 4, 1
    drawn = flow_map(world, [(2, 3)], so_far)
    assert drawn.count('class="flow"') == 2
    assert drawn.count('class="week"') == 1
    assert f"{world.names[0]} to {world.names[1]}: 4 so far" in drawn


def test_a_pair_with_more_visits_has_a_wider_line(world):
    one, four = ([float(width) for width in re.findall(r'stroke-width="([0-9.]+)" class="flow"', flow_map(
        world, [], count * (np.eye(31, k=1) > 0)))] for count in (1, 4))
    assert min(four) > max(one)


def test_the_map_names_every_province_and_fetches_nothing(world):
    drawn = base_map()
    assert all(name in drawn or name == "Inner Mongolia" for name in world.names)
    assert "Inner Mong." in drawn
    assert "http" not in drawn


def test_the_series_are_those_of_the_history(spring):
    history = spring.other.history()
    assert visits_so_far(spring.other)[-1] == len(history.week)
    assert theme_shares(spring.other).tolist() == pytest.approx(history.themes.mean(axis=0).tolist())
    assert spread(spring.other)[-1] == pytest.approx(history.capability[-1].mean(axis=1).std())
    assert integration(spring.other)[-1] == pytest.approx(history.integration[-1][history.world.inside].mean())


@pytest.mark.parametrize("weeks", [0, 1, 13])
def test_charts_and_tables_hold_in_every_week(weeks):
    years = after(weeks)
    assert len(live_charts(years).axes) == 4
    assert numbers_table(years).count("<tr>") == 1 + len(SHOWN)
    assert "nan" not in numbers_table(years)
    assert knowledge_table(years, 3).count("<tr>") == 1 + 8


def test_a_province_panel_tells_the_chance_and_the_plan_of_each_host(spring):
    baseline, scenario = (hosts_table(model, 23) for model in (spring.baseline, spring.other))
    assert "capability gap" in baseline
    assert "the plan gives it" in scenario
    assert "the plan gives it" not in baseline


def test_without_its_packages_the_page_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda package: None)
    answer = CliRunner().invoke(main, ["explore", "--no-browser"])
    assert answer.exit_code == 2
    assert "pip install -e '.[explore]'" in answer.output


def test_a_port_in_use_is_refused_in_one_sentence():
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        answer = CliRunner().invoke(main, ["explore", "--no-browser", "--port", str(other.getsockname()[1])])
    assert answer.exit_code == 2
    assert answer.output.count("\n") == 1
    assert "choose another with --port" in answer.output


# In a browser


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
DEAD_PROXY = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://localhost:9")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed to open the page with")
PATIENCE = 60_000  # milliseconds


def free_port():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


def wait_for(address, server):
    for _ in range(240):
        assert server.poll() is None, "the server has stopped"
        try:
            return urlopen(address).read()
        except URLError:
            time.sleep(0.25)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of the page, served without a network, and the file its server writes its complaints to."""
    port, log = free_port(), tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-c", "from results.command_line import main; main()"]
    with log.open("w") as file:
        server = subprocess.Popen(
            [*command, "explore", "--no-browser", "--port", str(port)], stdout=file, stderr=file,
            env={**os.environ, **DEAD_PROXY, "NO_PROXY": "localhost"}, start_new_session=True,
        )
    wait_for(f"http://localhost:{port}", server)
    yield f"http://localhost:{port}", log
    os.killpg(server.pid, signal.SIGTERM)
    server.wait()


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", NOWHERE])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, served):
    """The page when it has loaded, with a list of everything that went wrong or went elsewhere."""
    opened = browser.new_page(viewport={"width": 1600, "height": 1400})
    opened.set_default_timeout(PATIENCE)
    opened.wrong = []
    pending = set()
    opened.on("request", lambda request: pending.add(request))
    for ended in ("requestfinished", "requestfailed"):
        opened.on(ended, lambda request: pending.discard(request))
    opened.on("requestfailed", lambda request: opened.wrong.append(request.url))
    opened.on("request", lambda request: request.url.startswith((served[0], "data:", "blob:"))
              or opened.wrong.append(request.url))
    opened.on("response", lambda answer: answer.status < 400 or opened.wrong.append(f"{answer.status} {answer.url}"))
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.goto(served[0])
    opened.wait_for_selector("table.numbers")
    yield opened
    opened.wait_for_timeout(1000)  # the last widgets ask for what they need when all else is drawn
    while pending:  # what cannot be fetched is tried for seconds
        opened.wait_for_timeout(200)
    assert opened.wrong == []
    assert re.findall(r"Traceback|Could not load.*", served[1].read_text()) == []
    opened.close()


def step(page, weeks):
    first = int(re.search(r"Week (\d+) of", page.get_by_text(" of 52:").inner_text()).group(1))
    for week in range(first + 1, first + weeks + 1):
        page.get_by_role("button", name="Step").click()
        page.get_by_text(f"Week {week} of 52").wait_for()


def choose(page, label, option):
    page.locator(".v-select__slot", has=page.get_by_label(label, exact=True)).click()
    page.get_by_role("option", name=option, exact=True).click()


def numbers(page):
    """Baseline and scenario by outcome, as shown."""
    rows = [row.split("\t") for row in page.locator("table.numbers tbody").inner_text().splitlines()]
    return {row[0]: row[1:3] for row in rows}


def changed(page, before):
    """The numbers once they differ from those before."""
    page.wait_for_function(
        "before => document.querySelector('table.numbers tbody').innerText != before", arg=before
    )
    return numbers(page)


def shown(page):
    return page.locator("table.numbers tbody").inner_text()


@needs_browser
@pytest.mark.slow
def test_the_page_loads_without_a_network_and_shows_both_maps(page, world):
    assert page.title() == "Policy learning"
    assert page.locator("svg.base").count() == page.locator("svg.flows").count() == 2
    assert all(page.locator("svg.base").first.get_by_text(name, exact=True).count() for name in ("Guizhou", "Tibet"))


@needs_browser
@pytest.mark.slow
def test_ten_steps_change_the_numbers_the_maps_and_the_date(page, tmp_path):
    before, picture = numbers(page), page.screenshot()
    step(page, 13)
    after_steps = numbers(page)
    assert before["Visits"] == ["0", "0"]
    assert int(after_steps["Visits"][0]) > 10
    assert page.locator("svg.flows path.flow").count() > 10
    assert page.locator("svg.flows path.week").count() > 0
    assert page.screenshot() != picture


@needs_browser
@pytest.mark.slow
def test_a_slider_changes_the_scenario_in_the_week_shown_and_leaves_the_baseline(page):
    step(page, 12)
    before, text = numbers(page), shown(page)
    page.get_by_role("slider").first.focus()
    page.keyboard.press("End")
    now = changed(page, text)
    assert page.get_by_text("coordination: 1 share of stops").count() == 1
    assert [each[0] for each in now.values()] == [each[0] for each in before.values()]
    assert [each[1] for each in now.values()] != [each[1] for each in before.values()]
    page.get_by_text("Put back what was moved (1)").click()
    changed(page, shown(page))
    assert numbers(page) == before


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["abc", "-1", "1e30", ""])
def test_a_bad_value_is_refused_and_the_page_goes_on(page, wrong):
    seed = page.get_by_label("Seed of all luck, on both sides")
    seed.fill(wrong)
    seed.press("Enter")
    page.get_by_text("Refused: The seed").wait_for()
    assert seed.input_value() == wrong
    step(page, 1)
    seed.fill("7")
    seed.press("Enter")
    page.get_by_text("Refused").wait_for(state="detached")
    step(page, 1)


@needs_browser
@pytest.mark.slow
def test_a_value_out_of_bounds_is_refused_beside_its_slider_which_stays(page):
    choose(page, "Parameters of the scenario's side", "choosing hosts")
    page.get_by_text("proximity: ").wait_for()
    typed = page.locator(".v-text-field.v-input--dense input").first
    typed.fill("99")
    typed.press("Enter")
    page.get_by_text("Refused: proximity = 99.0 is out of range: give a number from -8 to 8").wait_for()
    assert page.get_by_text("log odds per halving of distance").count() == 2
    assert page.get_by_role("slider").count() == 11


@needs_browser
@pytest.mark.slow
def test_the_year_plays_pauses_and_is_reset(page):
    page.get_by_role("button", name="▶").click()
    page.get_by_text("Week 5 of 52").wait_for()
    page.get_by_role("button", name="❚❚").click()
    page.get_by_role("button", name="Step").wait_for()
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("Week 0 of 52").wait_for()
    assert numbers(page)["Visits"] == ["0", "0"]


@needs_browser
@pytest.mark.slow
def test_another_scenario_and_another_province_are_chosen_from_their_lists(page):
    step(page, 2)
    choose(page, "Scenario", "baseline")
    page.get_by_text("Scenario: baseline").wait_for()
    assert all(baseline == scenario for baseline, scenario in numbers(page).values())
    assert "Beijing" in page.locator("table.hosts").first.inner_text()
    before = page.locator("table.knowledge").inner_text()
    choose(page, "Province", "Beijing")
    page.wait_for_function("before => document.querySelector('table.knowledge').innerText != before", arg=before)
    assert "Beijing" not in page.locator("table.hosts").first.inner_text()
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("Week 0 of 52").wait_for()
    assert page.get_by_text("Scenario: baseline").count() == 1
