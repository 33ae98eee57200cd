-- SELECT n AS "a b", word AS "ünï", tiny AS "select", x AS "back`tick", dec AS "q""q" FROM edges
SELECT `n` AS `a b`, `word` AS `ünï`, `tiny` AS `select`, `x` AS `back``tick`, `dec` AS `q"q`
FROM `edges`

-- SELECT n AS a, n AS b, n + 1 AS c FROM edges WHERE a > 5 AND c < 20
SELECT `n` AS `a`, `n` AS `b`, (`n` + 1) AS `c`
FROM `edges`
WHERE ((`n` > 5) AND ((`n` + 1) < 20))

-- SELECT n + 1 AS n, n * 2 AS m FROM edges WHERE n > 100
SELECT (`n` + 1) AS `n`, (`n` * 2) AS `m`
FROM `edges`
WHERE (`n` > 100)

-- SELECT n + 1 AS n FROM edges ORDER BY n
SELECT (`n` + 1) AS `n`
FROM `edges`
ORDER BY `n` ASC NULLS LAST

-- SELECT n + 1 AS n FROM edges ORDER BY -n
-- refused: "n", which is a column and what the query computes at `n` (give what is computed another name)

-- SELECT tiny AS k, sum(n) AS n FROM edges GROUP BY k HAVING n > 100
-- refused: "n", which is a column and what the query computes at `n` (give what is computed another name)

-- SELECT tiny AS k, sum(n) AS s FROM edges GROUP BY k HAVING s > 100 ORDER BY s DESC, k LIMIT 3
SELECT `tiny` AS `k`, sum(`n`) AS `s`
FROM `edges`
GROUP BY `tiny`
HAVING (sum(`n`) > 100)
ORDER BY `s` DESC NULLS LAST, `k` ASC NULLS LAST
LIMIT 3

-- SELECT n % 3 AS k, n % 2 AS j, count(*) AS c FROM edges GROUP BY 1, 2 ORDER BY 2, 1
SELECT (`n` % 3) AS `k`, (`n` % 2) AS `j`, count(*) AS `c`
FROM `edges`
GROUP BY (`n` % 3), (`n` % 2)
ORDER BY 2 ASC NULLS LAST, 1 ASC NULLS LAST

-- SELECT n % 3 AS k, count(*) AS c, count(*) * 2 AS d, c + d AS e FROM edges GROUP BY ALL
SELECT (`n` % 3) AS `k`, count(*) AS `c`, (count(*) * 2) AS `d`, (count(*) + (count(*) * 2)) AS `e`
FROM `edges`
GROUP BY (`n` % 3)

-- SELECT tiny, count(*) + tiny AS c FROM edges GROUP BY ALL
-- refused: GROUP BY ALL with an item that mixes columns and aggregates at `+` (name the groups)

-- SELECT tiny, count(*) AS c, sum(count(*)) OVER () AS s FROM edges GROUP BY ALL
SELECT `tiny`, count(*) AS `c`, sum(count(*)) OVER () AS `s`
FROM `edges`
GROUP BY `tiny`

-- SELECT upper(word) AS word, count(*) AS c FROM edges GROUP BY word
SELECT CASE WHEN `word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`word`) END AS `word`, count(*) AS `c`
FROM `edges`
GROUP BY `word`

-- SELECT lower(word) AS w, count(*) AS c FROM edges GROUP BY lower(word)
SELECT CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END AS `w`, count(*) AS `c`
FROM `edges`
GROUP BY CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END

-- SELECT n FROM edges LIMIT 5
-- refused: LIMIT without ORDER BY at `LIMIT` (which rows are left is not defined on a cluster: add ORDER BY)

-- SELECT n FROM edges ORDER BY n LIMIT 5
SELECT `n`
FROM `edges`
ORDER BY `n` ASC NULLS LAST
LIMIT 5

-- SELECT n FROM edges ORDER BY n DESC LIMIT 3 OFFSET 2
SELECT `n`
FROM `edges`
ORDER BY `n` DESC NULLS LAST
LIMIT 3
OFFSET 2

-- SELECT count(*) AS c FROM edges LIMIT 1
SELECT count(*) AS `c`
FROM `edges`
LIMIT 1

-- SELECT n FROM edges ORDER BY n LIMIT 10 % 3
-- refused: LIMIT of what is not a number at `LIMIT`

-- SELECT DISTINCT tiny FROM edges ORDER BY tiny DESC NULLS LAST
SELECT DISTINCT `tiny`
FROM `edges`
ORDER BY `tiny` DESC NULLS LAST

-- SELECT DISTINCT ON (tiny) tiny, n FROM edges ORDER BY tiny, n DESC
SELECT `tiny`, `n`
FROM `edges`
QUALIFY row_number() OVER (PARTITION BY `tiny` ORDER BY `tiny` ASC NULLS LAST, `n` DESC NULLS LAST) = 1
ORDER BY `tiny` ASC NULLS LAST, `n` DESC NULLS LAST

-- SELECT DISTINCT ON (tiny) tiny, n FROM edges
-- refused: DISTINCT ON without ORDER BY at `DISTINCT` (which row is kept is not defined: add ORDER BY)

-- SELECT n, row_number() OVER (ORDER BY n DESC) AS r FROM edges QUALIFY r <= 3
SELECT `n`, row_number() OVER (ORDER BY `n` DESC NULLS LAST) AS `r`
FROM `edges`
QUALIFY (row_number() OVER (ORDER BY `n` DESC NULLS LAST) <= 3)

-- SELECT n, r FROM (SELECT n, row_number() OVER (PARTITION BY tiny ORDER BY n) AS r FROM edges) WHERE r = 1
SELECT `n`, `r`
FROM (SELECT `n`, row_number() OVER (PARTITION BY `tiny` ORDER BY `n` ASC NULLS LAST) AS `r`
FROM `edges`)
WHERE (`r` = 1)

-- SELECT n, row_number() OVER () AS r FROM edges
-- refused: row_number() without ORDER BY at `row_number` (the order of the rows is not defined on a cluster: add ORDER BY to the window)

-- SELECT n, lag(word) OVER (PARTITION BY tiny ORDER BY n) AS a, lead(n, 2) OVER (PARTITION BY tiny ORDER BY n) AS b, lag(n, 1, 0) OVER (ORDER BY n) AS c, first_value(word IGNORE NULLS) OVER (ORDER BY n ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS d FROM edges
SELECT `n`, lag(`word`, 1) OVER (PARTITION BY `tiny` ORDER BY `n` ASC NULLS LAST) AS `a`, lead(`n`, 2) OVER (PARTITION BY `tiny` ORDER BY `n` ASC NULLS LAST) AS `b`, lag(`n`, 1, 0) OVER (ORDER BY `n` ASC NULLS LAST) AS `c`, first_value(`word`) IGNORE NULLS OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS `d`
FROM `edges`

-- SELECT n, ntile(7) OVER (ORDER BY n) AS a, percent_rank() OVER (PARTITION BY tiny ORDER BY n) AS b, nth_value(n, 2) OVER (PARTITION BY tiny ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS c FROM edges
SELECT `n`, ntile(7) OVER (ORDER BY `n` ASC NULLS LAST) AS `a`, percent_rank() OVER (PARTITION BY `tiny` ORDER BY `n` ASC NULLS LAST) AS `b`, nth_value(`n`, 2) OVER (PARTITION BY `tiny` ORDER BY `n` ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS `c`
FROM `edges`

-- SELECT n, max(word) OVER (PARTITION BY yes) AS a, avg(dec) OVER (PARTITION BY yes) AS b, sum(yes::INT) OVER (ORDER BY n) AS c, bool_or(yes) OVER (ORDER BY n ROWS 1 PRECEDING) AS d, median(n) OVER (PARTITION BY yes) AS e FROM edges
SELECT `n`, max(`word`) OVER (PARTITION BY `yes`) AS `a`, (CAST(sum(`dec`) OVER (PARTITION BY `yes`) AS DOUBLE) / nullif(count(`dec`) OVER (PARTITION BY `yes`), 0)) AS `b`, sum(CAST(`yes` AS INT)) OVER (ORDER BY `n` ASC NULLS LAST) AS `c`, bool_or(`yes`) OVER (ORDER BY `n` ASC NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS `d`, percentile(CAST(`n` AS DOUBLE), 0.5D) OVER (PARTITION BY `yes`) AS `e`
FROM `edges`

-- SELECT n, sum(n) OVER (ORDER BY tiny GROUPS 1 PRECEDING) AS a FROM edges
-- refused: GROUPS in a window at `sum` (use ROWS or RANGE)

-- SELECT n, sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS a FROM edges
-- refused: EXCLUDE in a window at `sum`

-- SELECT a.n, b.n AS m FROM edges a JOIN edges b ON a.n = b.n + 1 AND a.tiny IS NOT DISTINCT FROM b.tiny
SELECT `a`.`n`, `b`.`n` AS `m`
FROM `edges` AS `a`
JOIN `edges` AS `b` ON ((`a`.`n` = (`b`.`n` + 1)) AND (`a`.`tiny` IS NOT DISTINCT FROM `b`.`tiny`))

-- SELECT a.n, b.word FROM edges a LEFT JOIN edges b ON a.n = b.n AND b.yes
SELECT `a`.`n`, `b`.`word`
FROM `edges` AS `a`
LEFT JOIN `edges` AS `b` ON ((`a`.`n` = `b`.`n`) AND `b`.`yes`)

-- SELECT a.n, b.n AS m FROM edges a RIGHT JOIN edges b ON a.n = b.n * 2
SELECT `a`.`n`, `b`.`n` AS `m`
FROM `edges` AS `a`
RIGHT JOIN `edges` AS `b` ON (`a`.`n` = (`b`.`n` * 2))

-- SELECT a.n, b.n AS m FROM (SELECT * FROM edges WHERE n < 4) a FULL JOIN (SELECT * FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT `a`.`n`, `b`.`n` AS `m`
FROM (SELECT *
FROM `edges`
WHERE (`n` < 4)) AS `a`
FULL JOIN (SELECT *
FROM `edges`
WHERE (`n` >= 2 AND `n` <= 6)) AS `b` USING (`n`)

-- SELECT * FROM (SELECT n, word FROM edges WHERE n < 4) a FULL JOIN (SELECT n, tiny FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT `n`, `word`, `tiny`
FROM (SELECT `n`, `word`
FROM `edges`
WHERE (`n` < 4)) AS `a`
FULL JOIN (SELECT `n`, `tiny`
FROM `edges`
WHERE (`n` >= 2 AND `n` <= 6)) AS `b` USING (`n`)

-- SELECT * FROM (SELECT word, n FROM edges WHERE n < 4) a RIGHT JOIN (SELECT tiny, n FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT `word`, `n`, `tiny`
FROM (SELECT `word`, `n`
FROM `edges`
WHERE (`n` < 4)) AS `a`
RIGHT JOIN (SELECT `tiny`, `n`
FROM `edges`
WHERE (`n` >= 2 AND `n` <= 6)) AS `b` USING (`n`)

-- SELECT a.*, b.tiny AS t2 FROM (SELECT word, n FROM edges WHERE n < 4) a LEFT JOIN (SELECT tiny, n FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT `a`.`word`, `a`.`n`, `b`.`tiny` AS `t2`
FROM (SELECT `word`, `n`
FROM `edges`
WHERE (`n` < 4)) AS `a`
LEFT JOIN (SELECT `tiny`, `n`
FROM `edges`
WHERE (`n` >= 2 AND `n` <= 6)) AS `b` USING (`n`)

-- SELECT b.*, a.word AS w FROM (SELECT word, n FROM edges WHERE n < 4) a JOIN (SELECT tiny, n FROM edges WHERE n BETWEEN 2 AND 6) b USING (n)
SELECT `b`.`tiny`, `b`.`n`, `a`.`word` AS `w`
FROM (SELECT `word`, `n`
FROM `edges`
WHERE (`n` < 4)) AS `a`
JOIN (SELECT `tiny`, `n`
FROM `edges`
WHERE (`n` >= 2 AND `n` <= 6)) AS `b` USING (`n`)

-- SELECT * FROM (SELECT n, word FROM edges WHERE n < 4) a NATURAL JOIN (SELECT n, tiny FROM edges) b
SELECT `n`, `word`, `tiny`
FROM (SELECT `n`, `word`
FROM `edges`
WHERE (`n` < 4)) AS `a`
JOIN (SELECT `n`, `tiny`
FROM `edges`) AS `b` USING (`n`)

-- SELECT * FROM (SELECT n, word FROM edges WHERE n < 2) a, (SELECT n AS m FROM edges WHERE n < 2) b
SELECT *
FROM (SELECT `n`, `word`
FROM `edges`
WHERE (`n` < 2)) AS `a`
CROSS JOIN (SELECT `n` AS `m`
FROM `edges`
WHERE (`n` < 2)) AS `b`

-- SELECT * FROM edges a JOIN edges b USING (n)
-- refused: * over columns of one name at `*` (name the columns)

-- SELECT * EXCLUDE (words, nums) FROM edges WHERE n < 3
SELECT `n`, `word`, `x`, `big`, `tiny`, `dec`, `fine`, `t`, `z`, `day`, `yes`
FROM `edges`
WHERE (`n` < 3)

-- SELECT * EXCLUDE (words, nums) REPLACE (n * 2 AS n) RENAME (word AS w) FROM edges WHERE n < 3
SELECT (`n` * 2) AS `n`, `word` AS `w`, `x`, `big`, `tiny`, `dec`, `fine`, `t`, `z`, `day`, `yes`
FROM `edges`
WHERE (`n` < 3)

-- SELECT e.* EXCLUDE (words, nums, word), upper(e.word) AS w FROM edges e
SELECT `e`.`n`, `e`.`x`, `e`.`big`, `e`.`tiny`, `e`.`dec`, `e`.`fine`, `e`.`t`, `e`.`z`, `e`.`day`, `e`.`yes`, CASE WHEN `e`.`word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`e`.`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`e`.`word`) END AS `w`
FROM `edges` AS `e`

-- SELECT n FROM edges WHERE n IN (SELECT n + 1 FROM edges WHERE tiny = 7)
SELECT `n`
FROM `edges`
WHERE (`n` IN (SELECT (`n` + 1) AS `(n + 1)`
FROM `edges`
WHERE (`tiny` = 7)))

-- SELECT n FROM edges WHERE n NOT IN (SELECT tiny FROM edges)
SELECT `n`
FROM `edges`
WHERE (NOT (`n` IN (SELECT `tiny`
FROM `edges`)))

-- SELECT n FROM edges WHERE word IN (SELECT n FROM edges)
-- refused: VARCHAR IN a query of INTEGER at `IN` (cast one of them)

-- SELECT n FROM edges WHERE (n, tiny) IN (SELECT n, tiny FROM edges)
-- refused: STRUCT(INTEGER, TINYINT) IN a query of INTEGER at `IN` (cast one of them)

-- SELECT n FROM edges e WHERE EXISTS (SELECT 1 FROM edges f WHERE f.n = e.n + 1 AND f.tiny > e.tiny)
SELECT `n`
FROM `edges` AS `e`
WHERE EXISTS (SELECT 1 AS `1`
FROM `edges` AS `f`
WHERE ((`f`.`n` = (`e`.`n` + 1)) AND (`f`.`tiny` > `e`.`tiny`)))

-- SELECT n FROM edges e WHERE NOT EXISTS (SELECT * FROM edges f WHERE f.tiny = e.n)
SELECT `n`
FROM `edges` AS `e`
WHERE (NOT EXISTS (SELECT *
FROM `edges` AS `f`
WHERE (`f`.`tiny` = `e`.`n`)))

-- SELECT n, (SELECT max(f.n) FROM edges f WHERE f.tiny = e.tiny) AS m FROM edges e
SELECT `n`, (SELECT max(`f`.`n`) AS `max(f.n)`
FROM `edges` AS `f`
WHERE (`f`.`tiny` = `e`.`tiny`)) AS `m`
FROM `edges` AS `e`

-- SELECT n, (SELECT count(*) FROM edges f WHERE f.n < e.n AND f.yes) AS m FROM edges e
SELECT `n`, (SELECT count(*) AS `count_star()`
FROM `edges` AS `f`
WHERE ((`f`.`n` < `e`.`n`) AND `f`.`yes`)) AS `m`
FROM `edges` AS `e`

-- SELECT n, n = (SELECT max(n) FROM edges) AS last FROM edges
SELECT `n`, (`n` = (SELECT max(`n`) AS `max(n)`
FROM `edges`)) AS `last`
FROM `edges`

-- SELECT n FROM edges WHERE n > ANY (SELECT tiny FROM edges)
-- refused: ANY or ALL with a subquery at `>` (compare with max() or min() of the subquery)

-- SELECT e.n, s.m FROM edges e, (SELECT max(f.n) AS m FROM edges f WHERE f.tiny = e.tiny) s
-- refused: LATERAL: a subquery of FROM that names another relation at `SELECT e.n, s.m FROM edges e, (SELECT max(f.n) AS m FROM edges f WHERE f.tiny = e.tiny) s` (join with a GROUP BY, or use a window)

-- SELECT n FROM edges WHERE n < 3 UNION ALL SELECT tiny FROM edges WHERE n < 3
(SELECT `n`
FROM `edges`
WHERE (`n` < 3))
UNION ALL
(SELECT `tiny`
FROM `edges`
WHERE (`n` < 3))

-- SELECT n AS v FROM edges WHERE n < 3 UNION SELECT dec FROM edges
(SELECT CAST(c0 AS DECIMAL(13,3)) AS `v` FROM (
SELECT `n` AS `v`
FROM `edges`
WHERE (`n` < 3)
) AS q(c0))
UNION
(SELECT CAST(c0 AS DECIMAL(13,3)) AS `dec` FROM (
SELECT `dec`
FROM `edges`
) AS q(c0))

-- SELECT n FROM edges UNION ALL SELECT word FROM edges
-- refused: UNION of INTEGER and VARCHAR at `UNION` (cast one of them)

-- SELECT n FROM edges EXCEPT ALL SELECT tiny FROM edges
(SELECT `n`
FROM `edges`)
EXCEPT ALL
(SELECT `tiny`
FROM `edges`)

-- SELECT tiny FROM edges INTERSECT SELECT n FROM edges ORDER BY tiny
(SELECT `tiny`
FROM `edges`)
INTERSECT
(SELECT `n`
FROM `edges`)
ORDER BY `tiny` ASC NULLS LAST

-- SELECT day AS v FROM edges UNION ALL SELECT t FROM edges ORDER BY v LIMIT 7
(SELECT CAST(c0 AS TIMESTAMP_NTZ) AS `v` FROM (
SELECT `day` AS `v`
FROM `edges`
) AS q(c0))
UNION ALL
(SELECT `t`
FROM `edges`)
ORDER BY `v` ASC NULLS LAST
LIMIT 7

-- (SELECT n FROM edges WHERE n < 3) UNION ALL (SELECT n FROM edges WHERE n > 117) ORDER BY 1 DESC
(SELECT `n`
FROM `edges`
WHERE (`n` < 3))
UNION ALL
(SELECT `n`
FROM `edges`
WHERE (`n` > 117))
ORDER BY 1 DESC NULLS LAST

-- SELECT NULL AS a, n FROM edges WHERE n < 2 UNION ALL SELECT word, n FROM edges WHERE n < 2
(SELECT NULL AS `a`, `n`
FROM `edges`
WHERE (`n` < 2))
UNION ALL
(SELECT `word`, `n`
FROM `edges`
WHERE (`n` < 2))

-- WITH a AS (SELECT n, tiny FROM edges), b AS (SELECT tiny, sum(n) AS s FROM a GROUP BY tiny) SELECT a.n, b.s FROM a JOIN b ON a.tiny = b.tiny
WITH `a` AS (
SELECT `n`, `tiny`
FROM `edges`
),
`b` AS (
SELECT `tiny`, sum(`n`) AS `s`
FROM `a`
GROUP BY `tiny`
)
SELECT `a`.`n`, `b`.`s`
FROM `a`
JOIN `b` ON (`a`.`tiny` = `b`.`tiny`)

-- WITH edges AS (SELECT n FROM edges WHERE n < 3) SELECT * FROM edges
WITH `edges` AS (
SELECT `n`
FROM `edges`
WHERE (`n` < 3)
)
SELECT *
FROM `edges`

-- WITH a AS (WITH a AS (SELECT 1 AS x) SELECT x + 1 AS x FROM a) SELECT x FROM a
WITH `a` AS (
WITH `a` AS (
SELECT 1 AS `x`
)
SELECT (`x` + 1) AS `x`
FROM `a`
)
SELECT `x`
FROM `a`

-- WITH a(p, q) AS (SELECT n, word FROM edges WHERE n < 3) SELECT q, p FROM a
WITH `a`(`p`, `q`) AS (
SELECT `n`, `word`
FROM `edges`
WHERE (`n` < 3)
)
SELECT `q`, `p`
FROM `a`

-- WITH RECURSIVE t(i, s) AS (SELECT 1, 1::BIGINT UNION ALL SELECT i + 1, s * 2 FROM t WHERE i < 20) SELECT i, s FROM t ORDER BY i
WITH RECURSIVE `t`(`i`, `s`) AS (
SELECT 1 AS `1`, CAST(1 AS BIGINT) AS `CAST(1 AS BIGINT)`
UNION ALL
SELECT (`i` + 1) AS `(i + 1)`, (`s` * 2) AS `(s * 2)`
FROM `t`
WHERE (`i` < 20)
)
SELECT `i`, `s`
FROM `t`
ORDER BY `i` ASC NULLS LAST

-- WITH RECURSIVE t AS (SELECT 1 AS i UNION SELECT i + 1 FROM t WHERE i < 5) SELECT i FROM t
-- refused: a recursive UNION without ALL at `WITH RECURSIVE t AS (SELECT 1 AS i UNION SELECT i + 1 FROM t WHERE i < 5) SELECT i FROM t`

-- SELECT count(*) FROM (SELECT n, count(*) FROM edges GROUP BY n)
SELECT count(*) AS `count_star()`
FROM (SELECT `n`, count(*) AS `count_star()`
FROM `edges`
GROUP BY `n`)

-- SELECT * FROM (SELECT tiny, count(*), sum(n) FROM edges GROUP BY tiny)
SELECT *
FROM (SELECT `tiny`, count(*) AS `count_star()`, sum(`n`) AS `sum(n)`
FROM `edges`
GROUP BY `tiny`)

-- SELECT tiny, yes, count(*) AS c, grouping(tiny) AS g FROM edges GROUP BY GROUPING SETS ((tiny, yes), (tiny), ())
SELECT `tiny`, `yes`, count(*) AS `c`, CAST(grouping(`tiny`) AS BIGINT) AS `g`
FROM `edges`
GROUP BY GROUPING SETS ((`tiny`, `yes`), (`tiny`), ())

-- SELECT tiny, grouping(tiny, yes) AS g FROM edges GROUP BY CUBE (tiny, yes)
SELECT `tiny`, (CAST(grouping(`tiny`) AS BIGINT) * 2L + CAST(grouping(`yes`) AS BIGINT) * 1L) AS `g`
FROM `edges`
GROUP BY GROUPING SETS ((), (`tiny`), (`tiny`, `yes`), (`yes`))

-- SELECT count(*) AS a, count(DISTINCT tiny) AS b, sum(DISTINCT tiny) AS c, avg(DISTINCT tiny) AS d, max(DISTINCT tiny) AS e FROM edges
SELECT count(*) AS `a`, count(DISTINCT `tiny`) AS `b`, sum(DISTINCT `tiny`) AS `c`, (CAST(sum(DISTINCT `tiny`) AS DOUBLE) / nullif(count(DISTINCT `tiny`), 0)) AS `d`, max(`tiny`) AS `e`
FROM `edges`

-- SELECT count(DISTINCT (n, tiny)) AS a FROM edges
-- refused: a row without names here at `(` (use {'a': x, 'b': y})

-- SELECT count(*) FILTER (WHERE yes) AS a, sum(n) FILTER (yes AND n > 3) AS b, avg(dec) FILTER (NOT yes) AS c, count_if(yes) AS d FROM edges
SELECT count(*) FILTER (WHERE `yes`) AS `a`, sum(`n`) FILTER (WHERE (`yes` AND (`n` > 3))) AS `b`, (CAST(sum(`dec`) FILTER (WHERE (NOT `yes`)) AS DOUBLE) / nullif(count(`dec`) FILTER (WHERE (NOT `yes`)), 0)) AS `c`, sum(CAST(`yes` AS INT)) AS `d`
FROM `edges`

-- SELECT string_agg(DISTINCT word, ',' ORDER BY word) AS a, count(DISTINCT tiny) AS b FROM edges
-- refused: string_agg(...) beside DISTINCT at `string_agg` (compute one of them in a subquery)

-- SELECT yes AND n > 3 AS a, yes OR NULL AS b, NOT yes AS c, yes IS TRUE AS d, yes IS NOT TRUE AS e, yes = true AS f, yes IS NULL AS g FROM edges
SELECT (`yes` AND (`n` > 3)) AS `a`, (`yes` OR CAST(NULL AS BOOLEAN)) AS `b`, (NOT `yes`) AS `c`, (CAST(`yes` AS BOOLEAN) IS NOT DISTINCT FROM TRUE) AS `d`, (CAST(`yes` AS BOOLEAN) IS DISTINCT FROM TRUE) AS `e`, (`yes` = TRUE) AS `f`, (`yes` IS NULL) AS `g`
FROM `edges`

-- SELECT n FROM edges WHERE yes
SELECT `n`
FROM `edges`
WHERE `yes`

-- SELECT n FROM edges WHERE n
-- refused: a condition of INTEGER at `n` (compare it with something)

-- SELECT n FROM edges WHERE tiny = '7'
-- refused: a comparison of TINYINT with VARCHAR at `=` (cast one of them)

-- SELECT n FROM edges WHERE word = 7
-- refused: a comparison of VARCHAR with INTEGER at `=` (cast one of them)

-- SELECT n FROM edges WHERE NOT (tiny > 0 OR word IS NULL) AND n BETWEEN 1 AND 50
SELECT `n`
FROM `edges`
WHERE ((NOT ((`tiny` > 0) OR (`word` IS NULL))) AND (`n` >= 1 AND `n` <= 50))

-- SELECT * FROM (VALUES (1, 'a', 1.5), (2, NULL, 2), (NULL, 'c', NULL)) t(a, b, c)
SELECT *
FROM (SELECT *
FROM (VALUES (1, 'a', CAST(CAST('1.5' AS DECIMAL(2,1)) AS DECIMAL(11,1))), (2, NULL, CAST(2 AS DECIMAL(11,1))), (NULL, 'c', NULL)) AS `valueslist`(`col0`, `col1`, `col2`)) AS `t`(`a`, `b`, `c`)

-- SELECT * FROM (VALUES (1, 'a'), (2, 'b'))
SELECT *
FROM (SELECT *
FROM (VALUES (1, 'a'), (2, 'b')) AS `valueslist`(`col0`, `col1`))

-- SELECT * FROM (VALUES (1), (2.5), (NULL)) t(a)
SELECT *
FROM (SELECT *
FROM (VALUES (CAST(1 AS DECIMAL(11,1))), (CAST(CAST('2.5' AS DECIMAL(2,1)) AS DECIMAL(11,1))), (NULL)) AS `valueslist`(`col0`)) AS `t`(`a`)

-- SELECT * FROM (VALUES ('a'), (1)) t(a)
-- refused: VARCHAR where  is meant at `'a'` (cast it)

-- SELECT 1 AS a, NULL AS b
SELECT 1 AS `a`, NULL AS `b`

-- SELECT 1 AS a, 'x' AS b WHERE 1 = 2
SELECT 1 AS `a`, 'x' AS `b`
WHERE (1 = 2)

-- SELECT a FROM (SELECT 1 AS a UNION ALL SELECT NULL) ORDER BY a NULLS FIRST
SELECT `a`
FROM ((SELECT 1 AS `a`)
UNION ALL
(SELECT NULL AS `NULL`))
ORDER BY `a` ASC NULLS FIRST

-- PIVOT (SELECT tiny, coalesce(word, 'none') AS w, n FROM edges) ON w IN ('', 'abc', '-7') USING count(*) GROUP BY tiny
SELECT *
FROM (SELECT `tiny`, count(*) FILTER (WHERE `w` = '') AS ``, count(*) FILTER (WHERE `w` = 'abc') AS `abc`, count(*) FILTER (WHERE `w` = '-7') AS `-7`
FROM (SELECT `tiny`, coalesce(`word`, 'none') AS `w`, `n`
FROM `edges`)
GROUP BY `tiny`)

-- PIVOT (SELECT tiny, word, n FROM edges) ON word IN ('0012', '-7') USING max(n) GROUP BY tiny
SELECT *
FROM (SELECT `tiny`, max(`n`) FILTER (WHERE `word` = '0012') AS `0012`, max(`n`) FILTER (WHERE `word` = '-7') AS `-7`
FROM (SELECT `tiny`, `word`, `n`
FROM `edges`)
GROUP BY `tiny`)

-- PIVOT edges ON n IN (1, 2) USING sum(tiny) GROUP BY yes
-- refused: PIVOT on what is not a text at `PIVOT`

-- PIVOT (SELECT tiny, word, n FROM edges) ON word IN ('0012') USING max(n) AS m, min(n) AS k GROUP BY tiny
-- refused: PIVOT of several columns or aggregates at `PIVOT`

-- UNPIVOT (SELECT n, tiny::INT AS a, n AS b FROM edges) ON a, b INTO NAME k VALUE v
SELECT *
FROM (SELECT * FROM (SELECT `n`, CAST(`tiny` AS INT) AS `a`, `n` AS `b`
FROM `edges`)
UNPIVOT (`v` FOR `k` IN (`a`, `b`)))

-- UNPIVOT INCLUDE NULLS (SELECT n, word, upper(word) AS u FROM edges) ON word, u INTO NAME k VALUE v
-- refused: syntax error at or near "SELECT" at `UNPIVOT INCLUDE NULLS (SELECT n, word, upper(word) AS u FROM edges) ON word, u INTO NAME k VALUE v`

-- UNPIVOT (SELECT n, word, x FROM edges) ON COLUMNS(* EXCLUDE n) INTO NAME k VALUE v
-- refused: UNPIVOT of an expression at `UNPIVOT` (name the columns)

-- SELECT x: n, y: upper(word) FROM edges
SELECT `n` AS `x`, CASE WHEN `word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`word`) END AS `y`
FROM `edges`

-- FROM edges SELECT n WHERE n < 3
SELECT `n`
FROM `edges`
WHERE (`n` < 3)

-- SELECT n, t.m FROM edges, LATERAL (SELECT edges.n * 2 AS m) t
-- refused: LATERAL: a subquery of FROM that names another relation at `LATERAL` (join with a GROUP BY, or use a window)

-- SELECT (n, tiny) AS r FROM edges
-- refused: a row without names here at `(` (use {'a': x, 'b': y})

-- SELECT e FROM edges e
-- refused: "e", which is a relation, as a value at `e` (name its columns)

-- SELECT n FROM edges AS OF edges
-- refused: syntax error at or near "edges" at `SELECT n FROM edges AS OF edges`

-- SELECT lakebook FROM nowhere
-- refused: "nowhere" at `nowhere` (read files in a cell of its own, which runs on DuckDB)

-- SELECT n.x FROM edges n
SELECT `n`.`x`
FROM `edges` AS `n`

-- SELECT edges.n, edges.word FROM edges
SELECT `edges`.`n`, `edges`.`word`
FROM `edges`

-- SELECT max(n) - min(n) AS a, max(n) * 1.0 / count(*) AS b, round(avg(n), 2) AS c, sum(n) / sum(tiny) AS d FROM edges
SELECT (max(`n`) - min(`n`)) AS `a`, (CASE WHEN CAST(count(*) AS DOUBLE) <> 0D THEN CAST((max(`n`) * CAST('1.0' AS DECIMAL(2,1))) AS DOUBLE) / CAST(count(*) AS DOUBLE) ELSE CAST((max(`n`) * CAST('1.0' AS DECIMAL(2,1))) AS DOUBLE) * power(CAST(count(*) AS DOUBLE), -1D) END) AS `b`, if(abs((CAST(sum(`n`) AS DOUBLE) / nullif(count(`n`), 0))) < 1E298D, round((CAST(sum(`n`) AS DOUBLE) / nullif(count(`n`), 0)) * 1E2D, 0) / 1E2D, (CAST(sum(`n`) AS DOUBLE) / nullif(count(`n`), 0))) AS `c`, (CASE WHEN CAST(sum(`tiny`) AS DOUBLE) <> 0D THEN CAST(sum(`n`) AS DOUBLE) / CAST(sum(`tiny`) AS DOUBLE) ELSE CAST(sum(`n`) AS DOUBLE) * power(CAST(sum(`tiny`) AS DOUBLE), -1D) END) AS `d`
FROM `edges`

-- SELECT tiny, sum(n) AS s, s * 1.0 / sum(s) OVER () AS share FROM edges GROUP BY tiny
SELECT `tiny`, sum(`n`) AS `s`, (CASE WHEN CAST(sum(sum(`n`)) OVER () AS DOUBLE) <> 0D THEN CAST((sum(`n`) * CAST('1.0' AS DECIMAL(2,1))) AS DOUBLE) / CAST(sum(sum(`n`)) OVER () AS DOUBLE) ELSE CAST((sum(`n`) * CAST('1.0' AS DECIMAL(2,1))) AS DOUBLE) * power(CAST(sum(sum(`n`)) OVER () AS DOUBLE), -1D) END) AS `share`
FROM `edges`
GROUP BY `tiny`

-- SELECT if(n > 5, 'big', 'small') AS size, count(*) AS c FROM edges GROUP BY size ORDER BY c
SELECT CASE WHEN (`n` > 5) THEN 'big' ELSE 'small' END AS `size`, count(*) AS `c`
FROM `edges`
GROUP BY CASE WHEN (`n` > 5) THEN 'big' ELSE 'small' END
ORDER BY `c` ASC NULLS LAST

-- SELECT CASE WHEN n < 10 THEN 'a' WHEN n < 20 THEN 'b' END AS k, sum(x) FILTER (x < 100 AND x > -100) AS s FROM edges GROUP BY k
SELECT CASE WHEN (`n` < 10) THEN 'a' WHEN (`n` < 20) THEN 'b' ELSE NULL END AS `k`, sum(`x`) FILTER (WHERE ((`x` < CAST(100 AS DOUBLE)) AND (`x` > CAST(-100 AS DOUBLE)))) AS `s`
FROM `edges`
GROUP BY CASE WHEN (`n` < 10) THEN 'a' WHEN (`n` < 20) THEN 'b' ELSE NULL END

-- SELECT 1 AS a, count(*) AS c FROM edges GROUP BY ()
SELECT 1 AS `a`, count(*) AS `c`
FROM `edges`
GROUP BY GROUPING SETS (())

-- SELECT 1 AS a FROM edges GROUP BY ()
SELECT 1 AS `a`
FROM `edges`
GROUP BY GROUPING SETS (())

-- SELECT sum(n) AS s FROM edges HAVING sum(n) > 5
SELECT sum(`n`) AS `s`
FROM `edges`
HAVING (sum(`n`) > 5)

-- SELECT 1 AS a FROM edges HAVING count(*) > 1000
SELECT 1 AS `a`
FROM `edges`
HAVING (count(*) > 1000)

-- SELECT tiny, sum(n) OVER (ORDER BY tiny) AS a, count(*) OVER (ORDER BY tiny, yes) AS b, max(n) OVER (PARTITION BY yes ORDER BY tiny DESC NULLS FIRST) AS c FROM edges
SELECT `tiny`, sum(`n`) OVER (ORDER BY `tiny` ASC NULLS LAST) AS `a`, count(*) OVER (ORDER BY `tiny` ASC NULLS LAST, `yes` ASC NULLS LAST) AS `b`, max(`n`) OVER (PARTITION BY `yes` ORDER BY `tiny` DESC NULLS FIRST) AS `c`
FROM `edges`

-- SELECT tiny, rank() OVER (ORDER BY tiny NULLS FIRST) AS a, dense_rank() OVER (ORDER BY yes DESC, tiny) AS b FROM edges
SELECT `tiny`, rank() OVER (ORDER BY `tiny` ASC NULLS FIRST) AS `a`, dense_rank() OVER (ORDER BY `yes` DESC NULLS LAST, `tiny` ASC NULLS LAST) AS `b`
FROM `edges`

-- SELECT n FROM edges INTERSECT ALL SELECT tiny FROM edges
(SELECT `n`
FROM `edges`)
INTERSECT ALL
(SELECT `tiny`
FROM `edges`)

-- SELECT coalesce(word, 'all') AS w, yes, count(*) AS c FROM edges GROUP BY ROLLUP (word, yes)
SELECT coalesce(`word`, 'all') AS `w`, `yes`, count(*) AS `c`
FROM `edges`
GROUP BY GROUPING SETS ((), (`word`), (`word`, `yes`))

-- SELECT tiny, arg_max(n, x ORDER BY n) AS a FROM edges GROUP BY tiny
-- refused: arg_max() with ORDER BY at `arg_max` (give several keys as a row: (a, b))

-- SELECT tiny, list(DISTINCT yes ORDER BY n) AS a FROM edges GROUP BY tiny
-- refused: list(DISTINCT ...) in another order than its own at `list`

-- SELECT tiny, count(*) AS c FROM edges GROUP BY tiny ORDER BY count(*) DESC, tiny
SELECT `tiny`, count(*) AS `c`
FROM `edges`
GROUP BY `tiny`
ORDER BY count(*) DESC NULLS LAST, `tiny` ASC NULLS LAST

-- SELECT a.n FROM edges a SEMI JOIN (SELECT * FROM edges WHERE n > 100) b ON a.tiny = b.tiny
SELECT `a`.`n`
FROM `edges` AS `a`
LEFT SEMI JOIN (SELECT *
FROM `edges`
WHERE (`n` > 100)) AS `b` ON (`a`.`tiny` = `b`.`tiny`)

-- SELECT a.n FROM edges a, edges b, edges c WHERE a.n = b.n AND b.n = c.n + 1
SELECT `a`.`n`
FROM `edges` AS `a`
CROSS JOIN `edges` AS `b`
CROSS JOIN `edges` AS `c`
WHERE ((`a`.`n` = `b`.`n`) AND (`b`.`n` = (`c`.`n` + 1)))

-- SELECT a.n FROM edges a JOIN (edges b JOIN edges c ON b.n = c.n) ON a.n = c.n + 1
SELECT `a`.`n`
FROM `edges` AS `a`
JOIN (`edges` AS `b`
JOIN `edges` AS `c` ON (`b`.`n` = `c`.`n`)) ON (`a`.`n` = (`c`.`n` + 1))

-- SELECT a.word AS x, b.word AS y FROM edges a JOIN edges b ON upper(a.word) = lower(b.word)
SELECT `a`.`word` AS `x`, `b`.`word` AS `y`
FROM `edges` AS `a`
JOIN `edges` AS `b` ON (CASE WHEN `a`.`word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`a`.`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`a`.`word`) END = CASE WHEN `b`.`word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`b`.`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`b`.`word`) END)

-- SELECT x, y FROM (SELECT n AS x, tiny AS y FROM edges) q(p, r) WHERE p > 3
-- refused: a query that DuckDB does not accept at `SELECT x, y FROM (SELECT n AS x, tiny AS y FROM edges) q(p, r) WHERE p > 3`

-- SELECT p, r FROM (SELECT n AS x, tiny AS y FROM edges) q(p, r) WHERE p > 3
SELECT `p`, `r`
FROM (SELECT `n` AS `x`, `tiny` AS `y`
FROM `edges`) AS `q`(`p`, `r`)
WHERE (`p` > 3)

-- SELECT CASE WHEN n = 0 THEN NULL WHEN n = 1 THEN 'a' ELSE word END AS a, CASE n WHEN 1 THEN 2.5 WHEN 2 THEN 1e0 ELSE n END AS b FROM edges
SELECT CASE WHEN (`n` = 0) THEN NULL WHEN (`n` = 1) THEN 'a' ELSE `word` END AS `a`, CASE WHEN (`n` = 1) THEN CAST(CAST('2.5' AS DECIMAL(2,1)) AS DECIMAL(11,1)) WHEN (`n` = 2) THEN CAST(CAST(round(1E0D * 1E1D) AS DECIMAL(38,0)) / CAST('10' AS DECIMAL(2,0)) AS DECIMAL(11,1)) ELSE CAST(`n` AS DECIMAL(11,1)) END AS `b`
FROM `edges`

-- SELECT n, day + n AS a, day - n AS b, (day + 1)::TIMESTAMP - INTERVAL 1 SECOND AS c FROM edges
SELECT `n`, date_add(`day`, CAST(`n` AS INT)) AS `a`, date_sub(`day`, CAST(`n` AS INT)) AS `b`, (CAST(date_add(`day`, CAST(1 AS INT)) AS TIMESTAMP_NTZ) - INTERVAL '1' SECOND) AS `c`
FROM `edges`

-- SELECT n, NOT (word LIKE 'a%') AS a, (word LIKE 'a%') IS NULL AS b, word LIKE NULL AS c FROM edges
SELECT `n`, (NOT (`word` LIKE 'a%')) AS `a`, ((`word` LIKE 'a%') IS NULL) AS `b`, (`word` LIKE NULL ESCAPE '\u0001') AS `c`
FROM `edges`

-- SELECT * FROM edges e WHERE e.n = (SELECT min(n) FROM edges WHERE tiny = 7)
SELECT *
FROM `edges` AS `e`
WHERE (`e`.`n` = (SELECT min(`n`) AS `min(n)`
FROM `edges`
WHERE (`tiny` = 7)))

-- SELECT n FROM edges WHERE n % 7 = 0 AND (SELECT count(*) FROM edges) > 10
SELECT `n`
FROM `edges`
WHERE (((`n` % 7) = 0) AND ((SELECT count(*) AS `count_star()`
FROM `edges`) > 10))

-- SELECT min(n) AS a FROM edges WHERE FALSE
SELECT min(`n`) AS `a`
FROM `edges`
WHERE FALSE

-- SELECT word[1] AS a, word[1:1] AS b FROM edges
-- refused: x[...] of VARCHAR at `word`

-- SELECT n, sum(dec * n) AS a, round(sum(x) / count(*), 3) AS b FROM edges WHERE abs(x) < 10 GROUP BY n
SELECT `n`, sum((`dec` * `n`)) AS `a`, if(abs((CASE WHEN CAST(count(*) AS DOUBLE) <> 0D THEN sum(`x`) / CAST(count(*) AS DOUBLE) ELSE sum(`x`) * power(CAST(count(*) AS DOUBLE), -1D) END)) < 1E297D, round((CASE WHEN CAST(count(*) AS DOUBLE) <> 0D THEN sum(`x`) / CAST(count(*) AS DOUBLE) ELSE sum(`x`) * power(CAST(count(*) AS DOUBLE), -1D) END) * 1E3D, 0) / 1E3D, (CASE WHEN CAST(count(*) AS DOUBLE) <> 0D THEN sum(`x`) / CAST(count(*) AS DOUBLE) ELSE sum(`x`) * power(CAST(count(*) AS DOUBLE), -1D) END)) AS `b`
FROM `edges`
WHERE (abs(`x`) < CAST(10 AS DOUBLE))
GROUP BY `n`

-- SELECT round(dec * 1.21, 2) AS a, (dec * 100)::INT AS b, dec::INT::VARCHAR || '%' AS c FROM edges WHERE dec < 1000000
SELECT CAST(round((`dec` * CAST('1.21' AS DECIMAL(3,2))), 2) AS DECIMAL(15,2)) AS `a`, CAST(round((`dec` * 100), 0) AS INT) AS `b`, (CAST(CAST(round(`dec`, 0) AS INT) AS STRING) || '%') AS `c`
FROM `edges`
WHERE (`dec` < 1000000)

-- SELECT strftime(date_trunc('month', t), '%Y-%m') AS m, count(*) AS c FROM edges GROUP BY m ORDER BY m
SELECT CASE WHEN year(CAST(date_trunc('month', `t`) AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(date_trunc('month', `t`) AS TIMESTAMP_NTZ), 'yyyy-MM') END AS `m`, count(*) AS `c`
FROM `edges`
GROUP BY CASE WHEN year(CAST(date_trunc('month', `t`) AS TIMESTAMP_NTZ)) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE date_format(CAST(date_trunc('month', `t`) AS TIMESTAMP_NTZ), 'yyyy-MM') END
ORDER BY `m` ASC NULLS LAST

-- SELECT +1 AS k, n FROM edges ORDER BY +1
-- refused: ORDER BY of a constant at `ORDER`

-- SELECT n + 0 AS a, count(*) AS c FROM edges GROUP BY n + 0, +1
-- refused: GROUP BY of a constant at `GROUP`

-- SELECT DISTINCT + 53 AS k FROM edges GROUP BY k
-- refused: GROUP BY of a constant at `GROUP`

-- SELECT covar_pop(n, tiny) AS a, covar_samp(n, 1) AS b, n AS c FROM edges GROUP BY n
SELECT covar_pop(CAST(`n` AS DOUBLE), CAST(`tiny` AS DOUBLE)) AS `a`, covar_samp(CAST(`n` AS DOUBLE), CAST(1 AS DOUBLE)) AS `b`, `n` AS `c`
FROM `edges`
GROUP BY `n`

-- SELECT DISTINCT tiny FROM edges ORDER BY tiny % 5
-- refused: ORDER BY of what DISTINCT leaves out at `ORDER` (select it too)

-- SELECT DISTINCT tiny + 1 AS t FROM edges ORDER BY tiny + 1
SELECT DISTINCT (`tiny` + 1) AS `t`
FROM `edges`
ORDER BY (`tiny` + 1) ASC NULLS LAST

-- SELECT count(*) AS c FROM edges GROUP BY GROUPING SETS ((), ())
-- refused: a grouping set that is there twice at `SELECT count(*) AS c FROM edges GROUP BY GROUPING SETS ((), ())`

-- SELECT tiny, count(*) AS c FROM edges GROUP BY GROUPING SETS ((tiny), (tiny))
-- refused: a grouping set that is there twice at `SELECT tiny, count(*) AS c FROM edges GROUP BY GROUPING SETS ((tiny), (tiny))`

-- SELECT count(*) AS c FROM edges GROUP BY GROUPING SETS (())
SELECT count(*) AS `c`
FROM `edges`
GROUP BY GROUPING SETS (())

-- WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL (WITH u AS (SELECT i FROM t) SELECT i + 1 FROM u WHERE i < 3)) SELECT i FROM t
-- refused: WITH inside of a recursive query at `WITH` (put it before)

-- SELECT n FROM edges WHERE NOT EXISTS (SELECT 1 FROM edges WHERE NULL)
SELECT `n`
FROM `edges`
WHERE (NOT EXISTS (SELECT 1 AS `1`
FROM `edges`
WHERE CAST(NULL AS BOOLEAN)))

-- SELECT rowid, n FROM edges
-- refused: rowid at `rowid` (a row has no number on a cluster)

-- SELECT n AS rowid FROM edges ORDER BY rowid
SELECT `n` AS `rowid`
FROM `edges`
ORDER BY `rowid` ASC NULLS LAST
