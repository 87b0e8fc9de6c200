-- call: mart.refresh_attention_by_program
-- reads: campus.students (student_id, program_code, admitted_term)
-- reads: campus.first_semester_attention (student_id, term_code, program_code, concern, work_missing, silent_days, as_of)
-- optional
--
-- First-semester students by program: how many began, how many need attention, and what for. For deans and
-- dashboards: it counts and names nobody. Programs in which fewer than ten began are counted together, as
-- "small programs"; where these are fewer than ten too, it says only how many began: a count of so few would be
-- about one student. Written in the PL/pgSQL that PostgreSQL and Redshift share. The caller
-- owns the transaction, so readers see the old counts or the new.

CREATE TABLE IF NOT EXISTS mart.attention_by_program (
  term_code varchar(64),
  program_code varchar(64),
  began integer,
  need_attention integer,
  high_concern integer,
  missing_work integer,
  silent_two_weeks integer,
  mean_concern decimal(5,2),
  as_of timestamp,
  publication varchar(256)
);

CREATE OR REPLACE PROCEDURE mart.refresh_attention_by_program(p_publication varchar) AS $$
BEGIN
  DELETE FROM mart.attention_by_program;

  INSERT INTO mart.attention_by_program
  SELECT
    b.term_code,
    b.program_code,
    b.began,
    CASE WHEN b.began >= 10 THEN coalesce(a.need_attention, 0) END,
    CASE WHEN b.began >= 10 THEN coalesce(a.high_concern, 0) END,
    CASE WHEN b.began >= 10 THEN coalesce(a.missing_work, 0) END,
    CASE WHEN b.began >= 10 THEN coalesce(a.silent_two_weeks, 0) END,
    CASE WHEN b.began >= 10 THEN a.mean_concern END,
    t.as_of,
    p_publication
  FROM (
    SELECT
      term_code,
      CASE WHEN began < 10 THEN 'small programs' ELSE program_code END AS program_code,
      sum(began)::integer AS began
    FROM (
      SELECT admitted_term AS term_code, coalesce(program_code, 'none') AS program_code, count(*) AS began
      FROM campus.students
      GROUP BY 1, 2
    ) p
    GROUP BY 1, 2
  ) b
  JOIN (
    SELECT term_code, max(as_of) AS as_of
    FROM campus.first_semester_attention
    GROUP BY 1
  ) t ON t.term_code = b.term_code
  LEFT JOIN (
    SELECT
      f.term_code,
      CASE WHEN p.began >= 10 THEN p.program_code ELSE 'small programs' END AS program_code,
      count(*) AS need_attention,
      sum(CASE WHEN f.concern >= 50 THEN 1 ELSE 0 END) AS high_concern,
      sum(CASE WHEN f.work_missing > 0 THEN 1 ELSE 0 END) AS missing_work,
      sum(CASE WHEN f.silent_days >= 14 THEN 1 ELSE 0 END) AS silent_two_weeks,
      avg(f.concern::decimal(9,4)) AS mean_concern
    FROM campus.first_semester_attention f
    LEFT JOIN (
      SELECT admitted_term AS term_code, coalesce(program_code, 'none') AS program_code, count(*) AS began
      FROM campus.students
      GROUP BY 1, 2
    ) p ON p.term_code = f.term_code AND p.program_code = coalesce(f.program_code, 'none')
    GROUP BY 1, 2
  ) a ON a.term_code = b.term_code AND a.program_code = b.program_code;
END;
$$ LANGUAGE plpgsql;
