-- SELECT n, upper(word) AS u, lower(word) AS l, length(word) AS len, strlen(word) AS bytes FROM edges
SELECT `n`, CASE WHEN `word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`word`) END AS `u`, CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END AS `l`, CAST(length(`word`) AS BIGINT) AS `len`, CAST(octet_length(`word`) AS BIGINT) AS `bytes`
FROM `edges`

-- SELECT n, trim(word) AS t, ltrim(word) AS lt, rtrim(word) AS rt, trim(word, 'a x') AS tc, ltrim(word, ' ') AS lc FROM edges
SELECT `n`, trim(BOTH '                　' FROM `word`) AS `t`, trim(LEADING '                　' FROM `word`) AS `lt`, trim(TRAILING '                　' FROM `word`) AS `rt`, trim(BOTH 'a x' FROM `word`) AS `tc`, trim(LEADING ' ' FROM `word`) AS `lc`
FROM `edges`

-- SELECT n, substring(word, 1, 1) AS a, substr(word, 2) AS b, left(word, 0) AS c, right(word, 1) AS d, substring(word, 3, 0) AS e, word[2:3] AS f FROM edges
SELECT `n`, substring(`word`, 1, 1) AS `a`, substring(`word`, 2) AS `b`, left(`word`, 0) AS `c`, right(`word`, 1) AS `d`, substring(`word`, 3, 0) AS `e`, substring(`word`, 2, 2) AS `f`
FROM `edges`

-- SELECT n, lpad(word, 4, 'xy') AS a, rpad(word, 30, '-') AS b, repeat(word, 0) AS c, repeat(word, tiny) AS d FROM edges WHERE tiny <= 7
SELECT `n`, lpad(`word`, 4, 'xy') AS `a`, rpad(`word`, 30, '-') AS `b`, repeat(`word`, CAST(0 AS INT)) AS `c`, repeat(`word`, CAST(`tiny` AS INT)) AS `d`
FROM `edges`
WHERE (`tiny` <= 7)

-- SELECT n, replace(word, 's', '') AS a, replace(word, '', 'x') AS b, replace(word, word, 'same') AS c FROM edges
SELECT `n`, replace(`word`, 's', '') AS `a`, replace(`word`, '', 'x') AS `b`, replace(`word`, `word`, 'same') AS `c`
FROM `edges`

-- SELECT n, strpos(word, '') AS a, strpos(word, 'x') AS b, instr(word, word) AS c, position('b' IN word) AS d FROM edges
SELECT `n`, CAST(instr(`word`, '') AS BIGINT) AS `a`, CAST(instr(`word`, 'x') AS BIGINT) AS `b`, CAST(instr(`word`, `word`) AS BIGINT) AS `c`, CAST(instr(`word`, 'b') AS BIGINT) AS `d`
FROM `edges`

-- SELECT n, contains(word, '') AS a, starts_with(word, 'a') AS b, ends_with(word, '') AS c, suffix(word, 'x') AS d, prefix(word, word) AS e FROM edges
SELECT `n`, contains(`word`, '') AS `a`, startswith(`word`, 'a') AS `b`, endswith(`word`, '') AS `c`, endswith(`word`, 'x') AS `d`, startswith(`word`, `word`) AS `e`
FROM `edges`

-- SELECT n, split_part(word, ' ', 1) AS a, split_part(word, '|', 2) AS b, split_part(word, '.', 9) AS c FROM edges
SELECT `n`, split_part(`word`, ' ', 1) AS `a`, split_part(`word`, '|', 2) AS `b`, split_part(`word`, '.', 9) AS `c`
FROM `edges`

-- SELECT n, string_split(word, ' ') AS a, split(word, '.') AS b, str_split(word, '|') AS c, string_to_array(word, 'ß') AS d FROM edges
SELECT `n`, split(`word`, ' ', -1) AS `a`, split(`word`, '\\.', -1) AS `b`, split(`word`, '\\|', -1) AS `c`, split(`word`, 'ß', -1) AS `d`
FROM `edges`

-- SELECT n, concat(word, NULL, n) AS a, concat_ws(',', word, NULL, n) AS b, word || n AS c, concat_ws(NULL, word, 'x') AS d FROM edges
SELECT `n`, concat(coalesce(CAST(`word` AS STRING), ''), coalesce(CAST(NULL AS STRING), ''), coalesce(CAST(`n` AS STRING), '')) AS `a`, concat_ws(',', `word`, NULL, `n`) AS `b`, (`word` || `n`) AS `c`, concat_ws(NULL, `word`, 'x') AS `d`
FROM `edges`

-- SELECT n, md5(word) AS a, sha256(word) AS b, ascii(word) AS c FROM edges
SELECT `n`, md5(`word`) AS `a`, sha2(`word`, 256) AS `b`, ascii(`word`) AS `c`
FROM `edges`

-- SELECT n, word LIKE '%\%' AS a, word LIKE 'a_b%' AS b, word LIKE '_ smile' AS c, word ILIKE 'STRASSE%' AS d, word ILIKE '%ΣΑΣ' AS e, word LIKE word AS f, word NOT LIKE '%a%' AS g FROM edges
SELECT `n`, (`word` LIKE '%\\%' ESCAPE '\u0001') AS `a`, (`word` LIKE 'a_b%') AS `b`, (`word` LIKE '_ smile') AS `c`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END LIKE CASE WHEN 'STRASSE%' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('STRASSE%', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('STRASSE%') END) AS `d`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END LIKE CASE WHEN '%ΣΑΣ' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('%ΣΑΣ', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('%ΣΑΣ') END) AS `e`, (`word` LIKE `word` ESCAPE '\u0001') AS `f`, (`word` NOT LIKE '%a%') AS `g`
FROM `edges`

-- SELECT n, word LIKE 'a$_b%' ESCAPE '$' AS a, word NOT ILIKE '%ABC%' AS b, word ILIKE '%istan%' AS c FROM edges
SELECT `n`, (`word` LIKE 'a$_b%' ESCAPE '$') AS `a`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END NOT LIKE CASE WHEN '%ABC%' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('%ABC%', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('%ABC%') END) AS `b`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END LIKE CASE WHEN '%istan%' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('%istan%', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('%istan%') END) AS `c`
FROM `edges`

-- SELECT n, regexp_matches(word, '^a') AS a, regexp_matches(word, 'd$') AS b, regexp_matches(word, 'a.b') AS c, regexp_matches(word, '\bend\b') AS d, regexp_matches(word, '\s') AS e, regexp_matches(word, '[[:alpha:]]+') AS f FROM edges
SELECT `n`, (`word` RLIKE '(?d)^a') AS `a`, (`word` RLIKE '(?d)d\\z') AS `b`, (`word` RLIKE '(?d)a.b') AS `c`, (`word` RLIKE '(?d)(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))end(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))') AS `d`, (`word` RLIKE '(?d)[\\t\\n\\f\\r ]') AS `e`, (`word` RLIKE '(?d)[A-Za-z]+') AS `f`
FROM `edges`

-- SELECT n, regexp_full_match(word, '.*') AS a, regexp_full_match(word, '-?\d+') AS b, word SIMILAR TO 'a.*' AS c, word !~ '[0-9.]+' AS d, regexp_full_match(word, 'a|a\\b%_') AS e FROM edges
SELECT `n`, (`word` RLIKE '(?d)\\A(?:.*)\\z') AS `a`, (`word` RLIKE '(?d)\\A(?:-?\\d+)\\z') AS `b`, (`word` RLIKE '(?d)\\A(?:a.*)\\z') AS `c`, (NOT (`word` RLIKE '(?d)\\A(?:[0-9.]+)\\z')) AS `d`, (`word` RLIKE '(?d)\\A(?:a|a\\\\b%_)\\z') AS `e`
FROM `edges`

-- SELECT n, regexp_extract(word, '[0-9]+') AS a, regexp_extract(word, '(\w+) (\w+)', 2) AS b, regexp_extract(word, 'z(x)?', 1) AS c, regexp_extract(word, '(e)(x)?', 2) AS d FROM edges
SELECT `n`, regexp_extract(`word`, '(?d)[0-9]+', 0) AS `a`, regexp_extract(`word`, '(?d)(\\w+) (\\w+)', 2) AS `b`, regexp_extract(`word`, '(?d)z(x)?', 1) AS `c`, regexp_extract(`word`, '(?d)(e)(x)?', 2) AS `d`
FROM `edges`

-- SELECT n, regexp_replace(word, '[a-z]+', '<\0>', 'g') AS a, regexp_replace(word, '([a-z])([a-z])', '\2\1$', 'g') AS b, regexp_replace(word, '\\', '/', 'g') AS c, regexp_replace(word, '\s+', ' ', 'g') AS d FROM edges
SELECT `n`, regexp_replace(`word`, '(?d)[a-z]+', '<$0>') AS `a`, regexp_replace(`word`, '(?d)([a-z])([a-z])', '$2$1\\$') AS `b`, regexp_replace(`word`, '(?d)\\\\', '/') AS `c`, regexp_replace(`word`, '(?d)[\\t\\n\\f\\r ]+', ' ') AS `d`
FROM `edges`

-- SELECT n, regexp_replace(word, 'a*', 'x', 'g') AS a FROM edges
-- refused: regexp_replace() of what may match nothing at `regexp_replace` (use + in the place of *)

-- SELECT n, regexp_matches(word, 'ABC', 'i') AS a, regexp_matches(word, '(?i)abc') AS b FROM edges
-- refused: the regular expression '(?i)abc' at `regexp_matches` (use plain groups, classes and quantifiers)

-- SELECT n, regexp_matches(word, 'abc', 'i') AS a, regexp_matches(word, '[^a-z]', 'c') AS b FROM edges
SELECT `n`, (`word` RLIKE '(?diu)abc') AS `a`, (`word` RLIKE '(?d)[^a-z]') AS `b`
FROM `edges`

-- SELECT n, translate(word, 'abc', 'xy') AS a, translate(word, ' ', '') AS b FROM edges
SELECT `n`, translate(`word`, 'abc', 'xy') AS `a`, translate(`word`, ' ', '') AS `b`
FROM `edges`

-- SELECT n, translate(word, 'aab', 'xyz') AS a FROM edges
-- refused: translate() of a character twice at `translate`

-- SELECT n, chr(65 + abs(tiny) % 26) AS a FROM edges WHERE tiny IS NOT NULL
SELECT `n`, CASE WHEN (65 + (abs(`tiny`) % 26)) BETWEEN 1 AND 127 THEN chr((65 + (abs(`tiny`) % 26))) WHEN (65 + (abs(`tiny`) % 26)) IS NULL THEN NULL ELSE raise_error('Lakebook: chr() beyond ASCII') END AS `a`
FROM `edges`
WHERE (`tiny` IS NOT NULL)

-- SELECT word, count(*) AS k FROM edges GROUP BY word
SELECT `word`, count(*) AS `k`
FROM `edges`
GROUP BY `word`

-- SELECT n, word FROM edges WHERE word > 'a' AND word < 'ß'
SELECT `n`, `word`
FROM `edges`
WHERE ((`word` > 'a') AND (`word` < 'ß'))

-- SELECT max(word) AS a, min(word) AS b, max(upper(word)) AS c FROM edges
SELECT max(`word`) AS `a`, min(`word`) AS `b`, max(CASE WHEN `word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`word`) END) AS `c`
FROM `edges`

-- SELECT n, word FROM edges ORDER BY word DESC NULLS FIRST, n
SELECT `n`, `word`
FROM `edges`
ORDER BY `word` DESC NULLS FIRST, `n` ASC NULLS LAST

-- SELECT string_agg(word, '|' ORDER BY n) AS a, string_agg(DISTINCT word, ',' ORDER BY word DESC) AS b, string_agg(word ORDER BY n) AS c FROM edges
SELECT listagg(`word`, '|') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) AS `a`, listagg(DISTINCT `word`, ',') WITHIN GROUP (ORDER BY `word` DESC NULLS LAST) AS `b`, listagg(`word`, ',') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) AS `c`
FROM `edges`

-- SELECT n, word::VARCHAR AS a, n::VARCHAR || ':' || big::VARCHAR AS b, yes::VARCHAR AS c, day::VARCHAR AS d, t::VARCHAR AS e, dec::VARCHAR AS f, fine::VARCHAR AS g FROM edges
SELECT `n`, CAST(`word` AS STRING) AS `a`, ((CAST(`n` AS STRING) || ':') || CAST(`big` AS STRING)) AS `b`, CAST(`yes` AS STRING) AS `c`, CASE WHEN year(`day`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(`day` AS STRING) END AS `d`, CASE WHEN year(`t`) NOT BETWEEN 1 AND 9999 THEN raise_error('Lakebook: a year before 1 or after 9999 as a text') ELSE CAST(`t` AS STRING) END AS `e`, CAST(`dec` AS STRING) AS `f`, CAST(`fine` AS STRING) AS `g`
FROM `edges`

-- SELECT n, CAST(word AS INTEGER) AS a FROM edges WHERE word IN ('0012', '-7')
SELECT `n`, CAST(CASE WHEN `word` IS NULL OR `word` RLIKE '\\A[+-]?[0-9]+\\z' THEN `word` ELSE raise_error(concat('Lakebook: not a INT that both engines read alike: ', `word`)) END AS INT) AS `a`
FROM `edges`
WHERE (`word` IN ('0012', '-7'))

-- SELECT n, word::DOUBLE AS a, word::DECIMAL(8,1) AS b FROM edges WHERE word IN ('0012', '-7', '12.50', '1e3')
SELECT `n`, CAST(CASE WHEN `word` IS NULL OR `word` RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN `word` ELSE raise_error(concat('Lakebook: not a DOUBLE that both engines read alike: ', `word`)) END AS DOUBLE) AS `a`, CAST(CASE WHEN `word` IS NULL OR `word` RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN `word` ELSE raise_error(concat('Lakebook: not a DECIMAL(8,1) that both engines read alike: ', `word`)) END AS DECIMAL(8,1)) AS `b`
FROM `edges`
WHERE (`word` IN ('0012', '-7', '12.50', '1e3'))

-- SELECT n, (word || '')::BIGINT AS a FROM edges WHERE word = '-7'
SELECT `n`, CAST(CASE WHEN (`word` || '') IS NULL OR (`word` || '') RLIKE '\\A[+-]?[0-9]+\\z' THEN (`word` || '') ELSE raise_error(concat('Lakebook: not a BIGINT that both engines read alike: ', (`word` || ''))) END AS BIGINT) AS `a`
FROM `edges`
WHERE (`word` = '-7')

-- SELECT n, ('2021-02-' || (10 + n % 9))::DATE AS a, ('2021-02-' || (10 + n % 9) || ' 10:11:12.5')::TIMESTAMP AS b FROM edges
SELECT `n`, CAST(CASE WHEN ('2021-02-' || (10 + (`n` % 9))) IS NULL OR ('2021-02-' || (10 + (`n` % 9))) RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z' THEN ('2021-02-' || (10 + (`n` % 9))) ELSE raise_error(concat('Lakebook: not a DATE that both engines read alike: ', ('2021-02-' || (10 + (`n` % 9))))) END AS DATE) AS `a`, CAST(CASE WHEN (('2021-02-' || (10 + (`n` % 9))) || ' 10:11:12.5') IS NULL OR (('2021-02-' || (10 + (`n` % 9))) || ' 10:11:12.5') RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?\\z' THEN (('2021-02-' || (10 + (`n` % 9))) || ' 10:11:12.5') ELSE raise_error(concat('Lakebook: not a TIMESTAMP_NTZ that both engines read alike: ', (('2021-02-' || (10 + (`n` % 9))) || ' 10:11:12.5'))) END AS TIMESTAMP_NTZ) AS `b`
FROM `edges`

-- SELECT 'ß' AS a, 'it''s' AS b, '\n' AS c, E'\n' AS d, '${spark.home}' AS e, '$' AS f, '%' AS g, '' AS h, '😀' AS i
SELECT 'ß' AS `a`, 'it\'s' AS `b`, '\\n' AS `c`, '
' AS `d`, '\u0024{spark.home}' AS `e`, '$' AS `f`, '%' AS `g`, '' AS `h`, '😀' AS `i`

-- SELECT n, reverse(word) AS a FROM edges
-- refused: reverse() at `reverse` (it keeps letters with their accents together in DuckDB alone)

-- SELECT n, word.upper().trim() AS a, word.length() AS b FROM edges
SELECT `n`, trim(BOTH '                　' FROM CASE WHEN `word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`word`) END) AS `a`, CAST(length(`word`) AS BIGINT) AS `b`
FROM `edges`

-- SELECT n, list_transform(string_split(word, ' '), lambda w: upper(w)) AS a FROM edges
SELECT `n`, transform(split(`word`, ' ', -1), `w` -> CASE WHEN `w` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`w`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`w`) END) AS `a`
FROM `edges`

-- SELECT n, CASE word WHEN '' THEN 'empty' WHEN ' ' THEN 'space' ELSE word END AS a, nullif(word, '') AS b, nullif(word, ' ') AS c FROM edges
SELECT `n`, CASE WHEN (`word` = '') THEN 'empty' WHEN (`word` = ' ') THEN 'space' ELSE `word` END AS `a`, CASE WHEN `word` = '' THEN NULL ELSE `word` END AS `b`, CASE WHEN `word` = ' ' THEN NULL ELSE `word` END AS `c`
FROM `edges`

-- SELECT n, word = ' ' AS a, word = '' AS b, word IS NULL AS c, word <> '' AS d, word IN ('', ' ') AS e, word NOT IN ('x') AS f FROM edges
SELECT `n`, (`word` = ' ') AS `a`, (`word` = '') AS `b`, (`word` IS NULL) AS `c`, (`word` <> '') AS `d`, (`word` IN ('', ' ')) AS `e`, (`word` NOT IN ('x')) AS `f`
FROM `edges`
