-- description: Every number of the registrar that Canvas knows, and the person in Canvas to whom it belongs
-- grain: sis_user_id
-- check: { kind: not_null, columns: [sis_user_id, person_user_id] }
-- owner: Data team
-- stale: build
-- column sis_user_id (direct): the registrar's number
-- column person_user_id (quasi): the person's user in Canvas, after merges
-- column login_state (none): active, suspended or deleted: the state of the login that has the number
-- One person can have several numbers (two records that were merged, a student who also works here), and one number
-- can have been at several users: the living login has it, of several the newest. A deleted login counts where no
-- living one has the number, so that those who left keep their past.
WITH ranked AS (
  SELECT
    l.sis_user_id,
    p.person_user_id,
    l.workflow_state AS login_state,
    row_number() OVER (
      PARTITION BY l.sis_user_id
      ORDER BY CASE l.workflow_state WHEN 'active' THEN 0 WHEN 'suspended' THEN 1 ELSE 2 END, l.id DESC
    ) AS place
  FROM canvas.pseudonyms l
  JOIN campus.canvas_people p ON p.user_id = l.user_id
  WHERE l.sis_user_id IS NOT NULL AND NOT coalesce(l.is_inst_id, false)
)
SELECT sis_user_id, person_user_id, login_state
FROM ranked
WHERE place = 1
