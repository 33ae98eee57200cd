-- SELECT o.id, c.country FROM orders o JOIN cities c ON o.city = c.city
SELECT `o`.`id`, `c`.`country`
FROM `orders` AS `o`
JOIN `cities` AS `c` ON (`o`.`city` = `c`.`city`)

-- SELECT id, country FROM orders LEFT JOIN cities USING (city)
SELECT `id`, `country`
FROM `orders`
LEFT JOIN `cities` USING (`city`)

-- SELECT * FROM orders FULL JOIN cities USING (city)
SELECT `id`, `customer`, `city`, `amount`, `ratio`, `qty`, `ts`, `tstz`, `d`, `status`, `tags`, `item`, `attrs`, `note`, `flag`, `country`, `pop`, `opened`, `lat`
FROM `orders`
FULL JOIN `cities` USING (`city`)

-- SELECT o.id FROM orders o SEMI JOIN cities c USING (city)
SELECT `o`.`id`
FROM `orders` AS `o`
LEFT SEMI JOIN `cities` AS `c` USING (`city`)

-- SELECT id FROM orders ANTI JOIN cities ON orders.city = cities.city
SELECT `id`
FROM `orders`
LEFT ANTI JOIN `cities` ON (`orders`.`city` = `cities`.`city`)

-- SELECT a.city, b.city AS other FROM cities a CROSS JOIN cities b WHERE a.pop > b.pop
SELECT `a`.`city`, `b`.`city` AS `other`
FROM `cities` AS `a`
CROSS JOIN `cities` AS `b`
WHERE (`a`.`pop` > `b`.`pop`)

-- SELECT e.uid, o.id FROM events e ASOF JOIN orders o ON e.uid = o.customer AND e.moment >= o.ts
-- refused: ASOF JOIN at `ASOF` (join on >= and keep the newest row with QUALIFY)

-- SELECT o.id, c.country FROM orders o JOIN cities c ON o.city = c.city AND o.amount > 10 WHERE c.pop > 1000000
SELECT `o`.`id`, `c`.`country`
FROM `orders` AS `o`
JOIN `cities` AS `c` ON ((`o`.`city` = `c`.`city`) AND (`o`.`amount` > 10))
WHERE (`c`.`pop` > 1000000)

-- SELECT id FROM orders WHERE city IN (SELECT city FROM cities WHERE country = 'ES')
SELECT `id`
FROM `orders`
WHERE (`city` IN (SELECT `city`
FROM `cities`
WHERE (`country` = 'ES')))

-- SELECT id FROM orders WHERE city NOT IN (SELECT city FROM cities WHERE city IS NOT NULL)
SELECT `id`
FROM `orders`
WHERE (NOT (`city` IN (SELECT `city`
FROM `cities`
WHERE (`city` IS NOT NULL))))

-- SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM cities c WHERE c.city = o.city AND c.pop > 2000000)
SELECT `id`
FROM `orders` AS `o`
WHERE EXISTS (SELECT 1 AS `1`
FROM `cities` AS `c`
WHERE ((`c`.`city` = `o`.`city`) AND (`c`.`pop` > 2000000)))

-- SELECT id, (SELECT max(amount) FROM orders) AS m, (SELECT country FROM cities c WHERE c.city = o.city) AS k FROM orders o
SELECT `id`, (SELECT max(`amount`) AS `max(amount)`
FROM `orders`) AS `m`, (SELECT `country`
FROM `cities` AS `c`
WHERE (`c`.`city` = `o`.`city`)) AS `k`
FROM `orders` AS `o`

-- SELECT id, amount > ALL (SELECT pop / 100000.0 FROM cities WHERE pop IS NOT NULL) AS big FROM orders
-- refused: ANY or ALL with a subquery at `>` (compare with max() or min() of the subquery)

-- SELECT city FROM orders UNION SELECT city FROM cities
(SELECT `city`
FROM `orders`)
UNION
(SELECT `city`
FROM `cities`)

-- SELECT city FROM orders UNION ALL SELECT city FROM cities
(SELECT `city`
FROM `orders`)
UNION ALL
(SELECT `city`
FROM `cities`)

-- SELECT city FROM orders EXCEPT SELECT city FROM cities
(SELECT `city`
FROM `orders`)
EXCEPT
(SELECT `city`
FROM `cities`)

-- SELECT city FROM orders INTERSECT SELECT city FROM cities
(SELECT `city`
FROM `orders`)
INTERSECT
(SELECT `city`
FROM `cities`)

-- SELECT id, city FROM orders UNION ALL BY NAME SELECT city, country FROM cities
(SELECT CAST(c0 AS BIGINT) AS `id`, CAST(c1 AS STRING) AS `city`, CAST(NULL AS STRING) AS `country` FROM (
SELECT `id`, `city`
FROM `orders`
) AS q(c0, c1))
UNION ALL
(SELECT CAST(NULL AS BIGINT) AS `id`, CAST(c0 AS STRING) AS `city`, CAST(c1 AS STRING) AS `country` FROM (
SELECT `city`, `country`
FROM `cities`
) AS q(c0, c1))

-- WITH a AS (SELECT city, sum(amount) AS s FROM orders GROUP BY city), b AS (SELECT *, rank() OVER (ORDER BY s DESC) AS r FROM a) SELECT * FROM b WHERE r <= 3
WITH `a` AS (
SELECT `city`, sum(`amount`) AS `s`
FROM `orders`
GROUP BY `city`
),
`b` AS (
SELECT *, rank() OVER (ORDER BY `s` DESC NULLS LAST) AS `r`
FROM `a`
)
SELECT *
FROM `b`
WHERE (`r` <= 3)

-- WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT n FROM t
WITH RECURSIVE `t`(`n`) AS (
SELECT 1 AS `1`
UNION ALL
SELECT (`n` + 1) AS `(n + 1)`
FROM `t`
WHERE (`n` < 10)
)
SELECT `n`
FROM `t`

-- WITH RECURSIVE t AS (SELECT 1 AS n, 'a' AS p UNION ALL SELECT n + 1, p || 'b' FROM t WHERE n < 5) SELECT * FROM t
WITH RECURSIVE `t` AS (
SELECT 1 AS `n`, 'a' AS `p`
UNION ALL
SELECT (`n` + 1) AS `(n + 1)`, (`p` || 'b') AS `(p || 'b')`
FROM `t`
WHERE (`n` < 5)
)
SELECT *
FROM `t`

-- FROM orders SELECT city, id WHERE qty > 3
SELECT `city`, `id`
FROM `orders`
WHERE (`qty` > 3)

-- FROM cities
SELECT *
FROM `cities`

-- SELECT * EXCLUDE (tags, attrs, item) FROM orders
SELECT `id`, `customer`, `city`, `amount`, `ratio`, `qty`, `ts`, `tstz`, `d`, `status`, `note`, `flag`
FROM `orders`

-- SELECT * REPLACE (upper(city) AS city, qty + 1 AS qty) FROM orders
SELECT `id`, `customer`, CASE WHEN `city` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`city`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`city`) END AS `city`, `amount`, `ratio`, (`qty` + 1) AS `qty`, `ts`, `tstz`, `d`, `status`, `tags`, `item`, `attrs`, `note`, `flag`
FROM `orders`

-- SELECT * RENAME (city AS town) FROM cities
SELECT `city` AS `town`, `country`, `pop`, `opened`, `lat`
FROM `cities`

-- SELECT o.* EXCLUDE (note), c.country FROM orders o LEFT JOIN cities c ON c.city = o.city
SELECT `o`.`id`, `o`.`customer`, `o`.`city`, `o`.`amount`, `o`.`ratio`, `o`.`qty`, `o`.`ts`, `o`.`tstz`, `o`.`d`, `o`.`status`, `o`.`tags`, `o`.`item`, `o`.`attrs`, `o`.`flag`, `c`.`country`
FROM `orders` AS `o`
LEFT JOIN `cities` AS `c` ON (`c`.`city` = `o`.`city`)

-- SELECT COLUMNS('^c') FROM cities
-- refused: COLUMNS(...) at `COLUMNS` (name the columns)

-- SELECT min(COLUMNS(*)) FROM cities
-- refused: COLUMNS(...) at `COLUMNS` (name the columns)

-- SELECT DISTINCT city, status FROM orders
SELECT DISTINCT `city`, `status`
FROM `orders`

-- SELECT DISTINCT ON (city) city, id, amount FROM orders ORDER BY city, amount DESC, id
SELECT `city`, `id`, `amount`
FROM `orders`
QUALIFY row_number() OVER (PARTITION BY `city` ORDER BY `city` ASC NULLS LAST, `amount` DESC NULLS LAST, `id` ASC NULLS LAST) = 1
ORDER BY `city` ASC NULLS LAST, `amount` DESC NULLS LAST, `id` ASC NULLS LAST

-- SELECT id, amount FROM orders ORDER BY amount, id LIMIT 10 OFFSET 5
SELECT `id`, `amount`
FROM `orders`
ORDER BY `amount` ASC NULLS LAST, `id` ASC NULLS LAST
LIMIT 10
OFFSET 5

-- SELECT id, city FROM orders ORDER BY city DESC NULLS FIRST, id DESC LIMIT 20
SELECT `id`, `city`
FROM `orders`
ORDER BY `city` DESC NULLS FIRST, `id` DESC NULLS LAST
LIMIT 20

-- SELECT id, city FROM orders ORDER BY city, id
SELECT `id`, `city`
FROM `orders`
ORDER BY `city` ASC NULLS LAST, `id` ASC NULLS LAST

-- SELECT x, y FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, y)
SELECT `x`, `y`
FROM (SELECT *
FROM (VALUES (1, 'a'), (2, 'b')) AS `valueslist`(`col0`, `col1`)) AS `t`(`x`, `y`)

-- SELECT qty + 1 AS q, q * 2 AS qq FROM orders
SELECT (`qty` + 1) AS `q`, ((`qty` + 1) * 2) AS `qq`
FROM `orders`

-- SELECT city AS c, count(*) AS n FROM orders WHERE c IS NOT NULL GROUP BY c HAVING n > 5
SELECT `city` AS `c`, count(*) AS `n`
FROM `orders`
WHERE (`city` IS NOT NULL)
GROUP BY `city`
HAVING (count(*) > 5)

-- SELECT c: city, n: count(*) FROM orders GROUP BY ALL
SELECT `city` AS `c`, count(*) AS `n`
FROM `orders`
GROUP BY `city`

-- SELECT #1, #2 FROM cities
-- refused: #1 at `#` (name the column)
-- refused: #2 at `#` (name the column)

-- SELECT 1 AS "Select", 2 AS "a b", 3 AS "ünï""q", 4 AS "back`tick"
SELECT 1 AS `Select`, 2 AS `a b`, 3 AS `ünï"q`, 4 AS `back``tick`
