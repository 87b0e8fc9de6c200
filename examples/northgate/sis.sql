-- A small student information system with names of its own: load it into any PostgreSQL to try the example.
--   psql -d records -f sis.sql
CREATE SCHEMA sr;

CREATE TABLE sr.programme (
  prog_code varchar(8) PRIMARY KEY,
  prog_title varchar(80) NOT NULL,
  faculty varchar(40) NOT NULL
);
COMMENT ON TABLE sr.programme IS 'Programmes of study';

CREATE TABLE sr.learner (
  learner_no integer PRIMARY KEY,
  surname varchar(60) NOT NULL,
  forename varchar(60),
  date_of_birth date,
  home_email varchar(120),
  national_insurance_no varchar(12)
);
COMMENT ON TABLE sr.learner IS 'Everyone who has ever enrolled';

CREATE TABLE sr.enrolment (
  learner_no integer NOT NULL REFERENCES sr.learner,
  acad_year integer NOT NULL,
  prog_code varchar(8) NOT NULL REFERENCES sr.programme,
  enrolled_on date NOT NULL,
  left_on date,
  PRIMARY KEY (learner_no, acad_year)
);
COMMENT ON TABLE sr.enrolment IS 'One row for each learner and academic year; the year is the one in which it begins';

CREATE TABLE sr.module_result (
  learner_no integer NOT NULL REFERENCES sr.learner,
  acad_year integer NOT NULL,
  module_code varchar(10) NOT NULL,
  credits numeric(4,1) NOT NULL,
  mark numeric(5,2),
  PRIMARY KEY (learner_no, acad_year, module_code)
);
COMMENT ON TABLE sr.module_result IS 'Marks out of 100; a module is passed at 40';

INSERT INTO sr.programme VALUES
  ('NURS', 'Adult Nursing', 'Health'),
  ('MENG', 'Mechanical Engineering', 'Engineering'),
  ('HIST', 'History', 'Humanities');

INSERT INTO sr.learner VALUES
  (2001, 'Abara', 'Ngozi', '2004-03-11', 'ngozi@example.org', 'QQ123456A'),
  (2002, 'O''Dowd', 'Ciara', '2005-07-02', 'ciara@example.org', 'QQ123457B'),
  (2003, 'Schäfer', 'Jan', '2003-12-30', NULL, NULL),
  (2004, 'Li', NULL, '2004-01-19', 'li@example.org', NULL),
  (2005, 'Haddad', 'Rami', '2002-09-08', 'rami@example.org', 'QQ123458C'),
  (2006, 'Novak', 'Eva', '2005-05-25', 'eva@example.org', NULL);

INSERT INTO sr.enrolment VALUES
  (2001, 2025, 'NURS', '2025-09-15', NULL),
  (2002, 2025, 'NURS', '2025-09-15', '2026-01-20'),
  (2003, 2025, 'MENG', '2025-09-16', NULL),
  (2004, 2025, 'MENG', '2025-09-15', NULL),
  (2005, 2024, 'HIST', '2024-09-16', NULL),
  (2005, 2025, 'HIST', '2025-09-15', NULL),
  (2006, 2025, 'HIST', '2025-10-01', NULL);

INSERT INTO sr.module_result VALUES
  (2001, 2025, 'NUR101', 20, 64.50),
  (2001, 2025, 'NUR102', 20, 71.00),
  (2002, 2025, 'NUR101', 20, 38.00),
  (2003, 2025, 'MEC101', 15, 55.25),
  (2003, 2025, 'MEC110', 15, NULL),
  (2004, 2025, 'MEC101', 15, 81.00),
  (2005, 2024, 'HIS120', 30, 40.00),
  (2005, 2025, 'HIS210', 30, 39.99),
  (2006, 2025, 'HIS120', 30, 58.00);
