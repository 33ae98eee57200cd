-- SELECT tags[1] AS a, tags[-1] AS b, len(tags) AS n, list_contains(tags, 'T0') AS c FROM orders
SELECT try_element_at(`tags`, 1) AS `a`, try_element_at(`tags`, -1) AS `b`, CAST(array_size(`tags`) AS BIGINT) AS `n`, coalesce(array_contains(`tags`, 'T0'), CASE WHEN `tags` IS NULL OR 'T0' IS NULL THEN NULL ELSE FALSE END) AS `c`
FROM `orders`

-- SELECT tags[1:2] AS s, list_sort(tags) AS o, list_distinct(tags) AS d, array_to_string(tags, ',') AS j FROM orders
-- refused: list_distinct() at `list_distinct` (the order of the result is not defined: use list(DISTINCT x ORDER BY x))

-- SELECT list_transform(tags, lambda t: lower(t) || '!') AS x, list_filter(tags, lambda t: t > 'T1') AS f FROM orders
SELECT transform(`tags`, `t` -> (CASE WHEN `t` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`t`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`t`) END || '!')) AS `x`, filter(`tags`, `t` -> (`t` > 'T1')) AS `f`
FROM `orders`

-- SELECT [upper(t) FOR t IN tags IF t <> 'T0'] AS x FROM orders
SELECT transform(filter(transform(`tags`, `t` -> named_struct('filter', (`t` <> 'T0'), 'result', CASE WHEN `t` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`t`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`t`) END)), `elem` -> `elem`.`filter`), `elem` -> `elem`.`result`) AS `x`
FROM `orders`

-- SELECT id, unnest(tags) AS tag FROM orders
SELECT `id`, explode(`tags`) AS `tag`
FROM `orders`

-- SELECT tag, count(*) AS n FROM (SELECT unnest(tags) AS tag FROM orders) GROUP BY tag ORDER BY n DESC, tag
SELECT `tag`, count(*) AS `n`
FROM (SELECT explode(`tags`) AS `tag`
FROM `orders`)
GROUP BY `tag`
ORDER BY `n` DESC NULLS LAST, `tag` ASC NULLS LAST

-- SELECT o.id, u.tag FROM orders o, unnest(o.tags) AS u(tag)
SELECT `o`.`id`, `u`.`tag`
FROM `orders` AS `o`
CROSS JOIN LATERAL explode(`o`.`tags`) AS `u`(`tag`)

-- SELECT o.id, u.tag FROM orders o LEFT JOIN unnest(o.tags) AS u(tag) ON true
SELECT `o`.`id`, `u`.`tag`
FROM `orders` AS `o`
LEFT JOIN LATERAL explode(`o`.`tags`) AS `u`(`tag`) ON TRUE

-- SELECT item.sku AS a, item['price'] AS b, struct_extract(item, 'sku') AS c, item.price * qty AS d FROM orders
SELECT `item`.`sku` AS `a`, `item`.`price` AS `b`, `item`.`sku` AS `c`, (`item`.`price` * CAST(`qty` AS DOUBLE)) AS `d`
FROM `orders`

-- SELECT {'a': id, 'b': {'c': city}} AS s, struct_pack(x := id, y := qty) AS p, row(id, city) AS r FROM orders
-- refused: a row without names here at `row` (use {'a': x, 'b': y})

-- SELECT attrs['w'] AS a, map_keys(attrs) AS k, map_values(attrs) AS v, cardinality(attrs) AS c FROM orders
SELECT try_element_at(`attrs`, 'w') AS `a`, map_keys(`attrs`) AS `k`, map_values(`attrs`) AS `v`, CAST(size(`attrs`) AS BIGINT) AS `c`
FROM `orders`

-- SELECT MAP {'a': id, 'b': id + 1} AS m FROM orders
SELECT map('a', `id`, 'b', (`id` + 1)) AS `m`
FROM `orders`

-- SELECT list_aggregate([qty, customer, 3], 'sum') AS s, list_sum([qty, customer]) AS ss, list_max([qty, 1]) AS m FROM orders
-- refused: list_aggregate() at `list_aggregate`

-- SELECT [1, 2, 3] || [qty] AS a, list_append(tags, 'z') AS b, list_concat(tags, ['q']) AS c, flatten([[1], [2, 3]]) AS f FROM orders
-- refused: || of lists at `||` (use list_transform, or unnest and list(x ORDER BY ...))
-- refused: list_append() at `list_append`
-- refused: list_concat() at `list_concat` (the engines treat NULL differently)
-- refused: flatten() at `flatten`

-- SELECT list_has_any(tags, ['T1']) AS a, list_position(tags, 'T1') AS p, list_reverse(tags) AS r, list_slice(tags, 1, 2) AS s FROM orders
-- refused: list_has_any() at `list_has_any`

-- SELECT item.* FROM orders
SELECT `item`.*
FROM `orders`

-- SELECT unnest(item) FROM orders
-- refused: unnest() of STRUCT at `unnest`

-- SELECT list_reduce([1, 2, qty], lambda a, b: a + b) AS r FROM orders
-- refused: list_reduce() at `list_reduce`

-- SELECT range(3) AS a, range(1, qty + 3) AS b, generate_series(1, 3) AS c FROM orders
SELECT CASE WHEN 0L >= 3L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(0L, 3L - 1, 1L) END AS `a`, CASE WHEN 1L >= CAST((`qty` + 3) AS BIGINT) THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(1L, CAST((`qty` + 3) AS BIGINT) - 1, 1L) END AS `b`, CASE WHEN 1L > 3L THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(1L, 3L, 1L) END AS `c`
FROM `orders`

-- SELECT customer, map(list(id ORDER BY id), list(status ORDER BY id)) AS m FROM orders GROUP BY customer
SELECT `customer`, map_from_arrays((CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `id`, 'k0', `id`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END), (CASE WHEN count(*) = 0 THEN NULL ELSE transform(array_sort(collect_list(named_struct('v', `status`, 'k0', `id`)), (a, b) -> CASE WHEN a.k0 IS NULL AND b.k0 IS NOT NULL THEN 1 WHEN b.k0 IS NULL AND a.k0 IS NOT NULL THEN -1 WHEN a.k0 < b.k0 THEN -1 WHEN a.k0 > b.k0 THEN 1 ELSE 0 END), e -> e.v) END)) AS `m`
FROM `orders`
GROUP BY `customer`

-- SELECT tags IS NULL AS a, len(tags) = 0 AS b, tags = ['T0'] AS c FROM orders
SELECT (`tags` IS NULL) AS `a`, (CAST(array_size(`tags`) AS BIGINT) = 0) AS `b`, (`tags` = array('T0')) AS `c`
FROM `orders`
