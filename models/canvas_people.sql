-- description: Every Canvas user: the user that they were merged into, and the registrar's id of the person
-- grain: user_id
-- check: { kind: not_null, columns: [user_id, person_user_id] }
-- owner: Data team
-- stale: build
-- column user_id (quasi): the Canvas user
-- column person_user_id (quasi): the user into which it was merged, or itself: join people by this one
-- column sis_user_id (direct): the registrar's number of the person; of several that of a student, then the living one
-- column users (none): Canvas users that this person has, itself and those merged into it
-- A merge leaves the old user behind, deleted, with a pointer, and moves its logins to the other (canvas-lms,
-- lib/user_merge.rb). So one person can have several numbers: campus.sis_people has them all.
WITH merged AS (
  -- Merges of merges happen.
  SELECT
    u.id AS user_id,
    coalesce(m2.merged_into_user_id, m1.merged_into_user_id, u.merged_into_user_id, u.id) AS person_user_id
  FROM canvas.users u
  LEFT JOIN canvas.users m1 ON m1.id = u.merged_into_user_id
  LEFT JOIN canvas.users m2 ON m2.id = m1.merged_into_user_id
),
logins AS (
  SELECT
    l.id,
    l.user_id,
    l.sis_user_id,
    l.workflow_state,
    max(CASE WHEN l.workflow_state = 'deleted' THEN 0 ELSE 1 END) OVER (PARTITION BY l.sis_user_id) AS living
  FROM canvas.pseudonyms l
  -- Since 2025 every user has one more, inactive pseudonym (is_inst_id), which would double the rows.
  WHERE l.sis_user_id IS NOT NULL AND NOT coalesce(l.is_inst_id, false)
),
numbers AS (
  SELECT
    l.user_id,
    l.sis_user_id,
    row_number() OVER (
      PARTITION BY l.user_id
      ORDER BY
        CASE WHEN s.student_id IS NULL THEN 1 ELSE 0 END,
        CASE l.workflow_state WHEN 'active' THEN 0 WHEN 'deleted' THEN 2 ELSE 1 END,
        l.id
    ) AS place
  FROM logins l
  LEFT JOIN sis.registrar_students s ON s.student_id = l.sis_user_id
  -- A deleted login still tells who somebody was, unless its number lives on with another.
  WHERE l.workflow_state <> 'deleted' OR l.living = 0
)
SELECT
  m.user_id,
  m.person_user_id,
  coalesce(l.sis_user_id, own.sis_user_id) AS sis_user_id,
  count(*) OVER (PARTITION BY m.person_user_id) AS users
FROM merged m
LEFT JOIN numbers l ON l.user_id = m.person_user_id AND l.place = 1
LEFT JOIN numbers own ON own.user_id = m.user_id AND own.place = 1
