"""What happens when a scenario file is run as a script."""

import sys
from pathlib import Path

from model.declaration import InputError
from scenarios.study.compare import compare
from scenarios.study.record import new_folder, write_comparison, write_tables
from scenarios.study.report import report
from scenarios.study.single import Single, tables_of, told

BASELINE = "baseline"


def run_as_script(file: str) -> None:
    """Run the scenario in this file: the baseline once, any other against it; print the table, write the folder."""
    name = Path(file).stem
    try:
        text, folder = _once(name) if name == BASELINE else _against_baseline(name)
    except InputError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)
    print(f"{text}\n\nTables in {folder}; figures with: policy-learning figures {folder}")


def _once(name: str) -> tuple[str, Path]:
    single = Single(name)
    folder, history = new_folder(f"run-{name}", None), single.carry_out()
    write_tables(tables_of(single, history), folder, "run", single.record())
    return told(single, history), folder


def _against_baseline(name: str) -> tuple[str, Path]:
    comparison = compare(name)
    folder = new_folder(f"compare-{name}", None)
    write_comparison(comparison, folder)
    return report(comparison.differences, comparison.design), folder
