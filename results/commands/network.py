"""Looking at a finished comparison as a network, and on maps of differences."""

from pathlib import Path

import click
import pandas as pd

from results.commands.options import OUT

KEYS = ["scenario", "draw", "replicate"]


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
def maps(run: Path) -> None:
    """Draw where each scenario of a comparison RUN differs from its baseline, and tell it by province and cluster."""
    from results.maps import province_map
    from results.store import open_study
    from scenarios.study.by_place import by_cluster, by_province
    from scenarios.study.places import recorded_world

    study = open_study(run)
    world = recorded_world(study.design, study.folder)
    against, *scenarios = _compared(study.design, run)
    tables = study.visits(), study.capability(), against, world
    places, clusters = by_province(*tables), by_cluster(*tables)
    folder = study.folder / "maps"
    folder.mkdir(exist_ok=True)
    places.to_csv(folder / "by_province.csv", index=False)
    clusters.to_csv(folder / "by_cluster.csv", index=False)
    for (scenario, measure), rows in places.groupby(["scenario", "measure"], sort=False):
        first = rows.iloc[0]
        label = f"{str(measure).replace('_', ' ').capitalize()}: difference, {first['unit']}"
        note = f"{scenario} against {against}: mean paired difference; rests on what is {first['rests_on']}"
        figure = province_map(rows.set_index("place")["difference"], world, label, note, diverging=True)
        figure.savefig(folder / f"{scenario}-{measure}.png", dpi=150)
    click.echo(_by_cluster_told(clusters))
    click.echo(f"\nTables and {len(scenarios) * places['measure'].nunique()} maps are in {folder}.")


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@OUT
def export(run: Path, out: Path | None) -> None:
    """Write the visits of RUN for other tools: GraphML and network measures of each scenario, events of a history.

    GraphML holds the mean visits of the posterior histories, measures are means over them with the middle 90%, and
    events (time, sender, receiver) are those of the first history.
    """
    from results.network import events, flows, nodes_over_histories, over_histories, write_graphml
    from results.store import open_study
    from scenarios.study.places import recorded_world
    from scenarios.study.record import new_folder

    study = open_study(run)
    world, folder = recorded_world(study.design, study.folder), new_folder("export", out)
    histories, whole, nodes = study.capability().query("basis == 'posterior'")[KEYS].drop_duplicates(), {}, {}
    visits = study.visits().query("basis == 'posterior'")
    for name, keys in histories.groupby("scenario", sort=False):
        own = visits[visits["scenario"] == name]
        flow = flows(own, keys, world)
        whole[str(name)], nodes[str(name)] = over_histories(flow, world), nodes_over_histories(flow, world)
        write_graphml(flow.mean(axis=0), world, folder / f"{name}.graphml")
        events(own.merge(keys.head(1), on=KEYS)).to_csv(folder / f"{name}-events.csv", index=False)
    table = pd.concat(whole, names=["scenario"]).reset_index("scenario")
    table.to_csv(folder / "network.csv", index=False)
    pd.concat(nodes, names=["scenario"]).reset_index("scenario").to_csv(folder / "provinces.csv", index=False)
    wide = table.pivot(index="scenario", columns="measure", values="mean").loc[list(whole), table["measure"].unique()]
    click.echo(f"{wide.to_string(float_format='{:.3f}'.format)}\n\nGraphML, events and measures are in {folder}.")


def _compared(design: dict[str, object], run: Path) -> list[str]:
    """The scenarios of a comparison, the baseline first.

    Raises:
        InputError: for a study of another kind.
    """
    from model.declaration import InputError

    names = design.get("scenarios")
    if not isinstance(names, list) or len(names) < 2:
        raise InputError(f"{run} compares nothing; give the folder of a comparison.")
    return [str(name) for name in names]


def _by_cluster_told(clusters: pd.DataFrame) -> str:
    """Differences of the mean province of each cluster, a scenario and measure a block."""
    lines = ["Difference of the mean province, expected 90%"]
    for (scenario, measure), rows in clusters.groupby(["scenario", "measure"], sort=False):
        lines += ["", f"{scenario}: {measure}, {rows['unit'].iloc[0]} ({rows['rests_on'].iloc[0]})"]
        for row in rows.to_dict("records"):
            interval = f"({row['expected_low']:+.3g} to {row['expected_high']:+.3g})"
            lines.append(f"  {row['place']:<24}{row['difference']:>+9.3g}  {interval}")
    return "\n".join(lines)
