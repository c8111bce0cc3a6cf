"""Exploring: the live page in a browser."""

import sys

import click


@click.command()
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535), help="Of this machine.")
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open a browser on it.")
def explore(port: int, browser: bool) -> None:
    """Step through a scenario beside the baseline in a browser, with sliders; needs no network."""
    from results.explore.serve import check_ready, serve

    check_ready(port)
    click.echo(f"http://localhost:{port} until you press Ctrl-C")
    sys.exit(serve(port, browser))
