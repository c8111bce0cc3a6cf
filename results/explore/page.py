"""The live page itself: Mesa's controls, the settings, and what both years have come to."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import solara
import solara.lab
from mesa.visualization.solara_viz import ModelController
from mesa.visualization.utils import force_update, update_counter
from solara import Reactive

from model.agents import PolicyLearning
from model.calendar import START
from model.declaration import Declaration, InputError
from model.tallies import visit_matrices
from model.world import china
from results.explore import controls
from results.explore.charts import live_charts
from results.explore.drawing import base_map, flow_map, map_key
from results.explore.tables import hosts_table, knowledge_table, numbers_table
from scenarios import find_scenario, known_scenarios
from scenarios.study.side_by_side import WEEKS, Settings, SideBySide

SETTLED = 0.3  # seconds without a further change until a year is simulated again
PLAY_INTERVAL = 150  # milliseconds between weeks, besides the drawing
FIRST_PROVINCE = "Guizhou"
STYLE = """
.plain-table { border-collapse: collapse; font-size: 13px; width: 100%; }
.plain-table th, .plain-table td { text-align: left; padding: 2px 8px; border-bottom: 1px solid #ddd; }
.plain-table td:not(:first-child) { font-variant-numeric: tabular-nums; }
.layers { position: relative; }
.layers .flows { position: absolute; top: 0; left: 0; }
"""
BOLD = {"font-weight": "bold"}
ASSUMED = "* rests on assumed rates: nobody has measured how much a visit teaches."


@solara.component
def Page() -> None:
    """The whole page."""
    settings, refusal = solara.use_reactive(Settings()), solara.use_reactive("")
    years, reset_with = use_years(settings.value)

    def change(make: Callable[[Settings], Settings]) -> None:
        try:
            settings.value = make(settings.value)
            refusal.value = ""
        except InputError as error:
            refusal.value = str(error)

    solara.Title("Policy learning")
    solara.Style(STYLE)
    with solara.Sidebar(), solara.Column(gap="8px"):
        Clock(years.value)
        Controls(years, reset_with)
        with solara.Div():  # always there, so that a refusal does not make the panel below it a new one
            if refusal.value:
                solara.Error(f"Refused: {refusal.value}")
        SettingsPanel(settings.value, change)
    Years(years.value)


def use_years(settings: Settings) -> tuple[Reactive[SideBySide], Reactive[dict[str, Settings]]]:
    """The two years, which follow the settings once these have settled, and what a reset begins them with."""
    years = solara.use_memo(lambda: solara.reactive(SideBySide()), [])
    reset_with = solara.use_memo(lambda: solara.reactive({"settings": Settings()}), [])

    async def follow() -> None:
        await asyncio.sleep(SETTLED)
        if years.value.settings != settings:
            reset_with.value = {"settings": settings}
            years.value = years.value.under(settings)
            force_update()

    solara.lab.use_task(follow, dependencies=[settings])
    solara.use_effect(lambda: years.value.drop, [years.value])  # once another has taken its place
    return years, reset_with


@solara.component
def Controls(years: Reactive[SideBySide], reset_with: Reactive[dict[str, Settings]]) -> None:
    """Mesa's buttons: reset, play or pause, step."""
    pace, at_once, threads = (solara.use_reactive(value) for value in (PLAY_INTERVAL, 1, False))
    ModelController(
        years, model_parameters=reset_with, play_interval=pace, render_interval=at_once, use_threads=threads
    )


@solara.component
def Clock(years: SideBySide) -> None:
    """Which week begins."""
    update_counter.get()
    monday = START + pd.Timedelta(weeks=years.week)
    told = f"from {monday.day} {monday:%B %Y}" if years.week < WEEKS else "the year is over"
    solara.Text(f"Week {years.week} of {WEEKS}: {told}", style=BOLD)


@solara.component
def SettingsPanel(settings: Settings, change: Callable[[Callable[[Settings], Settings]], None]) -> None:
    """Scenario, seed and parameters of the scenario's side."""
    group, set_group = solara.use_state(controls.GROUPS[-1])
    solara.Select(
        "Scenario", values=known_scenarios(), value=settings.scenario,
        on_value=lambda name: change(lambda now: replace(now, scenario=name, moved={})),
    )
    solara.Text(find_scenario(settings.scenario).question, style={"font-size": "13px"})
    solara.InputText(
        "Seed of all luck, on both sides", value=str(settings.seed), continuous_update=False,
        on_value=lambda typed: change(lambda now: controls.reseeded(now, typed)),
    )
    solara.Select("Parameters of the scenario's side", values=list(controls.GROUPS), value=group, on_value=set_group)
    for item in controls.of_group(group):
        Parameter(item, getattr(settings.shown, item.name), change).key(item.name)
    if settings.moved:
        solara.Button(
            f"Put back what was moved ({len(settings.moved)})", text=True,
            on_click=lambda: change(lambda now: replace(now, moved={})),
        )


@solara.component
def Parameter(item: Declaration, value: float, change: Callable[[Callable[[Settings], Settings]], None]) -> None:
    """A slider with its unit, and a field to type the value into."""
    low, high = controls.slider_range(item, value)

    def move(to: object) -> None:
        change(lambda now: controls.moved(now, item.name, to))

    with solara.Tooltip(controls.bounds(item)):
        solara.Text(controls.label(item, value), style={"font-size": "13px"})
    with solara.Row(gap="8px", style={"align-items": "center"}), solara.Columns([3, 1], gutters=False):
        solara.SliderFloat(
            "", value=value, min=low, max=high, step=0, thumb_label=False, on_value=move
        )
        solara.InputText("", value=f"{value:.4g}", continuous_update=False, on_value=move, dense=True)


@solara.component
def Years(years: SideBySide) -> None:
    """Both years: maps, charts, numbers, and one province."""
    update_counter.get()
    with solara.Column(gap="12px", style={"padding": "12px"}):
        with solara.Columns([1, 1]):
            Flows("Baseline: 2023 as it was", years.baseline)
            Flows(f"Scenario: {years.settings.scenario.replace('_', ' ')}", years.other)
        solara.HTML(unsafe_innerHTML=map_key())
        with solara.Columns([2, 3]):
            with solara.Card("Numbers so far", margin=0):
                solara.HTML(unsafe_innerHTML=numbers_table(years))
                solara.Text(ASSUMED, style={"font-size": "12px"})
            with solara.Card(margin=0):
                solara.FigureMatplotlib(live_charts(years), dependencies=[years, years.week])
        ProvincePanel(years)


@solara.component
def Flows(heading: str, model: PolicyLearning) -> None:
    """The map of one year: last week's visits over all so far."""
    update_counter.get()
    week = [(visit.origin, visit.host) for visit in model.visits if visit.week == model.week - 1]
    so_far = visit_matrices(model.history().alone)[0]
    told = f"Visits last week: {len(week)} (arrows); so far: {len(model.visits)} (grey, as wide as their number)"
    with solara.Card(heading, subtitle=told, margin=0), solara.Div(classes=["layers"]):
        solara.HTML(unsafe_innerHTML=base_map())
        solara.HTML(unsafe_innerHTML=flow_map(model.world, week, so_far))


@solara.component
def ProvincePanel(years: SideBySide) -> None:
    """What one province knows, and whom it would visit in the week that begins and why."""
    update_counter.get()
    name, set_name = solara.use_state(FIRST_PROVINCE)
    province = china().index(name)
    with solara.Card("A province in the week that begins", margin=0), solara.Columns([2, 3, 3]):
        with solara.Column(gap="0px"):
            solara.Select("Province", values=list(china().names), value=name, on_value=set_name)
            solara.HTML(unsafe_innerHTML=knowledge_table(years, province))
        for heading, model in (("Baseline", years.baseline), ("Scenario", years.other)):
            with solara.Column(gap="0px"):
                solara.Text(f"{heading}: whom it would visit first", style=BOLD)
                solara.HTML(unsafe_innerHTML=hosts_table(model, province))
