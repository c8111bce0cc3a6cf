from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, PathPatch
from matplotlib.text import Text

from model.agents import PolicyLearning
from model.explanation import hosts, stops
from model.parameters import Parameters
from model.world import DOMAINS, THEMES
from results import figures, maps, style
from results.arrows import BETWEEN, INSIDE, MOST_ARROWS, arrow_width
from results.base_map import province_tint
from results.explanation_figure import appeal_chart
from results.outlines import EARTH_RADIUS, albers
from results.visit_counts import pair_totals

DATA = Path(__file__).parents[1] / "model" / "data"
NOTE = "one history, seed 1"
UNTOLD = "cannot be told from zero"
VISITS = pd.DataFrame(
    [("Guangxi", "Guangdong")] * 4
    + [("Guizhou", "Guangdong")] * 2
    + [("Shanghai", "Jiangsu"), ("Jiangsu", "Shanghai"), ("Xinjiang", "Zhejiang"), ("Hebei", "Beijing")],
    columns=["origin", "host"],
)


def stub_world() -> SimpleNamespace:
    provinces = pd.read_csv(DATA / "provinces.csv")
    return SimpleNamespace(
        names=tuple(provinces["name"]),
        longitude=provinces["seat_lon"].to_numpy(),
        latitude=provinces["seat_lat"].to_numpy(),
        cluster=provinces["cluster"].fillna("").to_numpy(str),
        core=provinces["cluster_role"].eq("core").to_numpy(),
        gdp=provinces["gdp_2022"].to_numpy(),
    )


WORLD = stub_world()


def stub_calendar() -> SimpleNamespace:
    weeks = np.arange(52)
    return SimpleNamespace(
        closed=np.isin(weeks, [3, 9, 39]),
        spring_wave=(weeks >= 10) & (weeks < 13),
        autumn_wave=(weeks >= 40) & (weeks < 44),
        campaign=(weeks >= 11) & (weeks < 35),
    )


def stub_themes() -> tuple[pd.DataFrame, pd.DataFrame]:
    simulated = pd.DataFrame({"theme": THEMES, "mean": 0.5, "low": 0.4, "high": 0.7})
    targets = pd.DataFrame(
        {"theme": ["economy", "urbanisation"], "value": [0.715, 0.563], "source": "Ma 2019"}
    )
    return simulated, targets


def stub_capability() -> np.ndarray:
    start = np.random.default_rng(7).uniform(0, 1, (31, 8))
    return np.stack([start, start + 0.01 * (1 - start)])


def stub_differences() -> pd.DataFrame:
    row = {"scenario": "more_coordination", "unit": "share", "parameter_share": 0.6, "standard_error": 0.01}
    outcomes = [
        ("inside_clusters", "identified", 0.2, "rises"),
        ("reciprocity", "identified", 0.01, UNTOLD),
    ]
    outcomes += [("mean_capability", "assumed", 0.004, "rises"), ("gap", "assumed", 0.0001, UNTOLD)]
    return pd.DataFrame(
        [
            row
            | {"outcome": outcome, "rests_on": rests_on, "verdict": verdict, "basis": basis, "baseline": 0.3}
            | {"difference": centre, "low": -0.1 * centre, "high": 2 * centre}
            | {"expected_low": 0.5 * centre, "expected_high": 1.5 * centre, "draws": 64, "replicates": 4}
            for outcome, rests_on, centre, verdict in outcomes
            for basis in ("posterior", "prior")
        ]
    )


def stub_explanation() -> tuple[pd.DataFrame, pd.DataFrame]:
    province = PolicyLearning(parameters=Parameters(coordination=0.5)).provinces[23]
    province.model.begin_week()
    return hosts(province), stops(province)


def values_map():
    return maps.province_map(np.linspace(0, 1, 31), WORLD, "index", NOTE)


FIGURES = {
    "visit_map": lambda: maps.visit_map(VISITS, WORLD, NOTE),
    "province_map": values_map,
    "visit_matrix": lambda: figures.visit_matrix(VISITS, WORLD, NOTE),
    "visit_timing": lambda: figures.visit_timing(np.arange(52) % 5, stub_calendar(), NOTE, np.arange(52) % 3),
    "theme_shares": lambda: figures.theme_shares(*stub_themes(), NOTE),
    "capability_spread": lambda: figures.capability_spread(stub_capability(), WORLD, NOTE),
    "appeal_chart": lambda: appeal_chart(*stub_explanation(), "Guizhou in week 12", NOTE),
    "difference_intervals": lambda: figures.difference_intervals(stub_differences()),
}
every_figure = pytest.mark.parametrize("name", FIGURES)


@cache
def shown(name):
    """The figure, laid out once for all tests that look at it."""
    return drawn(FIGURES[name]())


def drawn(figure):
    FigureCanvasAgg(figure).draw()
    return figure


def words(figure):
    return [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]


def prose(figure):
    return " ".join(" ".join(text.get_text() for text in words(figure)).split())


def arrows(axes):
    return {patch.get_gid(): patch for patch in axes.get_children() if isinstance(patch, FancyArrowPatch)}


def outlines_of(axes):
    return {patch.get_gid(): patch for patch in axes.get_children() if type(patch) is PathPatch}


def box(text):
    return text.get_window_extent(text.figure.canvas.get_renderer())


# --- every figure ----------------------------------------------------------------------------------------


@every_figure
def test_every_figure_states_how_many_histories_it_shows(name):
    stated = "64 draws × 4 paired histories" if name == "difference_intervals" else "One history, seed 1."
    assert stated in prose(shown(name))


@every_figure
def test_no_text_is_cut_by_the_edge_of_its_figure(name):
    figure = shown(name)
    sheet = figure.bbox
    for text in words(figure):
        if text.axes is None or text.axes.get_visible():
            inside = box(text)
            assert inside.x0 >= sheet.x0 - 1, text
            assert inside.x1 <= sheet.x1 + 1, text
            assert inside.y0 >= sheet.y0 - 1, text
            assert inside.y1 <= sheet.y1 + 1, text


@pytest.mark.parametrize("letter", ["m", "w ", "word ", "illicit "])
def test_a_long_note_is_wrapped_inside_its_figure(letter):
    figure = drawn(maps.province_map(np.zeros(31), WORLD, "index", letter * 60 + " " + NOTE))
    note = next(text for text in words(figure) if NOTE in " ".join(text.get_text().split()))
    assert box(note).x1 <= figure.bbox.x1


@pytest.mark.parametrize("dots", [72, 100, 150, 300])
def test_a_note_fits_its_figure_at_every_resolution(dots):
    figure = style.sheet(9.0, 4.0)
    style.write_note(figure, "Press reports are a sample: a week without a point is no evidence. " * 6)
    figure.set_dpi(dots)
    (note,) = words(drawn(figure))
    assert box(note).x1 <= figure.bbox.x1


@every_figure
def test_no_text_is_smaller_than_six_and_a_half_points(name):
    assert min(text.get_fontsize() for text in words(shown(name))) >= 6.5


@every_figure
def test_figures_belong_to_no_window_and_still_show_in_a_notebook(name):
    figure = shown(name)
    assert pyplot.get_fignums() == []
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_labels_follow_the_order_of_the_model():
    assert tuple(style.DOMAIN_LABELS) == DOMAINS
    assert tuple(style.THEME_LABELS) == THEMES


# --- maps ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("longitude", [75.0, 105.0, 130.0])
@pytest.mark.parametrize("latitude", [18.0, 36.0, 53.0])
def test_the_projection_keeps_areas(longitude, latitude):
    east, north = albers([longitude, longitude + 0.01, longitude], [latitude, latitude, latitude + 0.01])
    projected = (east[1] - east[0]) * (north[2] - north[0]) - (east[2] - east[0]) * (north[1] - north[0])
    strip = np.sin(np.radians(latitude + 0.01)) - np.sin(np.radians(latitude))
    assert projected == pytest.approx(EARTH_RADIUS**2 * np.radians(0.01) * strip, rel=1e-3)


def test_the_projection_keeps_lengths_on_its_standard_parallels():
    for latitude in (25.0, 47.0):
        east, north = albers([100.0, 100.01], [latitude, latitude])
        length = np.hypot(np.diff(east), np.diff(north))[0]
        assert length == pytest.approx(
            EARTH_RADIUS * np.radians(0.01) * np.cos(np.radians(latitude)), rel=1e-6
        )


@pytest.mark.parametrize("name", ["visit_map", "province_map"])
def test_every_province_is_drawn_and_the_others_are_hatched(name):
    patches = outlines_of(shown(name).axes[0])
    assert set(patches) == {*WORLD.names, "Hong Kong", "Macao"}
    assert {unit for unit, patch in patches.items() if patch.get_hatch()} == {"Hong Kong", "Macao"}


@pytest.mark.parametrize("name", ["visit_map", "province_map"])
def test_names_on_a_map_do_not_touch_each_other(name):
    axes = shown(name).axes[0]
    names = [text for text in axes.texts if text.get_gid() == "name"]
    assert len(names) == 33
    assert [(a.get_text(), b.get_text()) for a, b in combinations(names, 2) if box(a).overlaps(box(b))] == []


def test_names_in_an_enlarged_cluster_stay_inside_its_frame_and_apart():
    for axes in shown("visit_map").axes[0].child_axes:
        assert len(axes.texts) in (3, 4)
        frame = axes.get_window_extent()
        outside = [text for text in axes.texts if not frame.x0 <= box(text).x0 < box(text).x1 <= frame.x1]
        assert outside == []
        assert not any(box(a).overlaps(box(b)) for a, b in combinations(axes.texts, 2))


def test_provinces_are_filled_by_cluster_and_role_in_the_declared_palette():
    patches = outlines_of(shown("visit_map").axes[0])
    for name, cluster, core in zip(WORLD.names, WORLD.cluster, WORLD.core, strict=True):
        assert to_hex(patches[name].get_facecolor()) == province_tint(cluster, core)
    assert set(style.CLUSTER_COLOURS.values()) - {style.GREY} <= set(style.OKABE_ITO.values())
    assert province_tint("GBA", True) != province_tint("GBA", False)


def test_an_arrow_runs_from_origin_to_host_in_the_colour_of_its_kind():
    found = arrows(shown("visit_map").axes[0])
    assert set(found) == set(VISITS["origin"] + " to " + VISITS["host"])
    start, end = found["Xinjiang to Zhejiang"]._posA_posB
    seats = np.column_stack(albers(WORLD.longitude, WORLD.latitude))
    assert start == pytest.approx(seats[WORLD.names.index("Xinjiang")])
    assert end == pytest.approx(seats[WORLD.names.index("Zhejiang")])
    assert to_hex(found["Xinjiang to Zhejiang"].get_edgecolor()) == to_hex(BETWEEN)
    assert to_hex(found["Hebei to Beijing"].get_edgecolor()) == to_hex(INSIDE)


def test_an_arrow_is_as_wide_as_its_pair_has_visits():
    found = arrows(shown("visit_map").axes[0])
    one, two, four = (
        found[pair].get_linewidth()
        for pair in ("Hebei to Beijing", "Guizhou to Guangdong", "Guangxi to Guangdong")
    )
    assert two == pytest.approx(2 * one)
    assert four == pytest.approx(2 * two)


def test_no_arrow_is_too_thin_to_see_and_none_is_wide_for_few_visits():
    assert arrow_width(0.001, 10.0) == 0.5
    assert arrow_width(0.5, 0.5) == 1.0


def test_weights_count_visits_a_year_over_several_histories():
    twice = pd.concat([VISITS, VISITS]).assign(weight=0.5)
    assert np.array_equal(pair_totals(twice, WORLD), pair_totals(VISITS, WORLD))


def test_only_the_larger_flows_are_drawn_when_there_are_many_and_the_map_says_so():
    names = WORLD.names
    crowd = pd.DataFrame([(a, b) for a in names for b in names if a != b], columns=["origin", "host"])
    figure = maps.visit_map(pd.concat([crowd.assign(weight=0.1), VISITS.assign(weight=1.0)]), WORLD, NOTE)
    assert len(arrows(figure.axes[0])) == 6 <= MOST_ARROWS
    assert "flows of at least 0.2 visits a year (6 of 930 pairs" in prose(figure)


def test_a_year_without_visits_is_an_empty_map_and_an_empty_matrix():
    assert "No visits." in prose(drawn(maps.visit_map(VISITS[:0], WORLD, NOTE)))
    assert "0 visits a year" in prose(drawn(figures.visit_matrix(VISITS[:0], WORLD, NOTE)))


def test_a_visit_of_an_unknown_province_is_an_error():
    stray = pd.DataFrame({"origin": ["Atlantis"], "host": ["Beijing"]})
    with pytest.raises(ValueError, match="Atlantis"):
        maps.visit_map(stray, WORLD, NOTE)


def test_values_with_names_find_their_provinces_in_any_order():
    values = pd.Series(np.linspace(0, 1, 31), index=WORLD.names)
    forward = outlines_of(maps.province_map(values, WORLD, "index", NOTE).axes[0])
    backward = outlines_of(maps.province_map(values[::-1], WORLD, "index", NOTE).axes[0])
    for name in WORLD.names:
        assert forward[name].get_facecolor() == backward[name].get_facecolor()
    assert forward["Beijing"].get_facecolor() != forward["Xinjiang"].get_facecolor()


def test_a_diverging_map_is_centred_on_zero():
    figure = maps.province_map(np.linspace(-1, 3, 31), WORLD, "change", NOTE, diverging=True)
    assert figure.axes[1].get_ylim() == (-3, 3)


def test_an_unknown_value_is_grey_and_explained():
    values = np.linspace(0, 1, 31)
    values[4] = np.nan
    figure = maps.province_map(values, WORLD, "index", NOTE)
    assert to_hex(outlines_of(figure.axes[0])[WORLD.names[4]].get_facecolor()) == maps.NO_VALUE
    assert "no value" in prose(figure)


def test_values_of_another_length_are_an_error():
    with pytest.raises(ValueError, match="31 values"):
        maps.province_map([1.0, 2.0], WORLD, "index", NOTE)


# --- matrix, weeks, themes -------------------------------------------------------------------------------


def test_the_counts_of_the_matrix_sum_to_the_number_of_visits():
    axes = shown("visit_matrix").axes[0]
    assert axes.images[0].get_array().sum() == len(VISITS)
    assert sum(int(text.get_text()) for text in axes.texts) == len(VISITS)


def test_a_cell_stands_in_the_row_of_the_origin_and_the_column_of_the_host():
    axes = shown("visit_matrix").axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    columns = [label.get_text() for label in axes.get_xticklabels()]
    four = next(text for text in axes.texts if text.get_text() == "4")
    assert (columns[round(four.get_position()[0])], rows[round(four.get_position()[1])]) == (
        "Guangdong",
        "Guangxi",
    )


def test_boxes_of_the_matrix_hold_the_members_of_a_cluster_and_no_one_else():
    axes = shown("visit_matrix").axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    boxes = {patch.get_gid(): patch for patch in axes.patches}
    assert set(boxes) == {"BTH", "YRD", "GBA"}
    for code, patch in boxes.items():
        first = round(patch.get_y() + 0.5)
        held = set(rows[first : first + round(patch.get_height())])
        assert held == {
            name for name, cluster in zip(WORLD.names, WORLD.cluster, strict=True) if cluster == code
        }


def test_the_band_of_weekly_visits_is_their_5_to_95_percent_range():
    weekly = np.random.default_rng(3).poisson(4.0, (200, 52))
    axes = figures.visit_timing(weekly, stub_calendar(), NOTE).axes[1]
    band, mean = (patch.get_data() for patch in axes.patches if hasattr(patch, "get_data"))
    assert np.array_equal(band.values, np.quantile(weekly, 0.95, axis=0))
    assert np.array_equal(band.baseline, np.quantile(weekly, 0.05, axis=0))
    assert np.array_equal(mean.values, weekly.mean(axis=0))


def test_closed_weeks_waves_and_campaign_are_marked_where_the_calendar_has_them():
    strip = shown("visit_timing").axes[0]
    january = (pd.Timestamp("2023-01-02") - pd.Timestamp("1970-01-01")).days
    marks = {(round(bar.get_y() + 0.35), bar.get_x(), bar.get_width()) for bar in strip.patches}
    weeks = {(row, (start - january) / 7, width / 7) for row, start, width in marks}
    assert weeks == {(0, 3, 1), (0, 9, 1), (0, 39, 1), (1, 10, 3), (1, 40, 4), (2, 11, 24)}


def test_weeks_without_a_press_report_are_left_blank_and_the_figure_says_why():
    figure = shown("visit_timing")
    (points,) = figure.axes[1].collections
    assert len(points.get_offsets()) == np.count_nonzero(np.arange(52) % 3)
    assert "no evidence of a week without visits" in prose(figure)


def test_press_visits_of_another_number_of_weeks_are_an_error():
    with pytest.raises(ValueError, match="52 weeks"):
        figures.visit_timing(np.ones(52), stub_calendar(), NOTE, observed=np.ones(51))


def test_theme_targets_stand_in_the_row_of_their_theme_with_their_source():
    figure = shown("theme_shares")
    (targets,) = (points for points in figure.axes[0].collections if points.get_label() == "target: Ma 2019")
    shares, rows = np.transpose(targets.get_offsets())
    assert shares.tolist() == [71.5, 56.3]
    assert np.round(rows).tolist() == [0, 1]


# --- learning and differences ----------------------------------------------------------------------------


def test_the_spread_figure_states_the_standard_deviations():
    capability = stub_capability()
    stated = prose(shown("capability_spread"))
    for domain in range(8):
        start, end = capability[:, :, domain].std(axis=1)
        assert f"{start:.4f} → {end:.4f}" in stated


def test_levels_after_learning_are_open_markers_on_the_scale_of_the_whole_index():
    levels, changes = shown("capability_spread").axes
    starts, ends = levels.collections[::2], levels.collections[1::2]
    assert all(len(points.get_facecolor()) == 31 for points in starts)
    assert all(len(points.get_facecolor()) == 0 for points in [*ends, *changes.collections])
    assert levels.get_xlim() == pytest.approx((-0.03, 1.03))


def test_the_spread_figure_says_in_words_that_learning_is_assumed():
    assert "rest on assumed rates" in prose(shown("capability_spread"))


def test_capability_of_another_shape_is_an_error():
    with pytest.raises(ValueError, match="8 domains"):
        figures.capability_spread(np.zeros((2, 31, 7)), WORLD, NOTE)


def marks_of(figure):
    lines = (line for axes in figure.axes for line in axes.lines)
    return {line.get_gid(): line for line in lines if line.get_gid()}


def test_outcomes_that_rest_on_assumed_rates_have_open_markers():
    marks = marks_of(shown("difference_intervals"))
    for basis in ("posterior", "prior"):
        assert to_hex(marks[f"mean_capability {basis}"].get_markerfacecolor()) == "#ffffff"
        assert to_hex(marks[f"inside_clusters {basis}"].get_markerfacecolor()) != "#ffffff"
    assert "open marker: rests on assumed rates" in prose(shown("difference_intervals"))


def test_a_difference_that_cannot_be_told_from_zero_is_grey():
    marks = marks_of(shown("difference_intervals"))
    colours = {
        outcome: to_hex(marks[f"{outcome} posterior"].get_color()) for outcome in ("reciprocity", "gap")
    }
    assert set(colours.values()) == {style.GREY.lower()}
    assert to_hex(marks["inside_clusters posterior"].get_color()) == style.OKABE_ITO["blue"].lower()


def test_an_outcome_that_is_the_same_in_every_pair_is_a_grey_nought():
    noughts = dict.fromkeys(("difference", "low", "high", "standard_error"), 0.0)
    same = stub_differences().assign(**noughts, parameter_share=np.nan, verdict="the same in every pair")
    figure = drawn(figures.difference_intervals(same))
    assert {to_hex(mark.get_color()) for mark in marks_of(figure).values()} == {style.GREY.lower()}
    assert "nan" not in prose(figure)
    assert "e-" not in prose(figure)


def test_an_outcome_that_could_not_be_measured_is_a_dash():
    numbers = ("difference", "low", "high", "standard_error", "parameter_share", "baseline")
    empty = stub_differences().assign(**dict.fromkeys(numbers, np.nan), verdict=UNTOLD)
    figure = drawn(figures.difference_intervals(empty))
    assert "nan" not in prose(figure)


def test_zero_stands_in_one_line_down_the_whole_figure():
    panels = [axes for axes in shown("difference_intervals").axes if axes.lines]
    assert len(panels) == 4
    zeros = [axes.transData.transform((0, 0))[0] for axes in panels]
    assert zeros == pytest.approx([zeros[0]] * 4)
    for axes in panels:
        low, high = axes.get_xlim()
        assert all(low <= x <= high for line in axes.lines for x in np.atleast_1d(line.get_xdata()))


def test_numbers_beside_the_differences_do_not_run_into_each_other():
    for axes in shown("difference_intervals").axes:
        touching = [(a, b) for a, b in combinations(axes.texts, 2) if box(a).overlaps(box(b))]
        assert touching == []


def test_differences_of_two_scenarios_are_an_error():
    both = pd.concat([stub_differences(), stub_differences().assign(scenario="ordinary_year")])
    with pytest.raises(ValueError, match="one scenario"):
        figures.difference_intervals(both)


def test_the_same_input_makes_the_same_picture():
    first, second = BytesIO(), BytesIO()
    for picture in (first, second):
        FIGURES["visit_map"]().savefig(picture, format="png", metadata={"Software": None})
    assert first.getvalue() == second.getvalue()
