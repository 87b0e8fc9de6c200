"""Fits and scores by scikit-learn and scipy what is read as JSON, and answers in JSON.

Bounded fits: which weights lie at zero is found by scipy's L-BFGS-B, and the others are fitted by scikit-learn's
Newton-Cholesky without them, which is exact where the gradients of those left out are not below zero; that is checked.
"""

import json
import sys

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler


def newton(z, y):
    if z.shape[1] == 0:
        return np.log(y.mean() / (1 - y.mean())), np.zeros(0)
    fit = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(z, y)
    return fit.intercept_[0], fit.coef_[0]


def bounded(z, y):
    def objective(b):
        t = b[0] + z @ b[1:]
        p = 1 / (1 + np.exp(-t))
        value = np.sum(np.logaddexp(0, t) - y * t) + b[1:] @ b[1:] / 2
        return value, np.r_[np.sum(p - y), z.T @ (p - y) + b[1:]]

    start = np.zeros(z.shape[1] + 1)
    bounds = [(None, None)] + [(0, None)] * z.shape[1]
    options = {"maxiter": 10_000, "maxfun": 100_000, "ftol": 1e-16, "gtol": 1e-9}
    rough = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    free = rough[1:] > 1e-7
    intercept, some = newton(z[:, free], y)
    weights = np.zeros(z.shape[1])
    weights[free] = some
    gradient = objective(np.r_[intercept, weights])[1]
    assert np.all(some > 0), "a free weight is not above zero"
    assert np.all(gradient[1:][~free] >= -1e-7), "a weight at zero wants to rise"
    return intercept, weights


answers = []
for problem in json.load(sys.stdin):
    x = np.array(problem["x"], dtype=float)
    y = np.array(problem["y"])
    scaler = StandardScaler().fit(x)
    z = scaler.transform(x)
    intercept, weights = bounded(z, y)
    free_intercept, free_weights = newton(z, y)
    p = 1 / (1 + np.exp(-(intercept + z @ weights)))
    rounded = np.round(p, 1)
    answers.append(
        {
            "name": problem["name"],
            "intercept": intercept,
            "weights": list(weights),
            "unbounded": [free_intercept, *free_weights],
            "auc": roc_auc_score(y, p),
            "average_precision": average_precision_score(y, p),
            "brier": brier_score_loss(y, p),
            # The same with many ties.
            "auc_of_tenths": roc_auc_score(y, rounded),
            "average_precision_of_tenths": average_precision_score(y, rounded),
        }
    )
json.dump(answers, sys.stdout, indent=1)
