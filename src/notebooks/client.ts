/** Where a notebook asks, unless the environment says otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:8480';

/**
 * What gives a notebook in Jupyter the functions `ask`, `show` and `chart`. Standard library alone; what is shown is
 * rendered by the lake, so that Jupyter and the lake show the same.
 */
export const CLIENT = `# How this notebook asks the lake. Start \`lake serve\`, and give its token in LAKE_API_TOKEN.
# LAKE_URL is where it listens; LAKE_ROLE and LAKE_USER are as whom it is asked.
import json, os, urllib.error, urllib.request

class LakeError(Exception):
    """What the lake has refused, in its own words."""

def _post(path, body):
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ.get("LAKE_API_TOKEN", "")}
    for header, variable in (("X-Hasura-Role", "LAKE_ROLE"), ("X-Hasura-User-Id", "LAKE_USER"), ("X-Lake-Purpose", "LAKE_PURPOSE")):
        if os.environ.get(variable):
            headers[header] = os.environ[variable]
    request = urllib.request.Request(os.environ.get("LAKE_URL", "${DEFAULT_URL}") + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        said = json.load(error).get("error", {})
        raise LakeError(said.get("message", "The lake does not answer.")) from None

def _display(bundle):
    try:
        from IPython.display import display
    except ImportError:
        print(bundle["text/plain"])
    else:
        display(bundle, raw=True)

def ask(sql, as_of=None, **values):
    """Runs a SELECT over a publication; :name in it takes a value. Returns {"columns", "rows", "truncated"}."""
    return _post("/v1/sql", {"sql": sql, "asOf": as_of or None, "parameters": values})

def show(answer):
    """Shows rows as a table."""
    _display(_post("/v1/render", {"answer": answer}))

def chart(answer, kind, x, y, title):
    """Draws a column of numbers over another: kind is "bar" or "line"."""
    _display(_post("/v1/render", {"answer": answer, "chart": {"kind": kind, "x": x, "y": y, "title": title}}))`;
