-- title: Slowest steps of the last run
SELECT step, item, date_diff('millisecond', started_at, ended_at) AS took_ms
FROM ops.steps
WHERE run = (SELECT max(run) FROM ops.runs)
ORDER BY took_ms DESC
LIMIT 25
