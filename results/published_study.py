"""One full study, published: its tables, figures, findings and manifest, made by one command."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from results.dose_figure import dose_curves, trade_offs
from results.findings import findings
from results.overview_figure import scenario_overview
from results.pairs_figure import best_pairs_chart
from scenarios.study.compare import Design
from scenarios.study.dose import dose_response
from scenarios.study.nulls import against_patterns, needed
from scenarios.study.pairs import best_pairs
from scenarios.study.parts import break_into_parts
from scenarios.study.precision import FIRST_DRAWS, compare_until
from scenarios.study.ranking import ranking
from scenarios.study.record import write_tables
from scenarios.study.scenario import known_scenarios
from scenarios.study.variants import BASELINE, Sample

PUBLISHED = Path("results") / "published"
FINDINGS = "FINDINGS.md"
# As they are read back, in the order of the text.
TABLES = ("differences", "ranking", "dose", "parts", "shares", "pairs", "patterns", "needed")


def study(
    sample: Sample | None = None, precision: float = 0.1, years: int = 200, workers: int | None = None
) -> tuple[dict[str, pd.DataFrame], dict[str, Figure]]:
    """Carry out the full study: all scenarios, doses, parts, pairs and nulls; its tables and figures by name.

    Args:
        sample: draws and luck of doses, parts and pairs; its seed and weeks are those of the comparison too.
        precision: of the comparison of all scenarios, as in `scenarios.study.precision`.
        years: simulated years that the nulls are judged by.
        workers: threads.
    """
    sample = sample or Sample()
    names = (BASELINE, *(name for name in known_scenarios() if name != BASELINE))
    first = Design(names, min(FIRST_DRAWS, sample.draws), sample.replicates, sample.seed, sample.weeks, {})
    differences = compare_until(first, precision, workers).differences
    dose, parts = dose_response(sample=sample, workers=workers), break_into_parts(sample, workers)
    pairs, patterns = best_pairs(sample=sample, workers=workers), against_patterns(years=years, workers=workers)
    tables = {
        "differences": differences, "ranking": ranking(differences), "dose": dose, "parts": parts.differences,
        "shares": parts.shares, "pairs": pairs, "patterns": patterns, "needed": needed(patterns).reset_index(),
    }  # fmt: skip
    note = str(sample)
    figures = {
        "overview": scenario_overview(differences),
        "dose": dose_curves(dose, note),
        "trade-offs": trade_offs(dose, note),
        "parts": scenario_overview(parts.differences),
        "pairs": best_pairs_chart(pairs, note),
    }
    return tables, figures


def publish(tables: dict[str, pd.DataFrame], figures: dict[str, Figure], sample: Sample, folder: Path) -> None:
    """Write tables, figures, the text made from the tables as they are read back, and the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tables({f"{name}.csv": tables[name] for name in TABLES}, folder, "study", sample.record())
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=110)
    (folder / FINDINGS).write_text(findings(read_tables(folder)), encoding="utf-8")


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a published study by name."""
    return {name: pd.read_csv(folder / f"{name}.csv") for name in TABLES}
