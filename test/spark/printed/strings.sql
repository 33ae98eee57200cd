-- SELECT upper(note) AS u, lower(city) AS l, length(note) AS n, trim(note) AS t, ltrim(note) AS lt, rtrim(note) AS rt FROM orders
SELECT CASE WHEN `note` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`note`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`note`) END AS `u`, CASE WHEN `city` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`city`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`city`) END AS `l`, CAST(length(`note`) AS BIGINT) AS `n`, trim(BOTH '                　' FROM `note`) AS `t`, trim(LEADING '                　' FROM `note`) AS `lt`, trim(TRAILING '                　' FROM `note`) AS `rt`
FROM `orders`

-- SELECT substring(note, 2, 3) AS a, substr(note, 3) AS b, note[1:4] AS c, left(note, 2) AS d, right(note, 3) AS e FROM orders
SELECT substring(`note`, 2, 3) AS `a`, substring(`note`, 3) AS `b`, substring(`note`, 1, 4) AS `c`, left(`note`, 2) AS `d`, right(`note`, 3) AS `e`
FROM `orders`

-- SELECT replace(note, 'a', 'A') AS a, reverse(note) AS r, repeat(status, 2) AS p, lpad(status, 6, '*') AS lp, rpad(status, 6, '.') AS rp FROM orders
-- refused: reverse() at `reverse` (it keeps letters with their accents together in DuckDB alone)

-- SELECT concat(city, '-', status) AS a, city || '-' || status AS b, concat_ws('/', city, status, note) AS c FROM orders
SELECT concat(coalesce(CAST(`city` AS STRING), ''), coalesce(CAST('-' AS STRING), ''), coalesce(CAST(`status` AS STRING), '')) AS `a`, ((`city` || '-') || `status`) AS `b`, concat_ws('/', `city`, `status`, `note`) AS `c`
FROM `orders`

-- SELECT split_part(note, '-', 2) AS a, string_split(note, ',') AS b FROM orders
SELECT split_part(`note`, '-', 2) AS `a`, split(`note`, '\\,', -1) AS `b`
FROM `orders`

-- SELECT regexp_matches(note, 'v1\.[01]') AS m, regexp_extract(note, '(\d+)', 1) AS x FROM orders
SELECT (`note` RLIKE '(?d)v1\\.[01]') AS `m`, regexp_extract(`note`, '(?d)(\\d+)', 1) AS `x`
FROM `orders`

-- SELECT regexp_replace(note, '[aeiou]', '_') AS one, regexp_replace(note, '[aeiou]', '_', 'g') AS every FROM orders
SELECT regexp_replace(`note`, '\\A((?s:.*?))((?d)[aeiou])', '$1_') AS `one`, regexp_replace(`note`, '(?d)[aeiou]', '_') AS `every`
FROM `orders`

-- SELECT * FROM orders WHERE note ~ 'Order-.*' OR regexp_full_match(note, '2021.*')
SELECT *
FROM `orders`
WHERE ((`note` RLIKE '(?d)\\A(?:Order-.*)\\z') OR (`note` RLIKE '(?d)\\A(?:2021.*)\\z'))

-- SELECT * FROM orders WHERE note LIKE '%(v1.%' OR note ILIKE '%ÜNÏ%'
SELECT *
FROM `orders`
WHERE ((`note` LIKE '%(v1.%') OR (CASE WHEN `note` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`note`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`note`) END LIKE CASE WHEN '%ÜNÏ%' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('%ÜNÏ%', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('%ÜNÏ%') END))

-- SELECT * FROM orders WHERE note LIKE '100$%' ESCAPE '$' OR starts_with(note, 'Order') OR note.ends_with(')')
SELECT *
FROM `orders`
WHERE ((`note` LIKE '100$%' ESCAPE '$') OR startswith(`note`, 'Order') OR endswith(`note`, ')'))

-- SELECT contains(note, 'x') AS c, strpos(note, 'r') AS p, instr(note, 'r') AS i, position('r' IN note) AS q FROM orders
SELECT contains(`note`, 'x') AS `c`, CAST(instr(`note`, 'r') AS BIGINT) AS `p`, CAST(instr(`note`, 'r') AS BIGINT) AS `i`, CAST(instr(`note`, 'r') AS BIGINT) AS `q`
FROM `orders`

-- SELECT note = '' AS e, nullif(note, '') AS n, coalesce(note, city, '?') AS c, ifnull(note, 'x') AS i FROM orders
SELECT (`note` = '') AS `e`, CASE WHEN `note` = '' THEN NULL ELSE `note` END AS `n`, coalesce(`note`, `city`, '?') AS `c`, coalesce(`note`, 'x') AS `i`
FROM `orders`

-- SELECT md5(note) AS m, sha256(note) AS s FROM orders
SELECT md5(`note`) AS `m`, sha2(`note`, 256) AS `s`
FROM `orders`

-- SELECT ascii(status) AS a, chr(65 + (customer % 26)) AS c, length(city) AS l FROM orders
SELECT ascii(`status`) AS `a`, CASE WHEN (65 + (`customer` % 26)) BETWEEN 1 AND 127 THEN chr((65 + (`customer` % 26))) WHEN (65 + (`customer` % 26)) IS NULL THEN NULL ELSE raise_error('Lakebook: chr() beyond ASCII') END AS `c`, CAST(length(`city`) AS BIGINT) AS `l`
FROM `orders`

-- SELECT format('{}-{}', city, id) AS f, printf('%05d|%.2f', id, ratio) AS p FROM orders
-- refused: format() at `format` (join the parts with ||)
-- refused: printf() at `printf` (join the parts with ||)

-- SELECT initcap(note) AS i FROM orders
-- refused: initcap() at `initcap`

-- SELECT translate(status, 'aeiou', '12345') AS t FROM orders
SELECT translate(`status`, 'aeiou', '12345') AS `t`
FROM `orders`

-- SELECT note COLLATE NOCASE AS n FROM orders ORDER BY n
-- refused: COLLATE at `COLLATE` (use lower(x))

-- SELECT 'it''s' AS a, 'back\slash' AS b, E'tab\t' AS c, '${x}' AS d, '%' AS e
SELECT 'it\'s' AS `a`, 'back\\slash' AS `b`, 'tab	' AS `c`, '\u0024{x}' AS `d`, '%' AS `e`

-- SELECT levenshtein(status, 'sand') AS l FROM orders
-- refused: levenshtein() at `levenshtein` (it counts bytes in DuckDB and characters in Spark)

-- SELECT status, count(*) FROM orders WHERE lower(status) IN ('done', 'paid') GROUP BY status
SELECT `status`, count(*) AS `count_star()`
FROM `orders`
WHERE (CASE WHEN `status` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`status`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`status`) END IN ('done', 'paid'))
GROUP BY `status`

-- SELECT note::INT AS n FROM orders WHERE id = 9999
SELECT CAST(CASE WHEN `note` IS NULL OR `note` RLIKE '\\A[+-]?[0-9]+\\z' THEN `note` ELSE raise_error(concat('Lakebook: not a INT that both engines read alike: ', `note`)) END AS INT) AS `n`
FROM `orders`
WHERE (`id` = 9999)

-- SELECT try_cast(note AS INTEGER) AS n, try_cast(note AS DATE) AS d FROM orders
SELECT CASE WHEN `note` RLIKE '\\A[+-]?[0-9]+\\z' THEN try_cast(`note` AS INT) WHEN `note` RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a INT that both engines read alike: ', `note`)) END AS `n`, CASE WHEN `note` RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z' THEN try_cast(`note` AS DATE) WHEN `note` RLIKE '(?i)\\A[ \\t\\n\\x0B\\f\\r]*([+-]?[0-9]+[ \\t\\n\\x0B\\f\\r]*[-/\\\\ ][ \\t\\n\\x0B\\f\\r]*[0-9]|[+-]?(epoch|inf))' THEN raise_error(concat('Lakebook: not a DATE that both engines read alike: ', `note`)) END AS `d`
FROM `orders`

-- SELECT hash(id) AS h FROM orders
-- refused: hash() at `hash` (use md5(x))
