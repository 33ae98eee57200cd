-- SELECT -n AS n FROM edges QUALIFY row_number() OVER (ORDER BY n) = 1
-- refused: "n", which is a column and what the query computes at `n` (give what is computed another name)

-- SELECT n % 5 AS n, row_number() OVER (PARTITION BY n % 5 ORDER BY edges.n) AS r FROM edges QUALIFY r = 2
SELECT (`n` % 5) AS `n`, row_number() OVER (PARTITION BY (`n` % 5) ORDER BY `edges`.`n` ASC NULLS LAST) AS `r`
FROM `edges`
QUALIFY (row_number() OVER (PARTITION BY (`n` % 5) ORDER BY `edges`.`n` ASC NULLS LAST) = 2)

-- SELECT -n AS n, sum(n) OVER (ORDER BY n) AS s FROM edges ORDER BY n LIMIT 5
SELECT (- `n`) AS `n`, sum(`n`) OVER (ORDER BY `n` ASC NULLS LAST) AS `s`
FROM `edges`
ORDER BY `n` ASC NULLS LAST
LIMIT 5

-- SELECT -n AS n FROM edges WHERE n < 5 ORDER BY n + 1
-- refused: "n", which is a column and what the query computes at `n` (give what is computed another name)

-- SELECT -n AS n, tiny FROM edges WHERE n < 9 ORDER BY edges.n
SELECT (- `n`) AS `n`, `tiny`
FROM `edges`
WHERE (`n` < 9)
ORDER BY `edges`.`n` ASC NULLS LAST

-- SELECT n % 3 AS tiny, count(*) AS c FROM edges GROUP BY tiny
-- refused: a query that DuckDB does not accept at `SELECT n % 3 AS tiny, count(*) AS c FROM edges GROUP BY tiny`

-- SELECT n % 3 AS tiny, count(*) AS c FROM edges GROUP BY 1
SELECT (`n` % 3) AS `tiny`, count(*) AS `c`
FROM `edges`
GROUP BY (`n` % 3)

-- SELECT n % 3 AS k, tiny AS n, count(*) AS c FROM edges GROUP BY k, n HAVING c > 1 ORDER BY 1, 2
-- refused: a query that DuckDB does not accept at `SELECT n % 3 AS k, tiny AS n, count(*) AS c FROM edges GROUP BY k, n HAVING c > 1 ORDER BY 1, 2`

-- SELECT tiny AS k, max(n) AS n FROM edges GROUP BY tiny ORDER BY max(n) DESC, n
-- refused: "n", which is a column and what the query computes at `n` (give what is computed another name)

-- SELECT tiny AS k, max(n) AS n FROM edges GROUP BY tiny HAVING max(n) > 110 ORDER BY k
-- refused: "n", which is a column and what the query computes at `n` (give what is computed another name)

-- SELECT sum(n) AS n, sum(n) * 2 AS m FROM edges
SELECT sum(`n`) AS `n`, (sum(`n`) * 2) AS `m`
FROM `edges`

-- SELECT n AS a, a + 1 AS b, b * 2 AS c, c - a AS d FROM edges WHERE d > 9
SELECT `n` AS `a`, (`n` + 1) AS `b`, ((`n` + 1) * 2) AS `c`, (((`n` + 1) * 2) - `n`) AS `d`
FROM `edges`
WHERE ((((`n` + 1) * 2) - `n`) > 9)

-- SELECT word AS w, length(w) AS l, l > 3 AS b FROM edges ORDER BY l NULLS FIRST, w, n
SELECT `word` AS `w`, CAST(length(`word`) AS BIGINT) AS `l`, (CAST(length(`word`) AS BIGINT) > 3) AS `b`
FROM `edges`
ORDER BY `l` ASC NULLS FIRST, `w` ASC NULLS LAST, `n` ASC NULLS LAST

-- SELECT tiny, n, sum(n) OVER (PARTITION BY tiny ORDER BY n) AS s, sum(n) OVER (PARTITION BY tiny) AS t, avg(n) OVER (ORDER BY tiny) AS u FROM edges
SELECT `tiny`, `n`, sum(`n`) OVER (PARTITION BY `tiny` ORDER BY `n` ASC NULLS LAST) AS `s`, sum(`n`) OVER (PARTITION BY `tiny`) AS `t`, (CAST(sum(`n`) OVER (ORDER BY `tiny` ASC NULLS LAST) AS DOUBLE) / nullif(count(`n`) OVER (ORDER BY `tiny` ASC NULLS LAST), 0)) AS `u`
FROM `edges`

-- SELECT n, last_value(n) OVER (ORDER BY tiny, n) AS a, first_value(n) OVER (PARTITION BY yes ORDER BY tiny NULLS FIRST, n DESC) AS b, last_value(n) OVER (PARTITION BY yes ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS c FROM edges
SELECT `n`, last_value(`n`) OVER (ORDER BY `tiny` ASC NULLS LAST, `n` ASC NULLS LAST) AS `a`, first_value(`n`) OVER (PARTITION BY `yes` ORDER BY `tiny` ASC NULLS FIRST, `n` DESC NULLS LAST) AS `b`, last_value(`n`) OVER (PARTITION BY `yes` ORDER BY `n` ASC NULLS LAST ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS `c`
FROM `edges`

-- SELECT n, sum(n) OVER (ORDER BY tiny RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, count(*) OVER (ORDER BY tiny RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS b FROM edges
SELECT `n`, sum(`n`) OVER (ORDER BY `tiny` ASC NULLS LAST RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS `a`, count(*) OVER (ORDER BY `tiny` ASC NULLS LAST RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS `b`
FROM `edges`

-- SELECT n, sum(n) OVER (ORDER BY tiny DESC NULLS FIRST RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) AS a, count(*) OVER (ORDER BY tiny NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS b FROM edges
SELECT `n`, sum(`n`) OVER (ORDER BY `tiny` DESC NULLS FIRST RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) AS `a`, count(*) OVER (ORDER BY `tiny` ASC NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS `b`
FROM `edges`

-- SELECT n, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a FROM edges
-- refused: this RANGE over DOUBLE at `sum` (order by a whole number)

-- SELECT n, count(*) OVER (ORDER BY t RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS a FROM edges WHERE year(t) < 9000
SELECT `n`, count(*) OVER (ORDER BY `t` ASC NULLS LAST RANGE BETWEEN INTERVAL '1 00:00:00' DAY TO SECOND PRECEDING AND CURRENT ROW) AS `a`
FROM `edges`
WHERE (CAST(year(`t`) AS BIGINT) < 9000)

-- SELECT n, count(*) OVER (ORDER BY day RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND CURRENT ROW) AS a FROM edges
-- refused: RANGE with an INTERVAL over DATE at `count` (cast it to TIMESTAMP)

-- SELECT n, count(*) OVER (ORDER BY x) AS a, rank() OVER (ORDER BY x DESC) AS b, dense_rank() OVER (ORDER BY - x) AS c FROM edges
SELECT `n`, count(*) OVER (ORDER BY `x` ASC NULLS LAST) AS `a`, rank() OVER (ORDER BY `x` DESC NULLS LAST) AS `b`, dense_rank() OVER (ORDER BY (- `x`) ASC NULLS LAST) AS `c`
FROM `edges`

-- SELECT n, min(word) OVER (PARTITION BY tiny) AS a, max(x) OVER (PARTITION BY tiny) AS b, count(word) OVER (PARTITION BY tiny) AS c, bool_and(yes) OVER (PARTITION BY tiny) AS d FROM edges
SELECT `n`, min(`word`) OVER (PARTITION BY `tiny`) AS `a`, max(`x`) OVER (PARTITION BY `tiny`) AS `b`, count(`word`) OVER (PARTITION BY `tiny`) AS `c`, bool_and(`yes`) OVER (PARTITION BY `tiny`) AS `d`
FROM `edges`

-- SELECT n, cume_dist() OVER (ORDER BY tiny) AS a, percent_rank() OVER (ORDER BY tiny DESC NULLS LAST) AS b, ntile(3) OVER (PARTITION BY yes ORDER BY n) AS c FROM edges
SELECT `n`, cume_dist() OVER (ORDER BY `tiny` ASC NULLS LAST) AS `a`, percent_rank() OVER (ORDER BY `tiny` DESC NULLS LAST) AS `b`, ntile(3) OVER (PARTITION BY `yes` ORDER BY `n` ASC NULLS LAST) AS `c`
FROM `edges`

-- SELECT n, lag(tiny, 1, 0) OVER (ORDER BY n) AS a, lead(word, 3, 'none') OVER (ORDER BY n) AS b, lag(n, 1, n) OVER (ORDER BY n) AS c, lag(day) OVER (ORDER BY n DESC) AS d FROM edges
SELECT `n`, lag(`tiny`, 1, 0) OVER (ORDER BY `n` ASC NULLS LAST) AS `a`, lead(`word`, 3, 'none') OVER (ORDER BY `n` ASC NULLS LAST) AS `b`, lag(`n`, 1, `n`) OVER (ORDER BY `n` ASC NULLS LAST) AS `c`, lag(`day`, 1) OVER (ORDER BY `n` DESC NULLS LAST) AS `d`
FROM `edges`

-- SELECT n, lag(dec, 1, 0) OVER (ORDER BY n) AS a, lead(tiny IGNORE NULLS) OVER (ORDER BY n) AS b, last_value(tiny IGNORE NULLS) OVER (ORDER BY n) AS c, first_value(yes IGNORE NULLS) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS d FROM edges
SELECT `n`, lag(`dec`, 1, CAST(0 AS DECIMAL(12,3))) OVER (ORDER BY `n` ASC NULLS LAST) AS `a`, lead(`tiny`, 1) IGNORE NULLS OVER (ORDER BY `n` ASC NULLS LAST) AS `b`, last_value(`tiny`) IGNORE NULLS OVER (ORDER BY `n` ASC NULLS LAST) AS `c`, first_value(`yes`) IGNORE NULLS OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS `d`
FROM `edges`

-- SELECT n, stddev(n) OVER (ORDER BY n ROWS 2 PRECEDING) AS a, avg(dec) OVER (ORDER BY n ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS b, sum(dec) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 4 FOLLOWING) AS c FROM edges
SELECT `n`, stddev_samp(CAST(`n` AS DOUBLE)) OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS `a`, (CAST(sum(`dec`) OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS DOUBLE) / nullif(count(`dec`) OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING), 0)) AS `b`, sum(`dec`) OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN 2 FOLLOWING AND 4 FOLLOWING) AS `c`
FROM `edges`

-- SELECT * FROM (SELECT n, row_number() OVER (PARTITION BY tiny ORDER BY n DESC) AS rn FROM edges) WHERE rn <= 2 ORDER BY n
SELECT *
FROM (SELECT `n`, row_number() OVER (PARTITION BY `tiny` ORDER BY `n` DESC NULLS LAST) AS `rn`
FROM `edges`)
WHERE (`rn` <= 2)
ORDER BY `n` ASC NULLS LAST

-- SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY tiny
SELECT `tiny`, count(*) AS `c`
FROM `edges`
GROUP BY `tiny`
ORDER BY `tiny` ASC NULLS LAST

-- SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY tiny DESC
SELECT `tiny`, count(*) AS `c`
FROM `edges`
GROUP BY `tiny`
ORDER BY `tiny` DESC NULLS LAST

-- SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY c DESC, tiny NULLS FIRST LIMIT 4 OFFSET 1
SELECT `tiny`, count(*) AS `c`
FROM `edges`
GROUP BY `tiny`
ORDER BY `c` DESC NULLS LAST, `tiny` ASC NULLS FIRST
LIMIT 4
OFFSET 1

-- SELECT DISTINCT yes, tiny FROM edges ORDER BY yes DESC, tiny
SELECT DISTINCT `yes`, `tiny`
FROM `edges`
ORDER BY `yes` DESC NULLS LAST, `tiny` ASC NULLS LAST

-- SELECT DISTINCT x FROM edges ORDER BY x DESC
SELECT DISTINCT `x`
FROM `edges`
ORDER BY `x` DESC NULLS LAST

-- SELECT DISTINCT ON (yes) yes, n, word FROM edges ORDER BY yes, n DESC
SELECT `yes`, `n`, `word`
FROM `edges`
QUALIFY row_number() OVER (PARTITION BY `yes` ORDER BY `yes` ASC NULLS LAST, `n` DESC NULLS LAST) = 1
ORDER BY `yes` ASC NULLS LAST, `n` DESC NULLS LAST

-- SELECT yes, tiny, grouping(yes, tiny) AS g, count(*) AS c FROM edges GROUP BY ROLLUP (yes, tiny)
SELECT `yes`, `tiny`, (CAST(grouping(`yes`) AS BIGINT) * 2L + CAST(grouping(`tiny`) AS BIGINT) * 1L) AS `g`, count(*) AS `c`
FROM `edges`
GROUP BY GROUPING SETS ((), (`yes`), (`yes`, `tiny`))

-- SELECT yes, grouping_id(yes) AS g FROM edges GROUP BY CUBE (yes)
SELECT `yes`, CAST(grouping(`yes`) AS BIGINT) AS `g`
FROM `edges`
GROUP BY GROUPING SETS ((), (`yes`))

-- SELECT coalesce(tiny::VARCHAR, 'none') AS k, sum(n) AS s FROM edges GROUP BY GROUPING SETS ((tiny), ())
SELECT coalesce(CAST(`tiny` AS STRING), 'none') AS `k`, sum(`n`) AS `s`
FROM `edges`
GROUP BY GROUPING SETS ((`tiny`), ())

-- SELECT n, word FROM edges WHERE n < 2 UNION BY NAME SELECT word, n FROM edges WHERE n = 3
(SELECT CAST(c0 AS INT) AS `n`, CAST(c1 AS STRING) AS `word` FROM (
SELECT `n`, `word`
FROM `edges`
WHERE (`n` < 2)
) AS q(c0, c1))
UNION
(SELECT CAST(c1 AS INT) AS `n`, CAST(c0 AS STRING) AS `word` FROM (
SELECT `word`, `n`
FROM `edges`
WHERE (`n` = 3)
) AS q(c0, c1))

-- SELECT n, tiny FROM edges WHERE n < 2 UNION ALL BY NAME SELECT dec, n FROM edges WHERE n = 3
(SELECT CAST(c0 AS INT) AS `n`, CAST(c1 AS TINYINT) AS `tiny`, CAST(NULL AS DECIMAL(12,3)) AS `dec` FROM (
SELECT `n`, `tiny`
FROM `edges`
WHERE (`n` < 2)
) AS q(c0, c1))
UNION ALL
(SELECT CAST(c1 AS INT) AS `n`, CAST(NULL AS TINYINT) AS `tiny`, CAST(c0 AS DECIMAL(12,3)) AS `dec` FROM (
SELECT `dec`, `n`
FROM `edges`
WHERE (`n` = 3)
) AS q(c0, c1))

-- SELECT n FROM edges WHERE n NOT IN (SELECT n FROM edges WHERE n > 5)
SELECT `n`
FROM `edges`
WHERE (NOT (`n` IN (SELECT `n`
FROM `edges`
WHERE (`n` > 5))))

-- SELECT n FROM edges WHERE tiny NOT IN (SELECT tiny FROM edges WHERE n < 3)
SELECT `n`
FROM `edges`
WHERE (NOT (`tiny` IN (SELECT `tiny`
FROM `edges`
WHERE (`n` < 3))))

-- SELECT n FROM edges WHERE tiny NOT IN (SELECT tiny FROM edges)
SELECT `n`
FROM `edges`
WHERE (NOT (`tiny` IN (SELECT `tiny`
FROM `edges`)))

-- SELECT n FROM edges WHERE tiny NOT IN (1, NULL)
SELECT `n`
FROM `edges`
WHERE (`tiny` NOT IN (1, NULL))

-- SELECT n, tiny IN (1, NULL) AS a, tiny IN (SELECT n FROM edges WHERE n < 3) AS b, tiny NOT IN (SELECT tiny FROM edges WHERE n = 7) AS c FROM edges
-- refused: IN (SELECT ...) as a value at `IN` (use it in WHERE or CASE WHEN, or use EXISTS)

-- SELECT n, EXISTS (SELECT 1 FROM edges f WHERE f.tiny = e.n) AS a FROM edges e
SELECT `n`, EXISTS (SELECT 1 AS `1`
FROM `edges` AS `f`
WHERE (`f`.`tiny` = `e`.`n`)) AS `a`
FROM `edges` AS `e`

-- SELECT a.n, b.n AS m FROM edges a LEFT JOIN edges b ON a.n = b.tiny AND a.yes WHERE b.n IS NULL OR b.n < 9
SELECT `a`.`n`, `b`.`n` AS `m`
FROM `edges` AS `a`
LEFT JOIN `edges` AS `b` ON ((`a`.`n` = `b`.`tiny`) AND `a`.`yes`)
WHERE ((`b`.`n` IS NULL) OR (`b`.`n` < 9))

-- SELECT a.n, b.n AS m FROM edges a JOIN edges b ON a.x = b.x AND a.n < b.n
SELECT `a`.`n`, `b`.`n` AS `m`
FROM `edges` AS `a`
JOIN `edges` AS `b` ON ((`a`.`x` = `b`.`x`) AND (`a`.`n` < `b`.`n`))

-- SELECT a.n, b.n AS m FROM edges a JOIN edges b ON a.tiny = b.tiny AND a.day IS NOT DISTINCT FROM b.day WHERE a.n < 8
SELECT `a`.`n`, `b`.`n` AS `m`
FROM `edges` AS `a`
JOIN `edges` AS `b` ON ((`a`.`tiny` = `b`.`tiny`) AND (`a`.`day` IS NOT DISTINCT FROM `b`.`day`))
WHERE (`a`.`n` < 8)

-- SELECT a.n, b.n AS m FROM edges a FULL JOIN (SELECT n FROM edges WHERE n % 2 = 0) b ON a.n = b.n + 100
SELECT `a`.`n`, `b`.`n` AS `m`
FROM `edges` AS `a`
FULL JOIN (SELECT `n`
FROM `edges`
WHERE ((`n` % 2) = 0)) AS `b` ON (`a`.`n` = (`b`.`n` + 100))

-- SELECT count(*) AS c, count(a.word) AS w, count(b.word) AS v FROM edges a LEFT JOIN edges b ON a.word = b.word AND a.n <> b.n
SELECT count(*) AS `c`, count(`a`.`word`) AS `w`, count(`b`.`word`) AS `v`
FROM `edges` AS `a`
LEFT JOIN `edges` AS `b` ON ((`a`.`word` = `b`.`word`) AND (`a`.`n` <> `b`.`n`))

-- SELECT a.n, b.n AS m FROM edges a, edges b WHERE a.word = b.word AND a.n < b.n AND a.n < 5
SELECT `a`.`n`, `b`.`n` AS `m`
FROM `edges` AS `a`
CROSS JOIN `edges` AS `b`
WHERE ((`a`.`word` = `b`.`word`) AND (`a`.`n` < `b`.`n`) AND (`a`.`n` < 5))

-- SELECT a.n FROM edges a ANTI JOIN edges b ON a.n = b.tiny
SELECT `a`.`n`
FROM `edges` AS `a`
LEFT ANTI JOIN `edges` AS `b` ON (`a`.`n` = `b`.`tiny`)

-- SELECT n, (SELECT count(*) FROM edges f WHERE f.tiny = e.n) AS a, (SELECT sum(f.n) FROM edges f WHERE f.tiny = e.n) AS b, coalesce((SELECT max(word) FROM edges f WHERE f.n = e.n + 1), '-') AS c FROM edges e
SELECT `n`, (SELECT count(*) AS `count_star()`
FROM `edges` AS `f`
WHERE (`f`.`tiny` = `e`.`n`)) AS `a`, (SELECT sum(`f`.`n`) AS `sum(f.n)`
FROM `edges` AS `f`
WHERE (`f`.`tiny` = `e`.`n`)) AS `b`, coalesce((SELECT max(`word`) AS `max(word)`
FROM `edges` AS `f`
WHERE (`f`.`n` = (`e`.`n` + 1))), '-') AS `c`
FROM `edges` AS `e`

-- SELECT n, (SELECT word FROM edges f WHERE f.n > e.n ORDER BY f.n LIMIT 1) AS a FROM edges e
SELECT `n`, (SELECT `word`
FROM `edges` AS `f`
WHERE (`f`.`n` > `e`.`n`)
ORDER BY `f`.`n` ASC NULLS LAST
LIMIT 1) AS `a`
FROM `edges` AS `e`

-- SELECT (SELECT n FROM edges) AS a
SELECT (SELECT `n`
FROM `edges`) AS `a`

-- SELECT max(n) FILTER (WHERE tiny > 0) AS a, count(*) FILTER (WHERE word LIKE '%a%') AS b, sum(CASE WHEN yes THEN n END) AS c, count(CASE WHEN yes THEN 1 END) AS d, sum(yes::INT) AS e, avg(yes::INT) AS f FROM edges
SELECT max(`n`) FILTER (WHERE (`tiny` > 0)) AS `a`, count(*) FILTER (WHERE (`word` LIKE '%a%')) AS `b`, sum(CASE WHEN `yes` THEN `n` ELSE NULL END) AS `c`, count(CASE WHEN `yes` THEN 1 ELSE NULL END) AS `d`, sum(CAST(`yes` AS INT)) AS `e`, (CAST(sum(CAST(`yes` AS INT)) AS DOUBLE) / nullif(count(CAST(`yes` AS INT)), 0)) AS `f`
FROM `edges`

-- SELECT sum(n) AS a, count(*) AS b, avg(n) AS c, max(word) AS d, bool_or(yes) AS e, list(n ORDER BY n) AS f, string_agg(word, ',' ORDER BY n) AS g, count(DISTINCT n) AS h, arg_max(n, n) AS i FROM edges WHERE n > 1000
SELECT sum(`n`) AS `a`, count(*) AS `b`, (CAST(sum(`n`) AS DOUBLE) / nullif(count(`n`), 0)) AS `c`, max(`word`) AS `d`, bool_or(`yes`) AS `e`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `n`, 'k0', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `f`, listagg(`word`, ',') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) AS `g`, count(DISTINCT `n`) AS `h`, max_by(`n`, `n`) FILTER (WHERE `n` IS NOT NULL) AS `i`
FROM `edges`
WHERE (`n` > 1000)

-- SELECT tiny, sum(n) AS a FROM edges WHERE n > 1000 GROUP BY tiny
SELECT `tiny`, sum(`n`) AS `a`
FROM `edges`
WHERE (`n` > 1000)
GROUP BY `tiny`

-- SELECT bool_and(yes) AS a, bool_or(yes) AS b, bool_and(NULL::BOOLEAN) AS c, count(NULL) AS d, min(NULL::INTEGER) AS e FROM edges
SELECT bool_and(`yes`) AS `a`, bool_or(`yes`) AS `b`, bool_and(CAST(NULL AS BOOLEAN)) AS `c`, count(NULL) AS `d`, min(CAST(NULL AS INT)) AS `e`
FROM `edges`

-- SELECT tiny, arg_max(word, n) AS a, arg_min(n, (x, n)) AS b, max(day) AS c, arg_max(tiny, n) AS d, arg_max(yes, n) AS e FROM edges GROUP BY tiny
SELECT `tiny`, max_by(`word`, `n`) FILTER (WHERE `word` IS NOT NULL) AS `a`, min_by(`n`, struct(`x` IS NULL, `x`, `n` IS NULL, `n`)) FILTER (WHERE `n` IS NOT NULL) AS `b`, max(`day`) AS `c`, max_by(`tiny`, `n`) FILTER (WHERE `tiny` IS NOT NULL) AS `d`, max_by(`yes`, `n`) FILTER (WHERE `yes` IS NOT NULL) AS `e`
FROM `edges`
GROUP BY `tiny`

-- SELECT tiny, first(yes ORDER BY n) AS a, any_value(yes ORDER BY n) AS b, last(word ORDER BY n) AS c FROM edges GROUP BY tiny
SELECT `tiny`, min_by(`yes`, struct(`n` IS NULL, `n`)) AS `a`, min_by(`yes`, struct(`n` IS NULL, `n`)) FILTER (WHERE `yes` IS NOT NULL) AS `b`, max_by(`word`, struct(`n` IS NULL, `n`)) AS `c`
FROM `edges`
GROUP BY `tiny`

-- SELECT yes, count(DISTINCT tiny) AS a, count(DISTINCT word) FILTER (WHERE n > 9) AS b, sum(DISTINCT tiny) AS c FROM edges GROUP BY yes
SELECT `yes`, count(DISTINCT `tiny`) AS `a`, count(DISTINCT `word`) FILTER (WHERE (`n` > 9)) AS `b`, sum(DISTINCT `tiny`) AS `c`
FROM `edges`
GROUP BY `yes`

-- WITH t AS (SELECT n, tiny FROM edges WHERE n < 9), u AS (SELECT * FROM t WHERE tiny > 0) SELECT t.n, u.n AS m FROM t LEFT JOIN u USING (n)
WITH `t` AS (
SELECT `n`, `tiny`
FROM `edges`
WHERE (`n` < 9)
),
`u` AS (
SELECT *
FROM `t`
WHERE (`tiny` > 0)
)
SELECT `t`.`n`, `u`.`n` AS `m`
FROM `t`
LEFT JOIN `u` USING (`n`)

-- WITH RECURSIVE r(i, f) AS (SELECT 1, 1::BIGINT UNION ALL SELECT i + 1, f * (i + 1) FROM r WHERE i < 20) SELECT * FROM r
WITH RECURSIVE `r`(`i`, `f`) AS (
SELECT 1 AS `1`, CAST(1 AS BIGINT) AS `CAST(1 AS BIGINT)`
UNION ALL
SELECT (`i` + 1) AS `(i + 1)`, (`f` * (`i` + 1)) AS `(f * (i + 1))`
FROM `r`
WHERE (`i` < 20)
)
SELECT *
FROM `r`

-- WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 300) SELECT count(*) AS c, max(i) AS m FROM r
WITH RECURSIVE `r`(`i`) AS (
SELECT 1 AS `1`
UNION ALL
SELECT (`i` + 1) AS `(i + 1)`
FROM `r`
WHERE (`i` < 300)
)
SELECT count(*) AS `c`, max(`i`) AS `m`
FROM `r`

-- SELECT n, n AS N2, "n" AS "N3", edges."word" AS "W w" FROM edges WHERE "N" < 3
SELECT `n`, `n` AS `N2`, `n` AS `N3`, `edges`.`word` AS `W w`
FROM `edges`
WHERE (`N` < 3)

-- SELECT 'x' AS "a.b", n AS "c d", tiny AS "e`f", 1 AS "ü" FROM edges WHERE n < 2
SELECT 'x' AS `a.b`, `n` AS `c d`, `tiny` AS `e``f`, 1 AS `ü`
FROM `edges`
WHERE (`n` < 2)

-- SELECT t.* FROM (SELECT n AS "a.b", word AS "select" FROM edges) t WHERE "a.b" < 3
SELECT `t`.*
FROM (SELECT `n` AS `a.b`, `word` AS `select`
FROM `edges`) AS `t`
WHERE (`a.b` < 3)

-- SELECT a.word, b.word FROM edges a JOIN edges b ON a.n = b.n
SELECT `a`.`word`, `b`.`word`
FROM `edges` AS `a`
JOIN `edges` AS `b` ON (`a`.`n` = `b`.`n`)

-- SELECT count(*), count(word), sum(n) FROM edges
SELECT count(*) AS `count_star()`, count(`word`) AS `count(word)`, sum(`n`) AS `sum(n)`
FROM `edges`

-- SELECT n, n FROM edges
SELECT `n`, `n`
FROM `edges`

-- SELECT * FROM (VALUES (1, 2.5, 'x'), (NULL, 1, NULL)) v(a, b, c) WHERE a IS NULL OR b > 2
SELECT *
FROM (SELECT *
FROM (VALUES (1, CAST(CAST('2.5' AS DECIMAL(2,1)) AS DECIMAL(11,1)), 'x'), (NULL, CAST(1 AS DECIMAL(11,1)), NULL)) AS `valueslist`(`col0`, `col1`, `col2`)) AS `v`(`a`, `b`, `c`)
WHERE ((`a` IS NULL) OR (`b` > 2))

-- SELECT * FROM (SELECT n, word FROM edges) PIVOT (count(*) FOR word IN ('abc' AS p, '-7' AS q))
-- refused: PIVOT without GROUP BY at `PIVOT` (name the remaining columns: GROUP BY ...)

-- PIVOT (SELECT yes, tiny, n FROM edges) ON yes IN (true, false) USING sum(n) AS s, count(*) AS c GROUP BY tiny
-- refused: PIVOT of several columns or aggregates at `PIVOT`

-- UNPIVOT (SELECT n, tiny::BIGINT AS tiny, big FROM edges WHERE n < 5) ON tiny, big INTO NAME what VALUE v
SELECT *
FROM (SELECT * FROM (SELECT `n`, CAST(`tiny` AS BIGINT) AS `tiny`, `big`
FROM `edges`
WHERE (`n` < 5))
UNPIVOT (`v` FOR `what` IN (`tiny`, `big`)))

-- SELECT n, CASE n % 3 WHEN 0 THEN 'a' WHEN 1 THEN NULL ELSE 'c' END AS a, CASE WHEN n > 5 AND yes THEN 'x' END AS b, if(yes, 'y', 'n') AS c, CASE WHEN yes THEN true WHEN NOT yes THEN false END AS d FROM edges
SELECT `n`, CASE WHEN ((`n` % 3) = 0) THEN 'a' WHEN ((`n` % 3) = 1) THEN NULL ELSE 'c' END AS `a`, CASE WHEN ((`n` > 5) AND `yes`) THEN 'x' ELSE NULL END AS `b`, CASE WHEN `yes` THEN 'y' ELSE 'n' END AS `c`, CASE WHEN `yes` THEN TRUE WHEN (NOT `yes`) THEN FALSE ELSE NULL END AS `d`
FROM `edges`

-- SELECT n, yes AND NULL AS a, yes OR NULL AS b, NOT (yes AND n > 3) AS c, yes = false AS d, yes IS NOT TRUE AS e, yes <> true AS f, coalesce(yes, false) AS g FROM edges
SELECT `n`, (`yes` AND CAST(NULL AS BOOLEAN)) AS `a`, (`yes` OR CAST(NULL AS BOOLEAN)) AS `b`, (NOT (`yes` AND (`n` > 3))) AS `c`, (`yes` = FALSE) AS `d`, (CAST(`yes` AS BOOLEAN) IS DISTINCT FROM TRUE) AS `e`, (`yes` <> TRUE) AS `f`, coalesce(`yes`, FALSE) AS `g`
FROM `edges`

-- SELECT n FROM edges WHERE NOT yes OR yes IS NULL ORDER BY n DESC
SELECT `n`
FROM `edges`
WHERE ((NOT `yes`) OR (`yes` IS NULL))
ORDER BY `n` DESC NULLS LAST

-- SELECT n FROM edges ORDER BY word IS NULL, word DESC, n
SELECT `n`
FROM `edges`
ORDER BY (`word` IS NULL) ASC NULLS LAST, `word` DESC NULLS LAST, `n` ASC NULLS LAST

-- SELECT n FROM edges ORDER BY CASE WHEN tiny > 0 THEN 0 ELSE 1 END, n DESC LIMIT 9
SELECT `n`
FROM `edges`
ORDER BY CASE WHEN (`tiny` > 0) THEN 0 ELSE 1 END ASC NULLS LAST, `n` DESC NULLS LAST
LIMIT 9

-- SELECT n FROM edges ORDER BY ALL DESC LIMIT 3
SELECT `n`
FROM `edges`
ORDER BY ALL DESC NULLS LAST
LIMIT 3

-- SELECT n, 2 AS k FROM edges GROUP BY ALL ORDER BY 1 LIMIT 3
-- refused: GROUP BY of a constant at `GROUP`
