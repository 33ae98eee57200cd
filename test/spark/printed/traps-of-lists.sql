-- SELECT n, nums[1] AS a, nums[-1] AS b, nums[n] AS c, nums[99] AS d, words[2] AS e, nums[tiny] AS f FROM edges
SELECT `n`, try_element_at(`nums`, 1) AS `a`, try_element_at(`nums`, -1) AS `b`, try_element_at(`nums`, nullif(CAST(`n` AS INT), 0)) AS `c`, try_element_at(`nums`, 99) AS `d`, try_element_at(`words`, 2) AS `e`, try_element_at(`nums`, nullif(CAST(`tiny` AS INT), 0)) AS `f`
FROM `edges`

-- SELECT n, nums[0] AS a FROM edges
-- refused: x[0] at `SELECT n, nums[0] AS a FROM edges` (places begin at 1)

-- SELECT n, nums[2:] AS a, nums[:2] AS b FROM edges
-- refused:  with a place that is not a number from 1 at `SELECT n, nums[2:] AS a, nums[:2] AS b FROM edges` (write the number)

-- SELECT n, nums[1:1] AS a, nums[2:9] AS b, nums[3:2] AS c, words[1:2] AS d FROM edges
SELECT `n`, slice(`nums`, 1, 1) AS `a`, slice(`nums`, 2, 8) AS `b`, slice(`nums`, 3, 0) AS `c`, slice(`words`, 1, 2) AS `d`
FROM `edges`

-- SELECT n, len(nums) AS a, len(words) AS b, array_length(words) AS c, len([]) AS d FROM edges
-- refused: an empty list at `len` (cast it: []::VARCHAR[])

-- SELECT n, len(nums) AS a, list_contains(nums, NULL) AS b FROM edges
-- refused: list_contains() of NULL at `list_contains`

-- SELECT n, len(nums) AS a, list_contains(nums, n) AS b, list_position(nums, 3) AS c, list_max(nums) AS d, list_sum(nums) AS e, list_min(words) AS f FROM edges
SELECT `n`, CAST(array_size(`nums`) AS BIGINT) AS `a`, coalesce(array_contains(`nums`, `n`), CASE WHEN `nums` IS NULL OR `n` IS NULL THEN NULL ELSE FALSE END) AS `b`, CAST(nullif(array_position(`nums`, 3), 0) AS INT) AS `c`, array_max(`nums`) AS `d`, CASE WHEN array_size(filter(`nums`, x -> x IS NOT NULL)) > 0 THEN aggregate(filter(`nums`, x -> x IS NOT NULL), CAST(0 AS DECIMAL(38,0)), (a, x) -> CAST(a + x AS DECIMAL(38,0))) END AS `e`, array_min(`words`) AS `f`
FROM `edges`

-- SELECT n, list_avg(nums) AS a FROM edges
-- refused: list_avg() at `list_avg`

-- SELECT n, list_sort(nums) AS a, list_sort(words, 'DESC') AS b, list_sort(nums, 'ASC', 'NULLS FIRST') AS c, list_reverse_sort(nums) AS d FROM edges
SELECT `n`, array_sort(`nums`) AS `a`, sort_array(`words`, false) AS `b`, sort_array(`nums`, true) AS `c`, sort_array(`nums`, false) AS `d`
FROM `edges`

-- SELECT n, list_sort(nums) AS a, list_sort(words, 'DESC') AS b, list_sort(nums, 'ASC', 'NULLS FIRST') AS c, list_sort(words, 'DESC', 'NULLS LAST') AS d, array_sort(words) AS e FROM edges
SELECT `n`, array_sort(`nums`) AS `a`, sort_array(`words`, false) AS `b`, sort_array(`nums`, true) AS `c`, sort_array(`words`, false) AS `d`, array_sort(`words`) AS `e`
FROM `edges`

-- SELECT n, list_transform(words, lambda w: coalesce(w, '-') || n) AS a, list_filter(nums, lambda v: v > 1 OR v IS NULL) AS b, [x * 2 FOR x IN nums] AS c FROM edges
SELECT `n`, transform(`words`, `w` -> (coalesce(`w`, '-') || `n`)) AS `a`, filter(`nums`, `v` -> ((`v` > 1) OR (`v` IS NULL))) AS `b`, transform(`nums`, `x` -> (`x` * 2)) AS `c`
FROM `edges`

-- SELECT n, list_transform(nums, lambda v: v / 2) AS a, list_transform(nums, lambda v: v // 2) AS b, list_transform(nums, lambda v: v % 2 = 0) AS c FROM edges
SELECT `n`, transform(`nums`, `v` -> (CAST(`v` AS DOUBLE) / CAST(2 AS DOUBLE))) AS `a`, transform(`nums`, `v` -> CAST(`v` DIV 2 AS INT)) AS `b`, transform(`nums`, `v` -> ((`v` % 2) = 0)) AS `c`
FROM `edges`

-- SELECT n, list_append(nums, 1) AS a FROM edges
-- refused: list_append() at `list_append`

-- SELECT n, list_concat(nums, [1]) AS a FROM edges
-- refused: list_concat() at `list_concat` (the engines treat NULL differently)

-- SELECT n, array_to_string(words, '-') AS a, array_to_string(list_transform(nums, lambda v: v::VARCHAR), ',') AS b FROM edges
SELECT `n`, CASE WHEN array_size(`words`) = 0 OR exists(`words`, x -> x IS NOT NULL) THEN array_join(`words`, '-') END AS `a`, CASE WHEN array_size(transform(`nums`, `v` -> CAST(`v` AS STRING))) = 0 OR exists(transform(`nums`, `v` -> CAST(`v` AS STRING)), x -> x IS NOT NULL) THEN array_join(transform(`nums`, `v` -> CAST(`v` AS STRING)), ',') END AS `b`
FROM `edges`

-- SELECT n, unnest(words) AS w FROM edges ORDER BY n
SELECT `n`, explode(`words`) AS `w`
FROM `edges`
ORDER BY `n` ASC NULLS LAST

-- SELECT e.n, u.w FROM edges e LEFT JOIN unnest(e.words) AS u(w) ON u.w <> 'a'
SELECT `e`.`n`, `u`.`w`
FROM `edges` AS `e`
LEFT JOIN LATERAL explode(`e`.`words`) AS `u`(`w`) ON (`u`.`w` <> 'a')

-- SELECT e.n, count(u.w) AS c FROM edges e LEFT JOIN unnest(e.words) AS u(w) ON true GROUP BY e.n
SELECT `e`.`n`, count(`u`.`w`) AS `c`
FROM `edges` AS `e`
LEFT JOIN LATERAL explode(`e`.`words`) AS `u`(`w`) ON TRUE
GROUP BY `e`.`n`

-- SELECT w, count(*) AS c FROM (SELECT unnest(string_split(word, ' ')) AS w FROM edges) GROUP BY w ORDER BY c DESC, w
SELECT `w`, count(*) AS `c`
FROM (SELECT explode(split(`word`, ' ', -1)) AS `w`
FROM `edges`)
GROUP BY `w`
ORDER BY `c` DESC NULLS LAST, `w` ASC NULLS LAST

-- SELECT list(x ORDER BY x, n) AS a, list(- x ORDER BY x DESC, n) AS b FROM edges
SELECT (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `x`, 'k0', `x`, 'k1', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 WHEN a.k1 IS NULL AND b.k1 IS NOT NULL THEN 1 WHEN b.k1 IS NULL AND a.k1 IS NOT NULL THEN -1 WHEN a.k1 < b.k1 THEN -1 WHEN a.k1 > b.k1 THEN 1 ELSE 0 END), e -> e.v) END) AS `a`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', (- `x`), 'k0', `x`, 'k1', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 > b.k0 THEN -1 WHEN a.k0 < b.k0 THEN 1 WHEN a.k1 IS NULL AND b.k1 IS NOT NULL THEN 1 WHEN b.k1 IS NULL AND a.k1 IS NOT NULL THEN -1 WHEN a.k1 < b.k1 THEN -1 WHEN a.k1 > b.k1 THEN 1 ELSE 0 END), e -> e.v) END) AS `b`
FROM `edges`

-- SELECT tiny, list(n ORDER BY word, n) AS a, list(word ORDER BY n) FILTER (WHERE word <> '') AS b, list(DISTINCT tiny ORDER BY tiny) AS c FROM edges GROUP BY tiny
SELECT `tiny`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `n`, 'k0', `word`, 'k1', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 WHEN a.k1 IS NULL AND b.k1 IS NOT NULL THEN 1 WHEN b.k1 IS NULL AND a.k1 IS NOT NULL THEN -1 WHEN a.k1 < b.k1 THEN -1 WHEN a.k1 > b.k1 THEN 1 ELSE 0 END), e -> e.v) END) AS `a`, (CASE WHEN count(*) FILTER (WHERE (`word` <> '')) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `word`, 'k0', `n`)) FILTER (WHERE (`word` <> '')), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `b`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_set(named_struct('v', `tiny`, 'k0', `tiny`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `c`
FROM `edges`
GROUP BY `tiny`

-- SELECT list(day ORDER BY day NULLS FIRST, n) AS a, list(DISTINCT yes ORDER BY yes) AS b, list(t ORDER BY n) AS c FROM edges
SELECT (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `day`, 'k0', `day`, 'k1', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN -1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN 1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 WHEN a.k1 IS NULL AND b.k1 IS NOT NULL THEN 1 WHEN b.k1 IS NULL AND a.k1 IS NOT NULL THEN -1 WHEN a.k1 < b.k1 THEN -1 WHEN a.k1 > b.k1 THEN 1 ELSE 0 END), e -> e.v) END) AS `a`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_set(named_struct('v', `yes`, 'k0', `yes`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `b`, (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `t`, 'k0', `n`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END) AS `c`
FROM `edges`

-- SELECT n, {'a': n, 'b': nums}.b[1] AS a, {'x': {'y': word}}.x.y AS b, struct_extract({'k': dec}, 'k') AS c, {'A': n}.a AS d FROM edges
SELECT `n`, try_element_at(named_struct('a', `n`, 'b', `nums`).`b`, 1) AS `a`, named_struct('x', named_struct('y', `word`)).`x`.`y` AS `b`, named_struct('k', `dec`).`k` AS `c`, named_struct('A', `n`).`a` AS `d`
FROM `edges`

-- SELECT n, {'a': n, 'b': NULL} AS a FROM edges
SELECT `n`, named_struct('a', `n`, 'b', NULL) AS `a`
FROM `edges`

-- SELECT n, {'a': n, 'b': NULL::INTEGER} AS a, {'a': x, 'd': day} AS b FROM edges
SELECT `n`, named_struct('a', `n`, 'b', CAST(NULL AS INT)) AS `a`, named_struct('a', `x`, 'd', `day`) AS `b`
FROM `edges`

-- SELECT n, {'a': n} = {'a': tiny} AS a FROM edges
-- refused: a comparison of STRUCT with STRUCT at `=` (compare its fields)

-- SELECT n, MAP {'a': n, 'b': tiny}['b'] AS a, map_keys(MAP {word: n}) AS b, MAP {n: word}[n] AS c, cardinality(MAP {'a': n}) AS d FROM edges WHERE word IS NOT NULL
SELECT `n`, try_element_at(map('a', `n`, 'b', `tiny`), 'b') AS `a`, map_keys(map(`word`, `n`)) AS `b`, try_element_at(map(`n`, `word`), `n`) AS `c`, CAST(size(map('a', `n`)) AS BIGINT) AS `d`
FROM `edges`
WHERE (`word` IS NOT NULL)

-- SELECT n, nums IS NULL AS a, nums = [] AS b, nums = [2, 2, -5] AS c, nums <> [3, NULL, 1] AS d, nums IN ([2, 2, -5]) AS e FROM edges
-- refused: an empty list at `=` (cast it: []::VARCHAR[])

-- SELECT n, nums IS NULL AS a, nums = [2, 2, -5] AS c, nums <> [3, NULL, 1] AS d FROM edges
SELECT `n`, (`nums` IS NULL) AS `a`, (`nums` = array(2, 2, -5)) AS `c`, (`nums` <> array(3, NULL, 1)) AS `d`
FROM `edges`

-- SELECT nums, count(*) AS c FROM edges GROUP BY nums
-- refused: GROUP BY of LIST at `GROUP` (group by its parts)

-- SELECT n, range(n % 5) AS a, range(2, n % 7) AS b, generate_series(n % 3, 5, 2) AS c, len(range(0)) AS d FROM edges
SELECT `n`, CASE WHEN 0L >= CAST((`n` % 5) AS BIGINT) THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(0L, CAST((`n` % 5) AS BIGINT) - 1, 1L) END AS `a`, CASE WHEN 2L >= CAST((`n` % 7) AS BIGINT) THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(2L, CAST((`n` % 7) AS BIGINT) - 1, 1L) END AS `b`, CASE WHEN CAST((`n` % 3) AS BIGINT) > 5L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(CAST((`n` % 3) AS BIGINT), 5L, 2L) END AS `c`, CAST(array_size(CASE WHEN 0L >= 0L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(0L, 0L - 1, 1L) END) AS BIGINT) AS `d`
FROM `edges`

-- SELECT i, i * i AS s FROM range(5) r(i)
SELECT `i`, (`i` * `i`) AS `s`
FROM (SELECT explode(CASE WHEN 0L >= 5L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(0L, 5L - 1, 1L) END) AS `i`) AS `r`

-- SELECT n, flatten([nums, nums]) AS a FROM edges
-- refused: flatten() at `flatten`

-- SELECT n, list_unique(nums) AS a, list_count(words) AS b, list_reverse(words) AS c, list_distinct(nums) AS d FROM edges
-- refused: list_distinct() at `list_distinct` (the order of the result is not defined: use list(DISTINCT x ORDER BY x))

-- SELECT n, list_aggregate(nums, 'max') AS a FROM edges
-- refused: list_aggregate() at `list_aggregate`

-- SELECT n, list_any_value(nums) AS a, list_first(nums) AS b FROM edges
-- refused: list_any_value() at `list_any_value`
-- refused: list_first() at `list_first`
