-- title: Missing work by course
SELECT c.course_code, count(*) AS missing
FROM campus.submissions AS s
JOIN campus.courses AS c ON c.course_id = s.course_id
WHERE s.status = 'missing'
GROUP BY c.course_code
ORDER BY missing DESC
