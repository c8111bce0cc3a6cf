"""What happens when a scenario file is run as a script."""

import sys
from pathlib import Path

from model.declaration import InputError
from scenarios.study.compare import compare
from scenarios.study.record import new_folder, write_comparison
from scenarios.study.report import report
from scenarios.study.scenario import find_scenario


def run_as_script(file: str) -> None:
    """Compare the scenario in this file with the baseline; print the table and write the run folder."""
    name = Path(file).stem
    if name == "baseline":
        print(f"{find_scenario(name).question}\nRun one history of it with: policy-learning run baseline")
        return
    try:
        comparison = compare(name)
    except InputError as error:
        sys.exit(str(error))
    folder = new_folder(f"compare-{name}", None)
    write_comparison(comparison, folder)
    print(report(comparison.differences, comparison.design))
    print(f"\nTables in {folder}; figures with: policy-learning figures {folder}")
