-- description: Every Canvas user: the user that they were merged into, and the registrar's id of the person
-- grain: user_id
-- owner: Data team
-- column user_id (quasi): the Canvas user
-- column person_user_id (quasi): the user into which it was merged, or itself: join people by this one
-- column sis_user_id (direct): the registrar's number of the person, from the user's active login
WITH merged AS (
  -- A merge leaves the old user behind with a pointer; merges of merges happen.
  SELECT
    u.id AS user_id,
    coalesce(m2.merged_into_user_id, m1.merged_into_user_id, u.merged_into_user_id, u.id) AS person_user_id
  FROM canvas.users u
  LEFT JOIN canvas.users m1 ON m1.id = u.merged_into_user_id
  LEFT JOIN canvas.users m2 ON m2.id = m1.merged_into_user_id
),
logins AS (
  -- Since 2025 every user has one more, inactive pseudonym (is_inst_id), which would double the rows.
  SELECT
    user_id,
    sis_user_id,
    row_number() OVER (
      PARTITION BY user_id
      ORDER BY CASE workflow_state WHEN 'active' THEN 0 ELSE 1 END, id
    ) AS place
  FROM canvas.pseudonyms
  WHERE sis_user_id IS NOT NULL
    AND NOT coalesce(is_inst_id, false)
    AND workflow_state <> 'deleted'
)
SELECT
  m.user_id,
  m.person_user_id,
  coalesce(l.sis_user_id, own.sis_user_id) AS sis_user_id
FROM merged m
LEFT JOIN logins l ON l.user_id = m.person_user_id AND l.place = 1
LEFT JOIN logins own ON own.user_id = m.user_id AND own.place = 1
