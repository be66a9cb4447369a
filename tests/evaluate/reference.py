"""Answers from SciPy and scikit-learn, and from plain definitions, for tests/evaluate: QUESTIONS.json ANSWERS.json.

Nothing here shares code or algorithm with src/evaluate; undefined answers are None.
"""
import itertools
import json
import math
import sys
import warnings

import numpy as np
from scipy import optimize, stats
from sklearn import metrics

warnings.filterwarnings("ignore")


def wilson(q):
    if q["n"] == 0:
        return [None, None]
    ci = stats.binomtest(q["count"], q["n"]).proportion_ci(q["confidence"], method="wilson")
    return [ci.low, ci.high]


def clopper_pearson(q):
    if q["n"] == 0:
        return [None, None]
    ci = stats.binomtest(q["count"], q["n"]).proportion_ci(q["confidence"], method="exact")
    return [ci.low, ci.high]


def both_sides(q):
    return 0 < sum(q["positive"]) < len(q["positive"])


def auc(q):
    return metrics.roc_auc_score(q["positive"], q["scores"]) if both_sides(q) else None


def average_precision(q):
    return metrics.average_precision_score(q["positive"], q["scores"]) if sum(q["positive"]) else None


def roc_points(q):
    """Threshold, sensitivity and false positive rate at every distinct score."""
    if not both_sides(q):
        return []
    fpr, tpr, thresholds = metrics.roc_curve(q["positive"], q["scores"], drop_intermediate=False)
    return [*tpr[1:], *fpr[1:], *thresholds[1:]]


def pr_points(q):
    if not sum(q["positive"]):
        return []
    y, s = np.array(q["positive"]), np.array(q["scores"])
    thresholds = sorted(set(q["scores"]), reverse=True)
    recall = [metrics.recall_score(y, s >= t) for t in thresholds]
    precision = [metrics.precision_score(y, s >= t) for t in thresholds]
    return [*recall, *precision]


def sensitivity_at(q):
    """The definition: over all thresholds, the best sensitivity among those specific enough."""
    y, s = np.array(q["positive"]), np.array(q["scores"])
    best = 0
    for t in set(q["scores"]):
        if np.sum(s[y == 0] < t) * 100 >= q["percent"] * np.sum(y == 0):
            best = max(best, float(np.mean(s[y == 1] >= t)))
    return best


def auc_score_interval(q):
    """Newcombe 2006, method 5: the areas from which the estimate lies z standard errors away."""
    m, n, a = q["positives"], q["negatives"], q["auc"]
    z = stats.norm.ppf(0.975)
    star = (m + n) / 2 - 1

    def f(t):
        v = t * (1 - t) * (1 + star * ((1 - t) / (2 - t) + t / (1 + t))) / (m * n)
        return (a - t) ** 2 - z * z * v

    low = 0.0 if a == 0 else optimize.brentq(f, 0, a - 1e-13, xtol=1e-15)
    high = 1.0 if a == 1 else optimize.brentq(f, a + 1e-13, 1, xtol=1e-15)
    return [low, high]


def hand_till(q):
    truth, p = np.array(q["truth"]), np.array(q["probabilities"])
    present = sorted(set(q["truth"]))
    areas = []
    for i, j in itertools.combinations(present, 2):
        for a, b in ((i, j), (j, i)):
            pairs = [(x > y) + 0.5 * (x == y) for x in p[truth == a, a] for y in p[truth == b, a]]
            areas.append(np.mean(pairs))
    return float(np.mean(areas)) if areas else None


def hand_till_sklearn(q):
    if len(set(q["truth"])) != len(q["probabilities"][0]):
        return hand_till(q)
    return metrics.roc_auc_score(q["truth"], q["probabilities"], multi_class="ovo", average="macro")


def calibration(q):
    truth, p = np.array(q["truth"]), np.array(q["probabilities"])
    y = np.eye(p.shape[1])[truth]
    brier = float(np.mean(np.sum((p - y) ** 2, axis=1)))
    confidence, correct = p.max(axis=1), p.argmax(axis=1) == truth
    ece = 0.0
    for b in range(10):
        inside = [i for i in range(len(truth)) if (b == 0 or confidence[i] > b / 10) and confidence[i] <= (b + 1) / 10]
        if inside:
            ece += len(inside) / len(truth) * abs(np.mean(correct[inside]) - np.mean(confidence[inside]))
    order = np.lexsort((correct, confidence))
    adaptive = sum(
        len(part) / len(truth) * abs(np.mean(correct[part]) - np.mean(confidence[part]))
        for part in np.array_split(order, min(10, len(truth)))
    )
    return [brier, ece, adaptive]


def kappa(q):
    value = metrics.cohen_kappa_score(q["first"], q["second"])
    return None if math.isnan(value) else value


def mcnemar(q):
    b, c = q["only_first"], q["only_second"]
    return 1 if b + c == 0 else stats.binomtest(b, b + c, 0.5).pvalue


def wilcoxon(q):
    d = [x for x in q["differences"] if x != 0]
    if not d:
        return 1
    exact = len(d) <= 50 and len({abs(x) for x in d}) == len(d)
    return stats.wilcoxon(d, method="exact" if exact else "approx", correction=False).pvalue


def one_versus_rest(q):
    t = [x == q["class"] for x in q["truth"]]
    p = [x == q["class"] for x in q["predicted"]]
    tn, fp, fn, tp = metrics.confusion_matrix(t, p, labels=[False, True]).ravel()
    share = lambda a, b: None if b == 0 else a / b
    return [share(tp + tn, tp + tn + fp + fn), share(tp, tp + fn), share(tn, tn + fp), share(tp, tp + fp), share(tn, tn + fn)]


def balanced_accuracy(q):
    return metrics.balanced_accuracy_score(q["truth"], q["predicted"])


def corrected_t(q):
    """Nadeau and Bengio 2003, equation 18, written out."""
    d = np.array(q["differences"])
    k = len(d)
    mean, s2 = d.mean(), d.var(ddof=1)
    error = math.sqrt((1 / k + q["test_share"]) * s2)
    t = mean / error
    half = stats.t.ppf(0.975, k - 1) * error
    return [mean, error, mean - half, mean + half, 2 * stats.t.sf(abs(t), k - 1)]


def connor(q):
    """Patients for a difference at a discordance, and the difference found by n patients (Connor 1987)."""
    za, zb = stats.norm.ppf(0.975), stats.norm.ppf(0.8)
    psi = q["discordance"]
    n = lambda d, psi: (za * math.sqrt(psi) + zb * math.sqrt(max(0, psi - d * d))) ** 2 / d**2
    solve = lambda f, high: optimize.brentq(lambda d: f(d) - q["n"], high * 1e-9, high, xtol=1e-15, rtol=1e-14)
    if n(psi, psi) <= q["n"]:
        least = solve(lambda d: n(d, psi), psi)
    else:
        least = solve(lambda d: n(d, d), 1) if n(1, 1) <= q["n"] else None
    return [least, None if q["difference"] == 0 else math.ceil(n(abs(q["difference"]), psi))]


def fleiss(q):
    """Agreement of every pair of readers on every patient, counted one by one."""
    ratings = q["ratings"]
    pairs = [a == b for row in ratings for a, b in itertools.permutations(row, 2)]
    everything = [x for row in ratings for x in row]
    chance = sum((everything.count(c) / len(everything)) ** 2 for c in set(everything))
    return None if chance == 1 else (np.mean(pairs) - chance) / (1 - chance)


def resampled_differences(q):
    """Percentile intervals of differences, patients drawn within their class: strict, balanced, mean AUC, Brier."""
    rng = np.random.default_rng(1)
    truth = np.array(q["truth"])
    runs = [(np.array(r["correct"], float), np.array(r["probabilities"])) for r in q["runs"]]
    members = [np.flatnonzero(truth == c) for c in range(3)]

    def values(i):
        out = []
        for correct, p in runs:
            t, pi = truth[i], p[i]
            areas = []
            for a, b in itertools.permutations(range(3), 2):
                x, y = pi[t == a, a], pi[t == b, a]
                areas.append(stats.mannwhitneyu(x, y, method="asymptotic").statistic / (len(x) * len(y)))
            out.append([correct[i].mean(), np.mean([correct[i][t == c].mean() for c in range(3)]), np.mean(areas),
                        np.mean(np.sum((pi - np.eye(3)[t]) ** 2, axis=1))])
        return np.subtract(*out)

    draws = [values(np.concatenate([rng.choice(m, len(m)) for m in members])) for _ in range(q["draws"])]
    low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    return [*low, *high, *np.std(draws, axis=0, ddof=1)]


def froc(q):
    """Over every threshold, the best sensitivity with few enough false lesions per patient."""
    n = len(q["patients"])
    lesions = sum(p["lesions"] for p in q["patients"])
    found = [d for p in q["patients"] for d in p["detections"]]
    if lesions == 0:
        return [None] * 8
    rates = []
    for rate in (0.125, 0.25, 0.5, 1, 2, 4, 8):
        best = 0.0
        for t in {s for s, _ in found}:
            if sum(1 for s, true in found if s >= t and not true) <= rate * n:
                best = max(best, sum(1 for s, true in found if s >= t and true) / lesions)
        rates.append(best)
    return [*rates, sum(rates) / 7]


def group_tests(q):
    yes, values, group = np.array(q["yes"]), np.array(q["values"]), np.array(q["group"])
    names = sorted(set(q["group"]))

    def chi2(y):
        return stats.chi2_contingency([[np.sum(y[group == g]), np.sum(1 - y[group == g])] for g in names], correction=False)[0]

    kruskal = stats.kruskal(*[values[group == g] for g in names]).pvalue if len(set(values)) > 1 and len(names) > 1 else None
    if len(set(yes)) < 2:
        return [None, kruskal, None]
    observed = chi2(yes)
    p = None
    if q["permute"]:
        rng = np.random.default_rng(2)
        p = np.mean([chi2(rng.permutation(yes)) >= observed - 1e-9 for _ in range(2000)])
    return [observed, kruskal, p]


def bootstrap_mean(q):
    r = stats.bootstrap((q["values"],), np.mean, n_resamples=20000, method="percentile", random_state=1)
    return [r.confidence_interval.low, r.confidence_interval.high]


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or (isinstance(value, (float, np.floating)) and not math.isfinite(value)):
        return None
    return float(value)


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        questions = json.load(file)
    answers = [plain(globals()[q["ask"]](q)) for q in questions]
    with open(sys.argv[2], "w") as file:
        json.dump(answers, file)
