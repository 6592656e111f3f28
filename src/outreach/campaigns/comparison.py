"""Compare shares and means between groups of customers: intervals, tests and sizes. Pure; the distributions are scipy's."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

FEW_EXPECTED = 5
"""Expected counts below which the chi-squared approximation is not used (Cochran 1954)."""


@dataclass(frozen=True)
class Share:
    """How many of a group did something, with the interval of the share."""

    customers: int
    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """The first minus the second, with its interval and the probability of one as large by chance alone."""

    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True)
class Sample:
    """A group's mean, with what its interval needs."""

    customers: int
    mean: float
    deviation: float


def share(count: int, customers: int, confidence: float) -> Share:
    """A share with Wilson's score interval (Wilson 1927; Brown, Cai & DasGupta 2001)."""
    from scipy.stats import binomtest

    if not customers:
        return Share(0, 0, 0.0, 0.0, 1.0)
    interval = binomtest(count, customers).proportion_ci(confidence, method="wilson")
    return Share(customers, count, count / customers, float(interval.low), float(interval.high))


def shares(one: tuple[int, int], other: tuple[int, int], confidence: float) -> Difference:
    """Compare two shares, each (count, customers): Newcombe's hybrid score interval, and a two-sided test.

    Interval: method 10 of Newcombe, Statistics in Medicine 17 (1998), 873-890, from Wilson's intervals of both. Test:
    Pearson's chi-squared without correction, which is the two-proportion z test; Fisher's exact test for small counts.
    """
    a, b = share(*one, confidence), share(*other, confidence)
    difference = a.share - b.share
    low = difference - sqrt((a.share - a.low) ** 2 + (b.high - b.share) ** 2)
    high = difference + sqrt((a.high - a.share) ** 2 + (b.share - b.low) ** 2)
    return Difference(difference, max(low, -1.0), min(high, 1.0), _p_value(one, other))


def means(one: Sample, other: Sample, confidence: float) -> Difference | None:
    """Compare two means by Welch's t (Welch, Biometrika 34 (1947), 28-35); None with fewer than two customers in either."""
    from scipy.stats import t, ttest_ind_from_stats

    if min(one.customers, other.customers) < 2:  # noqa: PLR2004 - a deviation needs two
        return None
    difference = one.mean - other.mean
    a, b = one.deviation**2 / one.customers, other.deviation**2 / other.customers
    if a + b == 0:
        return Difference(difference, difference, difference, 1.0 if difference == 0 else 0.0)
    freedom = (a + b) ** 2 / (a**2 / (one.customers - 1) + b**2 / (other.customers - 1))
    low, high = t.interval(confidence, freedom, loc=difference, scale=sqrt(a + b))
    test = ttest_ind_from_stats(
        one.mean, one.deviation, one.customers, other.mean, other.deviation, other.customers, equal_var=False
    )
    return Difference(difference, float(low), float(high), float(test.pvalue))


def size(baseline: float, effect: float, confidence: float, power: float) -> int:
    """Customers that each of two groups needs to find an effect: a share of baseline against baseline + effect.

    Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions, 3rd ed. (2003), 4.2: two-sided, without correction.
    """
    from scipy.stats import norm

    other = baseline + effect
    middle = (baseline + other) / 2
    chance: float = norm.ppf(1 - (1 - confidence) / 2) * sqrt(2 * middle * (1 - middle))
    found: float = norm.ppf(power) * sqrt(baseline * (1 - baseline) + other * (1 - other))
    return ceil(((chance + found) / effect) ** 2)


def _p_value(one: tuple[int, int], other: tuple[int, int]) -> float:
    from scipy.stats import chi2_contingency, fisher_exact

    table = [[count, customers - count] for count, customers in (one, other)]
    whole = one[1] + other[1]
    did = one[0] + other[0]
    if not one[1] or not other[1] or did in {0, whole}:
        return 1.0
    expected = [customers * part / whole for customers in (one[1], other[1]) for part in (did, whole - did)]
    if min(expected) < FEW_EXPECTED:
        return float(fisher_exact(table).pvalue)
    return float(chi2_contingency(table, correction=False).pvalue)
