-- SELECT qty / 2 AS a, qty // 2 AS b, qty % 4 AS c, -qty AS d, qty * 1.5 AS e FROM orders
SELECT (CAST(`qty` AS DOUBLE) / CAST(2 AS DOUBLE)) AS `a`, CAST(`qty` DIV 2 AS INT) AS `b`, (`qty` % 4) AS `c`, (- `qty`) AS `d`, (`qty` * CAST('1.5' AS DECIMAL(2,1))) AS `e`
FROM `orders`

-- SELECT amount / 3 AS a, amount * ratio AS b, ratio / nullif(qty, 0) AS c, qty / 0 AS z FROM orders
SELECT (CAST(`amount` AS DOUBLE) / CAST(3 AS DOUBLE)) AS `a`, (CAST(`amount` AS DOUBLE) * `ratio`) AS `b`, (`ratio` / CAST(CASE WHEN `qty` = 0 THEN NULL ELSE `qty` END AS DOUBLE)) AS `c`, (CASE WHEN CAST(0 AS DOUBLE) <> 0D THEN CAST(`qty` AS DOUBLE) / CAST(0 AS DOUBLE) ELSE CAST(`qty` AS DOUBLE) * power(CAST(0 AS DOUBLE), -1D) END) AS `z`
FROM `orders`

-- SELECT ratio::INT AS a, amount::INT AS b, round(ratio) AS c, round(ratio, 1) AS d, floor(ratio) AS e, ceil(ratio) AS f, trunc(ratio) AS g FROM orders
SELECT CAST(rint(`ratio`) AS INT) AS `a`, CAST(round(`amount`, 0) AS INT) AS `b`, round(`ratio`, 0) AS `c`, if(abs(`ratio`) < 1E299D, round(`ratio` * 1E1D, 0) / 1E1D, `ratio`) AS `d`, (CASE WHEN abs(`ratio`) < 9E15D THEN CAST(floor(`ratio`) AS DOUBLE) ELSE `ratio` END) AS `e`, (CASE WHEN abs(`ratio`) < 9E15D THEN CAST(ceil(`ratio`) AS DOUBLE) ELSE `ratio` END) AS `f`, (CASE WHEN abs(`ratio`) < 9E15D THEN CAST(CASE WHEN `ratio` < 0D THEN ceil(`ratio`) ELSE floor(`ratio`) END AS DOUBLE) ELSE `ratio` END) AS `g`
FROM `orders`

-- SELECT round(amount, 1) AS a, round(amount) AS b, abs(amount) AS c, sign(ratio) AS d FROM orders
SELECT CAST(round(`amount`, 1) AS DECIMAL(10,1)) AS `a`, CAST(round(`amount`, 0) AS DECIMAL(10,0)) AS `b`, abs(`amount`) AS `c`, CAST(CASE WHEN isnan(`ratio`) THEN 0 ELSE sign(`ratio`) END AS TINYINT) AS `d`
FROM `orders`

-- SELECT sqrt(abs(ratio)) AS a, power(qty, 2) AS b, qty ** 3 AS bb, exp(1) AS c, ln(id) AS d, log10(id) AS e, log(id) AS f FROM orders
SELECT CASE WHEN abs(`ratio`) < 0D THEN raise_error('Lakebook: the square root of a negative number') ELSE sqrt(abs(`ratio`)) END AS `a`, power(CAST(`qty` AS DOUBLE), CAST(2 AS DOUBLE)) AS `b`, power(CAST(`qty` AS DOUBLE), CAST(3 AS DOUBLE)) AS `bb`, exp(CAST(1 AS DOUBLE)) AS `c`, CASE WHEN CAST(`id` AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE ln(CAST(`id` AS DOUBLE)) END AS `d`, CASE WHEN CAST(`id` AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE log10(CAST(`id` AS DOUBLE)) END AS `e`, CASE WHEN CAST(`id` AS DOUBLE) <= 0D THEN raise_error('Lakebook: the logarithm of zero or less') ELSE log10(CAST(`id` AS DOUBLE)) END AS `f`
FROM `orders`

-- SELECT id & 7 AS a, id | 8 AS b, xor(id, 5) AS c, id << 2 AS d FROM orders
-- refused: the operator << at `<`

-- SELECT 0.1 + 0.2 AS a, 1e3 AS b, 10 / 4 AS c, 7 // 2 AS d, 2 ^ 10 AS e, 5 % 3 AS f
SELECT (CAST('0.1' AS DECIMAL(2,1)) + CAST('0.2' AS DECIMAL(2,1))) AS `a`, 1E3D AS `b`, (CAST(10 AS DOUBLE) / CAST(4 AS DOUBLE)) AS `c`, CAST(7 DIV 2 AS INT) AS `d`, power(CAST(2 AS DOUBLE), CAST(10 AS DOUBLE)) AS `e`, (5 % 3) AS `f`

-- SELECT ratio::DECIMAL(8,3) AS a, amount::DOUBLE AS b, amount::VARCHAR AS c, qty::VARCHAR AS d, ratio::VARCHAR AS e FROM orders
-- refused: a text made from DOUBLE at `::` (round it to a DECIMAL first)

-- SELECT id::DOUBLE / 7 AS x, (id * 1000003)::BIGINT AS y, id::HUGEINT * id AS z FROM orders
SELECT (CAST(`id` AS DOUBLE) / CAST(7 AS DOUBLE)) AS `x`, CAST((`id` * 1000003) AS BIGINT) AS `y`, (CAST(`id` AS DECIMAL(38,0)) * `id`) AS `z`
FROM `orders`

-- SELECT width_bucket(ratio, 0, 10, 5) AS w FROM orders
-- refused: width_bucket() at `width_bucket`

-- SELECT CASE WHEN qty < 0 THEN 'neg' WHEN qty = 0 THEN 'zero' END AS c, CASE status WHEN 'new' THEN 1 WHEN 'paid' THEN 2 ELSE 0 END AS s FROM orders
SELECT CASE WHEN (`qty` < 0) THEN 'neg' WHEN (`qty` = 0) THEN 'zero' ELSE NULL END AS `c`, CASE WHEN (`status` = 'new') THEN 1 WHEN (`status` = 'paid') THEN 2 ELSE 0 END AS `s`
FROM `orders`

-- SELECT if(flag, 'y', 'n') AS a, flag IS TRUE AS b, flag IS NOT FALSE AS c, flag AND qty > 0 AS d, NOT flag AS e FROM orders
SELECT CASE WHEN `flag` THEN 'y' ELSE 'n' END AS `a`, (CAST(`flag` AS BOOLEAN) IS NOT DISTINCT FROM TRUE) AS `b`, (CAST(`flag` AS BOOLEAN) IS DISTINCT FROM FALSE) AS `c`, (`flag` AND (`qty` > 0)) AS `d`, (NOT `flag`) AS `e`
FROM `orders`

-- SELECT qty IS DISTINCT FROM 3 AS a, city IS NOT DISTINCT FROM NULL AS b, qty IN (1, 2, NULL) AS c, qty NOT IN (1, 2) AS d, qty BETWEEN 1 AND 3 AS e FROM orders
SELECT (`qty` IS DISTINCT FROM 3) AS `a`, (`city` IS NOT DISTINCT FROM NULL) AS `b`, (`qty` IN (1, 2, NULL)) AS `c`, (`qty` NOT IN (1, 2)) AS `d`, (`qty` >= 1 AND `qty` <= 3) AS `e`
FROM `orders`

-- SELECT isnan(ratio) AS a, isinf(ratio) AS b, ratio = 'NaN'::DOUBLE AS c FROM orders
SELECT (CASE WHEN `ratio` IS NULL THEN NULL ELSE isnan(`ratio`) END) AS `a`, (CASE WHEN `ratio` IS NULL THEN NULL ELSE abs(`ratio`) = DOUBLE('Infinity') END) AS `b`, (`ratio` = DOUBLE('NaN')) AS `c`
FROM `orders`

-- SELECT gcd(id, 12) AS g, factorial(5) AS f, pi() AS p, degrees(1.0) AS d FROM orders LIMIT 1
-- refused: gcd() at `gcd`
-- refused: factorial() at `factorial`
-- refused: LIMIT without ORDER BY at `LIMIT` (which rows are left is not defined on a cluster: add ORDER BY)

-- SELECT random() < 2 AS ok FROM orders
-- refused: random() at `random` (its value is another one on every run)

-- SELECT sum(qty) / count(*) AS a, sum(amount) / count(*) AS b, count(*) / 7 AS c FROM orders
SELECT (CASE WHEN CAST(count(*) AS DOUBLE) <> 0D THEN CAST(sum(`qty`) AS DOUBLE) / CAST(count(*) AS DOUBLE) ELSE CAST(sum(`qty`) AS DOUBLE) * power(CAST(count(*) AS DOUBLE), -1D) END) AS `a`, (CASE WHEN CAST(count(*) AS DOUBLE) <> 0D THEN CAST(sum(`amount`) AS DOUBLE) / CAST(count(*) AS DOUBLE) ELSE CAST(sum(`amount`) AS DOUBLE) * power(CAST(count(*) AS DOUBLE), -1D) END) AS `b`, (CAST(count(*) AS DOUBLE) / CAST(7 AS DOUBLE)) AS `c`
FROM `orders`
