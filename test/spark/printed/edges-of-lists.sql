-- SELECT n, len(words) AS a, words[1] AS b, words[-1] AS c, words[9] AS d, nums[2] AS e, words[1:2] AS f, nums[2:9] AS g FROM edges
SELECT `n`, CAST(array_size(`words`) AS BIGINT) AS `a`, try_element_at(`words`, 1) AS `b`, try_element_at(`words`, -1) AS `c`, try_element_at(`words`, 9) AS `d`, try_element_at(`nums`, 2) AS `e`, slice(`words`, 1, 2) AS `f`, slice(`nums`, 2, 8) AS `g`
FROM `edges`

-- SELECT n, list_contains(words, 'a') AS a, list_contains(words, NULL) AS b, list_contains(words, word) AS c, list_contains(nums, 3) AS d, list_has(nums, tiny) AS e FROM edges
-- refused: list_contains() of NULL at `list_contains`

-- SELECT n, list_position(words, 'a') AS a, list_position(nums, 1) AS b, array_position(words, 'zz') AS c FROM edges
SELECT `n`, CAST(nullif(array_position(`words`, 'a'), 0) AS INT) AS `a`, CAST(nullif(array_position(`nums`, 1), 0) AS INT) AS `b`, CAST(nullif(array_position(`words`, 'zz'), 0) AS INT) AS `c`
FROM `edges`

-- SELECT n, array_to_string(words, ',') AS a, array_to_string(words, '') AS b FROM edges
SELECT `n`, CASE WHEN array_size(`words`) = 0 OR exists(`words`, x -> x IS NOT NULL) THEN array_join(`words`, ',') END AS `a`, CASE WHEN array_size(`words`) = 0 OR exists(`words`, x -> x IS NOT NULL) THEN array_join(`words`, '') END AS `b`
FROM `edges`

-- SELECT n, list_reverse(nums) AS a, array_length(nums) AS b, list_unique(words) AS c, list_min(nums) AS d, list_max(words) AS e, list_sum(nums) AS f, list_count(nums) AS g FROM edges
SELECT `n`, reverse(`nums`) AS `a`, CAST(array_size(`nums`) AS BIGINT) AS `b`, CAST(array_size(array_distinct(filter(`words`, x -> x IS NOT NULL))) AS BIGINT) AS `c`, array_min(`nums`) AS `d`, array_max(`words`) AS `e`, CASE WHEN array_size(filter(`nums`, x -> x IS NOT NULL)) > 0 THEN aggregate(filter(`nums`, x -> x IS NOT NULL), CAST(0 AS DECIMAL(38,0)), (a, x) -> CAST(a + x AS DECIMAL(38,0))) END AS `f`, CAST(array_size(filter(`nums`, x -> x IS NOT NULL)) AS BIGINT) AS `g`
FROM `edges`

-- SELECT n, list_transform(nums, lambda v: v * 2 + n) AS a, list_filter(nums, lambda v: v > 1) AS b, list_filter(words, lambda w: w IS NOT NULL) AS c, [v + 1 FOR v IN nums IF v > 0] AS d FROM edges
SELECT `n`, transform(`nums`, `v` -> ((`v` * 2) + `n`)) AS `a`, filter(`nums`, `v` -> (`v` > 1)) AS `b`, filter(`words`, `w` -> (`w` IS NOT NULL)) AS `c`, transform(filter(transform(`nums`, `v` -> named_struct('filter', (`v` > 0), 'result', (`v` + 1))), `elem` -> `elem`.`filter`), `elem` -> `elem`.`result`) AS `d`
FROM `edges`

-- SELECT n, list_transform(nums, lambda v, i: v + i) AS a FROM edges
-- refused: a lambda with several parameters at `list_transform`

-- SELECT n, unnest(nums) AS v FROM edges
SELECT `n`, explode(`nums`) AS `v`
FROM `edges`

-- SELECT e.n, u.v FROM edges e, unnest(e.nums) AS u(v) WHERE u.v > 0
SELECT `e`.`n`, `u`.`v`
FROM `edges` AS `e`
CROSS JOIN LATERAL explode(`e`.`nums`) AS `u`(`v`)
WHERE (`u`.`v` > 0)

-- SELECT e.n, u.v FROM edges e LEFT JOIN unnest(e.words) AS u(v) ON true
SELECT `e`.`n`, `u`.`v`
FROM `edges` AS `e`
LEFT JOIN LATERAL explode(`e`.`words`) AS `u`(`v`) ON TRUE

-- SELECT n, unnest(nums) AS v, unnest(words) AS w FROM edges
-- refused: unnest() inside of an expression, or twice at `unnest` (unnest in a subquery, each in one of its own)

-- SELECT v, count(*) AS k, sum(n) AS s FROM (SELECT n, unnest(nums) AS v FROM edges) GROUP BY v
SELECT `v`, count(*) AS `k`, sum(`n`) AS `s`
FROM (SELECT `n`, explode(`nums`) AS `v`
FROM `edges`)
GROUP BY `v`

-- SELECT n, [n, tiny] AS a, ['x', word] AS b, [n, 1.5] AS c, [NULL, n] AS d, [[n], [2]] AS e FROM edges
SELECT `n`, array(`n`, `tiny`) AS `a`, array('x', `word`) AS `b`, array(CAST(`n` AS DECIMAL(11,1)), CAST(CAST('1.5' AS DECIMAL(2,1)) AS DECIMAL(11,1))) AS `c`, array(NULL, `n`) AS `d`, array(array(`n`), array(2)) AS `e`
FROM `edges`

-- SELECT n, {'a': n, 'b': {'c': word}} AS a, {'x': tiny}.x AS b, struct_pack(k := dec) AS c FROM edges
SELECT `n`, named_struct('a', `n`, 'b', named_struct('c', `word`)) AS `a`, named_struct('x', `tiny`).`x` AS `b`, named_struct('k', `dec`) AS `c`
FROM `edges`

-- SELECT n, MAP {'a': n, 'b': tiny} AS a, MAP {'a': n}['a'] AS b, MAP {'a': n}['z'] AS c, cardinality(MAP {'q': 1}) AS d, map_keys(MAP {'q': 1}) AS e FROM edges
SELECT `n`, map('a', `n`, 'b', `tiny`) AS `a`, try_element_at(map('a', `n`), 'a') AS `b`, try_element_at(map('a', `n`), 'z') AS `c`, CAST(size(map('q', 1)) AS BIGINT) AS `d`, map_keys(map('q', 1)) AS `e`
FROM `edges`

-- SELECT n, nums = [3, NULL, 1] AS a, words = ['b', 'a', 'a'] AS b, nums <> [2] AS c FROM edges
SELECT `n`, (`nums` = array(3, NULL, 1)) AS `a`, (`words` = array('b', 'a', 'a')) AS `b`, (`nums` <> array(2)) AS `c`
FROM `edges`

-- SELECT n, nums < [3] AS a FROM edges
-- refused: a comparison of lists at `<` (compare their elements)

-- SELECT n FROM edges ORDER BY nums, n
-- refused: ORDER BY of LIST at `ORDER` (order by its parts)

-- SELECT nums, count(*) AS k FROM edges GROUP BY nums
-- refused: GROUP BY of LIST at `GROUP` (group by its parts)

-- SELECT DISTINCT nums FROM edges
SELECT DISTINCT `nums`
FROM `edges`

-- SELECT n, list_sort(nums) AS a FROM edges
SELECT `n`, array_sort(`nums`) AS `a`
FROM `edges`

-- SELECT n, range(tiny) AS a, generate_series(1, tiny) AS b, range(1, 10, 3) AS c, range(5, 5) AS d FROM edges WHERE tiny < 10
SELECT `n`, CASE WHEN 0L >= CAST(`tiny` AS BIGINT) THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(0L, CAST(`tiny` AS BIGINT) - 1, 1L) END AS `a`, CASE WHEN 1L > CAST(`tiny` AS BIGINT) THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(1L, CAST(`tiny` AS BIGINT), 1L) END AS `b`, CASE WHEN 1L >= 10L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(1L, 10L - 1, 3L) END AS `c`, CASE WHEN 5L >= 5L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(5L, 5L - 1, 1L) END AS `d`
FROM `edges`
WHERE (`tiny` < 10)

-- SELECT n, range(10, 1, -3) AS a FROM edges
-- refused: range() with a step that is not a number from 1 at `range` (write the number)

-- SELECT * FROM range(3) t(i)
SELECT *
FROM (SELECT explode(CASE WHEN 0L >= 3L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(0L, 3L - 1, 1L) END) AS `i`) AS `t`

-- SELECT i, j FROM range(3) a(i), generate_series(1, 2) b(j)
SELECT `i`, `j`
FROM (SELECT explode(CASE WHEN 0L >= 3L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(0L, 3L - 1, 1L) END) AS `i`) AS `a`
CROSS JOIN (SELECT explode(CASE WHEN 1L > 2L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(1L, 2L, 1L) END) AS `j`) AS `b`

-- SELECT tiny, list(n ORDER BY n DESC) AS a, list(word ORDER BY word NULLS FIRST, n) AS b, list(DISTINCT word ORDER BY word) AS c, array_agg(x ORDER BY n) AS d FROM edges GROUP BY tiny
SELECT `tiny`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `n`, 'k0', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 > b.k0 THEN -1 WHEN a.k0 < b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `a`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `word`, 'k0', `word`, 'k1', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN -1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN 1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 WHEN a.k1 IS NULL AND b.k1 IS NOT NULL THEN 1 WHEN b.k1 IS NULL AND a.k1 IS NOT NULL THEN -1 WHEN a.k1 < b.k1 THEN -1 WHEN a.k1 > b.k1 THEN 1 ELSE 0 END), e -> e.v) END) AS `b`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_set(named_struct('v', `word`, 'k0', `word`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `c`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `x`, 'k0', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `d`
FROM `edges`
GROUP BY `tiny`

-- SELECT list(n ORDER BY n) FILTER (WHERE n < 5) AS a, list(n ORDER BY n) FILTER (WHERE n < 0) AS b FROM edges
SELECT (CASE WHEN count(*) FILTER (WHERE (`n` < 5)) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `n`, 'k0', `n`)) FILTER (WHERE (`n` < 5)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `a`, (CASE WHEN count(*) FILTER (WHERE (`n` < 0)) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `n`, 'k0', `n`)) FILTER (WHERE (`n` < 0)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `b`
FROM `edges`

-- SELECT tiny, list(n) AS a FROM edges GROUP BY tiny
-- refused: list() without ORDER BY at `list` (the order of the rows is not defined on a cluster: write list(x ORDER BY ...))

-- SELECT tiny, list({'n': n, 'w': word} ORDER BY n) AS a FROM edges GROUP BY tiny
SELECT `tiny`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', named_struct('n', `n`, 'w', `word`), 'k0', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `a`
FROM `edges`
GROUP BY `tiny`

-- SELECT n, words IS NULL AS a, len(words) IS NULL AS b, coalesce(words, ['none']) AS c, CASE WHEN yes THEN words END AS d FROM edges
SELECT `n`, (`words` IS NULL) AS `a`, (CAST(array_size(`words`) AS BIGINT) IS NULL) AS `b`, coalesce(`words`, array('none')) AS `c`, CASE WHEN `yes` THEN `words` ELSE NULL END AS `d`
FROM `edges`

-- SELECT tiny, first(n ORDER BY n) AS a, last(word ORDER BY n) AS b, first(n ORDER BY x DESC NULLS LAST, n DESC) AS c, any_value(word ORDER BY n DESC) AS d, first(word ORDER BY day, n) AS e FROM edges GROUP BY tiny
SELECT `tiny`, min_by(`n`, struct(`n` IS NULL, `n`)) AS `a`, max_by(`word`, struct(`n` IS NULL, `n`)) AS `b`, max_by(`n`, struct(`x` IS NOT NULL, `x`, `n` IS NOT NULL, `n`)) AS `c`, max_by(`word`, struct(`n` IS NOT NULL, `n`)) FILTER (WHERE `word` IS NOT NULL) AS `d`, min_by(`word`, struct(`day` IS NULL, `day`, `n` IS NULL, `n`)) AS `e`
FROM `edges`
GROUP BY `tiny`

-- SELECT tiny, arg_max(n, (x, n)) AS a, arg_min(word, (dec, n)) AS b, arg_max_null(word, (day, n)) AS c, max_by(word, n) AS d, min_by(n, -n) AS e FROM edges GROUP BY tiny
SELECT `tiny`, max_by(`n`, struct(`x` IS NULL, `x`, `n` IS NULL, `n`)) FILTER (WHERE `n` IS NOT NULL) AS `a`, min_by(`word`, struct(`dec` IS NULL, `dec`, `n` IS NULL, `n`)) FILTER (WHERE `word` IS NOT NULL) AS `b`, max_by(`word`, struct(`day` IS NULL, `day`, `n` IS NULL, `n`)) AS `c`, max_by(`word`, `n`) FILTER (WHERE `word` IS NOT NULL) AS `d`, min_by(`n`, (- `n`)) FILTER (WHERE `n` IS NOT NULL) AS `e`
FROM `edges`
GROUP BY `tiny`

-- SELECT tiny, arg_max(n, x, 2) AS a, max(n, 2) AS b FROM edges GROUP BY tiny
-- refused: arg_max() of the n best at `arg_max`
-- refused: max() of the n best at `max`

-- SELECT n AS v, list_transform(nums, lambda v: v + 1) AS w FROM edges
SELECT `n` AS `v`, transform(`nums`, `v` -> (`v` + 1)) AS `w`
FROM `edges`

-- SELECT list_transform(nums, lambda e: e + 1) AS a, list_filter(nums, lambda n: n > 1) AS b FROM edges e
SELECT transform(`nums`, `e` -> (`e` + 1)) AS `a`, filter(`nums`, `n` -> (`n` > 1)) AS `b`
FROM `edges` AS `e`

-- SELECT n, list_contains(words, 'a') AS a, list_contains(words, word) AS c, list_contains(nums, 3) AS d, list_has(nums, tiny) AS e FROM edges
SELECT `n`, coalesce(array_contains(`words`, 'a'), CASE WHEN `words` IS NULL OR 'a' IS NULL THEN NULL ELSE FALSE END) AS `a`, coalesce(array_contains(`words`, `word`), CASE WHEN `words` IS NULL OR `word` IS NULL THEN NULL ELSE FALSE END) AS `c`, coalesce(array_contains(`nums`, 3), CASE WHEN `nums` IS NULL OR 3 IS NULL THEN NULL ELSE FALSE END) AS `d`, coalesce(array_contains(`nums`, `tiny`), CASE WHEN `nums` IS NULL OR `tiny` IS NULL THEN NULL ELSE FALSE END) AS `e`
FROM `edges`
