"""Scores by fits that have not seen what they are scored on, beside those of rivals."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from calibration.blocks import AGNOSTIC, RHO, choice_block
from calibration.checks.contract import Check, Setting
from calibration.importance import sample_by_importance
from calibration.leave_out import (
    SCORED,
    UNIFORM,
    Contender,
    all_believing,
    compared,
    fitted_to,
    leave_one_out,
    scores_on,
    uniform_scores,
)
from calibration.likelihood import ReportedHostChoice
from calibration.parallel import each
from calibration.targets import Tour, tours_of_2012_2016
from model.world import CLUSTERS, china

CLUSTER_NAMES = CLUSTERS | {"": "no cluster"}
LEFT_OUT, EARLIER = "fitted tours, each left out", "2012-2016, never fitted"
TOLD = {RHO: f"if it tells of a tour outside with chance {RHO:g}", AGNOSTIC: "if it tells of none outside"}
GAP, PAIRS = "without_gap", "without_pairs"


@dataclass(frozen=True)
class Work:
    """One contender to fit and score."""

    contender: Contender
    tours: tuple[Tour, ...]
    seed: int
    size: int


def leave_one_tour_out(setting: Setting) -> Check:
    """Does the model tell a tour it has not seen better than gravity and uniform choice do?"""
    tours, table = setting.posterior.tours, left_out(setting)
    ranking = _ranking(table, tours, SCORED)
    weighted = table[~table["refitted"]]
    sentence = (
        f"{_lead(ranking, 'gravity')}; {_lead(ranking, UNIFORM)}; {len(table) - len(weighted)} of {len(table)} fits "
        f"were made anew, the others weighted (k at most {weighted['k'].max():.2f})."
    )
    passed = set(ranking.loc[["gravity", UNIFORM], "verdict"]) == {"ahead"}
    return Check("leave-one-tour-out", str(leave_one_tour_out.__doc__), passed, sentence, table, {
        "score_2023_left_out": ranking["score"]["model"], "refitted": len(table) - len(weighted),
    })


@cache
def left_out(setting: Setting) -> pd.DataFrame:
    """Scores of every contender on each tour, left out; uniform choice with them."""
    tours = setting.posterior.tours
    contenders = dict.fromkeys([*SCORED, *all_believing(RHO), *all_believing(AGNOSTIC)])
    work = [Work(contender, tours, setting.seed, setting.sizes.draws) for contender in contenders]
    tables = each(_leave_one_out, work, "leave one tour out", setting.workers)
    return pd.concat([*tables, *(uniform_scores(tours, rho) for rho in (RHO, AGNOSTIC))], ignore_index=True)


def _leave_one_out(work: Work) -> pd.DataFrame:
    return leave_one_out(work.contender, work.tours, work.seed, work.size)


def _ranking(
    table: pd.DataFrame, tours: Sequence[Tour], contenders: Sequence[Contender], column: str = "score"
) -> pd.DataFrame:
    uniform = Contender(UNIFORM, (), AGNOSTIC if contenders[0].rho == AGNOSTIC else RHO)
    rows = table.set_index(["contender", "rho", "tour"])[column].sort_index()
    names = [tour.name for tour in tours]
    scores = {each.name: rows.loc[each.name, each.rho].reindex(names).to_numpy() for each in (*contenders, uniform)}
    return compared(pd.DataFrame(scores), "model", sum(len(tour.hosts) for tour in tours))


def rivals(setting: Setting) -> Check:
    """Is the model ahead of simpler ones, and what do the capability gap and the official pairs add?"""
    table = all_rankings(setting)
    first = table[table["sample"] == LEFT_OUT].set_index("contender")
    gravity = table[table["contender"] == "gravity"].set_index("sample")["verdict"]
    sentence = (
        f"Against gravity the model is: {'; '.join(f'{sample}: {word}' for sample, word in gravity.items())}. "
        f"With every fitted tour left out in turn, the capability gap adds {_adds(first, GAP)}, the official pairs "
        f"{_adds(first, PAIRS)}."
    )
    facts = {f"{part}_adds{suffix}": first[column][name] for part, name in (
        ("capability_gap", GAP), ("official_pairs", PAIRS)) for suffix, column in (("", "ahead"), ("_se", "ahead_se"))}
    passed = gravity[LEFT_OUT] == gravity[EARLIER] == "ahead" and "behind" not in set(gravity)
    return Check("rivals", str(rivals.__doc__), bool(passed), sentence, table, facts)


def all_rankings(setting: Setting) -> pd.DataFrame:
    """Score and lead on every sample: the tours fitted, each left out; the article's; and years never fitted."""
    tours, table = setting.posterior.tours, left_out(setting)
    article = [tour for tour in tours if tour.in_article]
    parts = {LEFT_OUT: _ranking(table, tours, SCORED)}
    if article:
        parts["article, each left out"] = _ranking(table, article, SCORED)
        for rho, name in TOLD.items():
            parts[f"article, each left out, {name}"] = _ranking(table, article, all_believing(rho), "as_told")
    parts[EARLIER] = _on_earlier_years(setting)
    return pd.concat([part.rename_axis("contender").reset_index().assign(sample=name) for name, part in parts.items()],
                     ignore_index=True)


def _on_earlier_years(setting: Setting) -> pd.DataFrame:
    earlier = tours_of_2012_2016()
    work = [Work(contender, setting.posterior.tours, setting.seed, setting.sizes.draws) for contender in SCORED]
    scores = {one.contender.name: _scores(one, earlier) for one in work}
    scores[UNIFORM] = uniform_scores(earlier)["score"].to_numpy()
    return compared(pd.DataFrame(scores), "model", sum(len(tour.hosts) for tour in earlier))


def _scores(work: Work, unseen: Sequence[Tour]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return scores_on(fitted_to(work.contender, work.tours, work.seed, work.size).weighted, unseen)


def unseen_years(setting: Setting) -> Check:
    """Does the model tell the tours of 2012-2016, never fitted, better than gravity does?"""
    table = _on_earlier_years(setting).rename_axis("contender").reset_index()
    ranking = table.set_index("contender")
    return Check(
        "unseen-years", str(unseen_years.__doc__), bool(ranking["verdict"]["gravity"] == "ahead"),
        f"{_lead(ranking, 'gravity')}; {_lead(ranking, UNIFORM)}.", table,
        {"score_2012_2016": ranking["score"]["model"]},
    )


def leave_one_cluster_out(setting: Setting) -> Check:
    """Does what is learnt from other provinces tell the tours that set out from one cluster?"""
    tours, world = setting.posterior.tours, china()
    parts = []
    for cluster, name in CLUSTER_NAMES.items():
        unseen = np.array([world.cluster[tour.origin] == cluster for tour in tours])
        if 0 < unseen.sum() < len(tours):
            parts.append(_without_cluster(setting, unseen).assign(cluster=name, tours=int(unseen.sum())))
    table = pd.concat(parts, ignore_index=True)
    uniform = table[table["contender"] == UNIFORM]
    worse = uniform[uniform["ahead"] < 0]["cluster"].tolist()
    sentence = "; ".join(f"{row.cluster}: {row.ahead:+.2f} (se {row.ahead_se:.2f})" for row in uniform.itertuples())
    return Check(
        "leave-one-cluster-out", str(leave_one_cluster_out.__doc__), not worse,
        f"Lead over uniform choice, per visit, on tours from clusters left out: {sentence}.", table,
    )


def _without_cluster(setting: Setting, unseen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> pd.DataFrame:
    tours = setting.posterior.tours
    choice = ReportedHostChoice(tours, china())
    left = [tour for tour, out in zip(tours, unseen.tolist(), strict=True) if out]
    scores = {UNIFORM: uniform_scores(left)["score"].to_numpy()}
    for contender in SCORED:
        block = choice_block(choice, contender.terms, rho=contender.rho, weights=(~unseen).astype(float))
        weighted = sample_by_importance(block, seed=setting.seed, size=setting.sizes.draws)
        scores[contender.name] = scores_on(weighted, left)
    ranking = compared(pd.DataFrame(scores), "model", sum(len(tour.hosts) for tour in left))
    return ranking.rename_axis("contender").reset_index()


def _lead(ranking: pd.DataFrame, rival: str) -> str:
    row = ranking.loc[rival]
    return f"{row['ahead']:+.3f} (se {row['ahead_se']:.3f}) per visit against {rival}: {row['verdict']}"


def _adds(ranking: pd.DataFrame, part: str) -> str:
    row = ranking.loc[part]
    return f"{row['ahead']:+.3f} (se {row['ahead_se']:.3f}, {row['verdict']}) per visit"
