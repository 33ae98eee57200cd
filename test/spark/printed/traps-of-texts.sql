-- SELECT n, word, length(word) AS a, len(word || '😀') AS b, strlen(word || '😀é') AS c, upper(word || 'éß') AS d, lower('ÀÉÎ' || word) AS e FROM edges
SELECT `n`, `word`, CAST(length(`word`) AS BIGINT) AS `a`, CAST(length((`word` || '😀')) AS BIGINT) AS `b`, CAST(octet_length((`word` || '😀é')) AS BIGINT) AS `c`, CASE WHEN (`word` || 'éß') RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split((`word` || 'éß'), ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper((`word` || 'éß')) END AS `d`, CASE WHEN ('ÀÉÎ' || `word`) RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(('ÀÉÎ' || `word`), ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(('ÀÉÎ' || `word`)) END AS `e`
FROM `edges`

-- SELECT n, substring('😀aé' || coalesce(word, ''), 2, 2) AS a, left('é' || word, 3) AS b, right(word || '😀', 2) AS c, strpos('😀' || word, 'a') AS d, lpad(word, 9, '😀') AS e FROM edges
SELECT `n`, substring(('😀aé' || coalesce(`word`, '')), 2, 2) AS `a`, left(('é' || `word`), 3) AS `b`, right((`word` || '😀'), 2) AS `c`, CAST(instr(('😀' || `word`), 'a') AS BIGINT) AS `d`, lpad(`word`, 9, '😀') AS `e`
FROM `edges`

-- SELECT n, word = 'straße ŉ ﬁ' AS a, word < 'Z' AS b, word > '' AS c, word >= 'e' AS d, 'a' < 'B' AS e, 'a' = 'a ' AS f, 'Z' < 'a' AS g, 'é' < 'z' AS h FROM edges
SELECT `n`, (`word` = 'straße ŉ ﬁ') AS `a`, (`word` < 'Z') AS `b`, (`word` > '') AS `c`, (`word` >= 'e') AS `d`, ('a' < 'B') AS `e`, ('a' = 'a ') AS `f`, ('Z' < 'a') AS `g`, ('é' < 'z') AS `h`
FROM `edges`

-- SELECT word FROM edges WHERE n < 20 ORDER BY word
SELECT `word`
FROM `edges`
WHERE (`n` < 20)
ORDER BY `word` ASC NULLS LAST

-- SELECT word FROM edges WHERE n < 20 ORDER BY lower(word) DESC NULLS LAST, word
SELECT `word`
FROM `edges`
WHERE (`n` < 20)
ORDER BY CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END DESC NULLS LAST, `word` ASC NULLS LAST

-- SELECT min(word) AS a, max(word) AS b, count(DISTINCT word) AS c, count(DISTINCT lower(word)) AS d, count(DISTINCT trim(word)) AS e FROM edges
SELECT min(`word`) AS `a`, max(`word`) AS `b`, count(DISTINCT `word`) AS `c`, count(DISTINCT CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END) AS `d`, count(DISTINCT trim(BOTH '                　' FROM `word`)) AS `e`
FROM `edges`

-- SELECT upper(word) AS u, count(*) AS c FROM edges GROUP BY u ORDER BY u
SELECT CASE WHEN `word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`word`) END AS `u`, count(*) AS `c`
FROM `edges`
GROUP BY CASE WHEN `word` RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[ßŉƛǰɤΐΰևᲊẖ-ẚὐὒὔὖᾀ-ᾯᾲ-ᾴᾶᾷᾼῂ-ῄῆῇῌῒΐῖῗῢ-ῤῦῧῲ-ῴῶῷῼꟍ꟏ꟓꟕꟛﬀ-ﬆﬓ-ﬗ𐵰-𐶅𖺻-𖻓]' THEN translate(c, 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ') ELSE upper(c) END), '') ELSE upper(`word`) END
ORDER BY `u` ASC NULLS LAST

-- SELECT n, word LIKE '%' AS a, word LIKE '' AS b, word LIKE '_' AS c, word LIKE '%\n%' AS d, word LIKE '%\\%' AS e, word LIKE 'a\b\%\_' AS f, word LIKE '%$1%' AS g FROM edges
SELECT `n`, (`word` LIKE '%') AS `a`, (`word` LIKE '') AS `b`, (`word` LIKE '_') AS `c`, (`word` LIKE '%\\n%' ESCAPE '\u0001') AS `d`, (`word` LIKE '%\\\\%' ESCAPE '\u0001') AS `e`, (`word` LIKE 'a\\b\\%\\_' ESCAPE '\u0001') AS `f`, (`word` LIKE '%$1%') AS `g`
FROM `edges`

-- SELECT n, word LIKE 'a!%%' ESCAPE '!' AS a, 'a%b' LIKE 'a!%b' ESCAPE '!' AS b, 'axb' LIKE 'a!%b' ESCAPE '!' AS c, 'a\b' LIKE 'a\b' AS d, 'a_b' LIKE 'a\_b' AS e, 'a_b' LIKE 'a\_b' ESCAPE '\' AS f FROM edges
SELECT `n`, (`word` LIKE 'a!%%' ESCAPE '!') AS `a`, ('a%b' LIKE 'a!%b' ESCAPE '!') AS `b`, ('axb' LIKE 'a!%b' ESCAPE '!') AS `c`, ('a\\b' LIKE 'a\\b' ESCAPE '\u0001') AS `d`, ('a_b' LIKE 'a\\_b' ESCAPE '\u0001') AS `e`, ('a_b' LIKE 'a\\_b' ESCAPE '\\') AS `f`
FROM `edges`

-- SELECT n, word ILIKE 'ΟΔΟΣ%' AS a, word ILIKE '%SS%' AS b, word ILIKE 'i%' AS c, word ILIKE '%ß' AS d, 'İ' ILIKE 'i' AS e, 'ſ' ILIKE 's' AS f, 'K' ILIKE 'k' AS g FROM edges
SELECT `n`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END LIKE CASE WHEN 'ΟΔΟΣ%' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('ΟΔΟΣ%', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('ΟΔΟΣ%') END) AS `a`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END LIKE CASE WHEN '%SS%' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('%SS%', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('%SS%') END) AS `b`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END LIKE CASE WHEN 'i%' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('i%', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('i%') END) AS `c`, (CASE WHEN `word` RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split(`word`, ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower(`word`) END LIKE CASE WHEN '%ß' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('%ß', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('%ß') END) AS `d`, (CASE WHEN 'İ' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('İ', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('İ') END LIKE CASE WHEN 'i' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('i', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('i') END) AS `e`, (CASE WHEN 'ſ' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('ſ', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('ſ') END LIKE CASE WHEN 's' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('s', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('s') END) AS `f`, (CASE WHEN 'K' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('K', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('K') END LIKE CASE WHEN 'k' RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN array_join(transform(split('k', ''), c -> CASE WHEN c RLIKE '[İΣᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN CASE WHEN c = 'Σ' THEN 'σ' ELSE translate(c, 'İ', 'i') END ELSE lower(c) END), '') ELSE lower('k') END) AS `g`
FROM `edges`

-- SELECT n, regexp_matches(word, '^$') AS a, regexp_matches(word, '.') AS b, regexp_matches(word, '\w') AS c, regexp_matches(word, '[^\x00-\x7F]') AS d FROM edges
-- refused: the regular expression '[^\x00-\x7F]' at `regexp_matches` (use plain groups, classes and quantifiers)

-- SELECT n, regexp_matches(word, '^$') AS a, regexp_matches(word, '.') AS b, regexp_matches(word, '\w') AS c, regexp_matches(word, '[à-ü]') AS d, regexp_matches(word, 'b$') AS e, regexp_matches(word, '^\S+$') AS f FROM edges
SELECT `n`, (`word` RLIKE '(?d)^\\z') AS `a`, (`word` RLIKE '(?d).') AS `b`, (`word` RLIKE '(?d)\\w') AS `c`, (`word` RLIKE '(?d)[à-ü]') AS `d`, (`word` RLIKE '(?d)b\\z') AS `e`, (`word` RLIKE '(?d)^[^\\t\\n\\f\\r ]+\\z') AS `f`
FROM `edges`

-- SELECT n, regexp_replace(word, '[aeiou]', '_') AS a, regexp_replace(word, '(\w)(\w)', '\2\1') AS b, regexp_replace(word, '^', '>') AS c, regexp_replace(word, '\s+$', '') AS d, regexp_replace(word, 'a*', '<\0>') AS e FROM edges
SELECT `n`, regexp_replace(`word`, '\\A((?s:.*?))((?d)[aeiou])', '$1_') AS `a`, regexp_replace(`word`, '\\A((?s:.*?))((?d)(\\w)(\\w))', '$1$4$3') AS `b`, regexp_replace(`word`, '\\A((?s:.*?))((?d)^)', '$1>') AS `c`, regexp_replace(`word`, '\\A((?s:.*?))((?d)[\\t\\n\\f\\r ]+\\z)', '$1') AS `d`, regexp_replace(`word`, '\\A((?s:.*?))((?d)a*)', '$1<$2>') AS `e`
FROM `edges`

-- SELECT n, regexp_replace(word, '.$', '$') AS a, regexp_replace(word, 'X', 'y', 'i') AS b, regexp_replace(word, '(a|b)', '[\1]') AS c, regexp_replace(word, '\n', ' ') AS d FROM edges
SELECT `n`, regexp_replace(`word`, '\\A((?s:.*?))((?d).\\z)', '$1\\$') AS `a`, regexp_replace(`word`, '\\A((?s:.*?))((?diu)X)', '$1y') AS `b`, regexp_replace(`word`, '\\A((?s:.*?))((?d)(a|b))', '$1[$3]') AS `c`, regexp_replace(`word`, '\\A((?s:.*?))((?d)\\n)', '$1 ') AS `d`
FROM `edges`

-- SELECT n, regexp_extract(word, '([a-z]+)\.?', 1) AS a, regexp_extract(word, '^.') AS b, regexp_extract(word, 'nothing') AS c, regexp_extract(word, '(x)|(a)', 1) AS d, regexp_extract(word, '(?i)s.*') AS e FROM edges
-- refused: the regular expression '(?i)s.*' at `regexp_extract` (use plain groups, classes and quantifiers)

-- SELECT n, regexp_extract(word, '([a-z]+)\.?', 1) AS a, regexp_extract(word, '^.') AS b, regexp_extract(word, 'nothing') AS c, regexp_extract(word, '(x)|(a)', 1) AS d, regexp_extract_all(word, '[a-z]') AS e FROM edges
-- refused: regexp_extract_all() at `regexp_extract_all`

-- SELECT n, split_part(word, '', 1) AS a FROM edges
-- refused: split_part() by an empty text at `split_part`

-- SELECT n, split_part(word, '\', 1) AS a, split_part(word, '|', -1) AS b FROM edges
-- refused: split_part() with a position that is not a number from 1 at `split_part` (write the number)

-- SELECT n, string_split(word, 'a') AS a, string_split('a,b,,c,', ',') AS b, string_split('', ',') AS c, len(string_split(word, ' ')) AS d, string_split(word, '\') AS e, string_split(word, '$1') AS f FROM edges
SELECT `n`, split(`word`, 'a', -1) AS `a`, split('a,b,,c,', '\\,', -1) AS `b`, split('', '\\,', -1) AS `c`, CAST(array_size(split(`word`, ' ', -1)) AS BIGINT) AS `d`, split(`word`, '\\\\', -1) AS `e`, split(`word`, '\\$1', -1) AS `f`
FROM `edges`

-- SELECT n, replace(word, '.', '') AS a, replace(word, '\', '/') AS b, replace(word, '$1', '\1') AS c, translate(word, 'é$', 'e') AS d, replace(word, NULL, 'x') AS e FROM edges
SELECT `n`, replace(`word`, '.', '') AS `a`, replace(`word`, '\\', '/') AS `b`, replace(`word`, '$1', '\\1') AS `c`, translate(`word`, 'é$', 'e') AS `d`, replace(`word`, NULL, 'x') AS `e`
FROM `edges`

-- SELECT n, concat(word, '', NULL, yes) AS a FROM edges
SELECT `n`, concat(coalesce(CAST(`word` AS STRING), ''), coalesce(CAST('' AS STRING), ''), coalesce(CAST(NULL AS STRING), ''), coalesce(CAST(CAST(`yes` AS STRING) AS STRING), '')) AS `a`
FROM `edges`

-- SELECT n, concat(word, '', NULL) AS a, word || NULL AS b, concat_ws('-', NULL, word, '') AS c, concat() AS d FROM edges
-- refused: a query that DuckDB does not accept at `''`

-- SELECT n, concat(word, '', NULL) AS a, word || NULL AS b, concat_ws('-', NULL, word, '') AS c, n || '' AS d, '' || tiny AS e, repeat('ab', 2) AS f FROM edges
SELECT `n`, concat(coalesce(CAST(`word` AS STRING), ''), coalesce(CAST('' AS STRING), ''), coalesce(CAST(NULL AS STRING), '')) AS `a`, (`word` || NULL) AS `b`, concat_ws('-', NULL, `word`, '') AS `c`, (`n` || '') AS `d`, ('' || `tiny`) AS `e`, repeat('ab', CAST(2 AS INT)) AS `f`
FROM `edges`

-- SELECT n, trim(word) = '' AS a, trim(E' \t x \n') AS b, ltrim('xxy', 'x') AS c, rtrim('abc  ') AS d, trim('[x]', '[]') AS e, trim('a^b-a', '-a^') AS f, trim(word, '') AS g FROM edges
SELECT `n`, (trim(BOTH '                　' FROM `word`) = '') AS `a`, trim(BOTH '                　' FROM ' 	 x 
') AS `b`, trim(LEADING 'x' FROM 'xxy') AS `c`, trim(TRAILING '                　' FROM 'abc  ') AS `d`, trim(BOTH '[]' FROM '[x]') AS `e`, trim(BOTH '-a^' FROM 'a^b-a') AS `f`, `word` AS `g`
FROM `edges`

-- SELECT n, '\' AS a, '\\' AS b, '\n' AS c, 'a''b' AS d, '"' AS e, '`' AS f, '${x}' AS g, '%s' AS h, '--' AS i, '/*' AS j, ';' AS k, chr(39) AS l FROM edges WHERE n = 1
SELECT `n`, '\\' AS `a`, '\\\\' AS `b`, '\\n' AS `c`, 'a\'b' AS `d`, '"' AS `e`, '`' AS `f`, '\u0024{x}' AS `g`, '%s' AS `h`, '--' AS `i`, '/*' AS `j`, ';' AS `k`, CASE WHEN 39 BETWEEN 1 AND 127 THEN chr(39) WHEN 39 IS NULL THEN NULL ELSE raise_error('Lakebook: chr() beyond ASCII') END AS `l`
FROM `edges`
WHERE (`n` = 1)

-- SELECT n, nullif(word, '') IS NULL AS a, coalesce(nullif(trim(word), ''), '(none)') AS b, word = '' OR word IS NULL AS c, length(word) = 0 AS d FROM edges
SELECT `n`, (CASE WHEN `word` = '' THEN NULL ELSE `word` END IS NULL) AS `a`, coalesce(CASE WHEN trim(BOTH '                　' FROM `word`) = '' THEN NULL ELSE trim(BOTH '                　' FROM `word`) END, '(none)') AS `b`, ((`word` = '') OR (`word` IS NULL)) AS `c`, (CAST(length(`word`) AS BIGINT) = 0) AS `d`
FROM `edges`

-- SELECT n, ascii(word) AS a, ascii('é') AS b, ascii('😀') AS c, chr(97) AS d, md5('') AS e, sha256('é') AS f FROM edges
SELECT `n`, ascii(`word`) AS `a`, ascii('é') AS `b`, ascii('😀') AS `c`, CASE WHEN 97 BETWEEN 1 AND 127 THEN chr(97) WHEN 97 IS NULL THEN NULL ELSE raise_error('Lakebook: chr() beyond ASCII') END AS `d`, md5('') AS `e`, sha2('é', 256) AS `f`
FROM `edges`

-- SELECT n, dec::VARCHAR AS a, fine::VARCHAR AS b, (dec * 100)::VARCHAR AS c, (-dec)::VARCHAR AS d, big::VARCHAR AS e, 1.50::VARCHAR AS f, (0.000)::VARCHAR AS g FROM edges
SELECT `n`, CAST(`dec` AS STRING) AS `a`, CAST(`fine` AS STRING) AS `b`, CAST((`dec` * 100) AS STRING) AS `c`, CAST((- `dec`) AS STRING) AS `d`, CAST(`big` AS STRING) AS `e`, CAST(CAST('1.50' AS DECIMAL(3,2)) AS STRING) AS `f`, CAST(CAST('0.000' AS DECIMAL(4,3)) AS STRING) AS `g`
FROM `edges`

-- SELECT n, x::VARCHAR AS a FROM edges
-- refused: a text made from DOUBLE at `::` (round it to a DECIMAL first)

-- SELECT n, round(x, 2)::VARCHAR AS a FROM edges
-- refused: a text made from DOUBLE at `::` (round it to a DECIMAL first)

-- SELECT n, '12'::INTEGER AS a, '-7'::BIGINT AS b, '1.5'::DOUBLE AS c, '2.345'::DECIMAL(5,2) AS d, 'true'::BOOLEAN AS e, '2020-02-29'::DATE AS f, '1e3'::DOUBLE AS g FROM edges WHERE n = 1
SELECT `n`, CAST('12' AS INT) AS `a`, CAST('-7' AS BIGINT) AS `b`, CAST('1.5' AS DOUBLE) AS `c`, CAST('2.345' AS DECIMAL(5,2)) AS `d`, TRUE AS `e`, DATE'2020-02-29' AS `f`, CAST('1e3' AS DOUBLE) AS `g`
FROM `edges`
WHERE (`n` = 1)

-- SELECT n, word::INTEGER AS a FROM edges WHERE word = '12.50'
SELECT `n`, CAST(CASE WHEN `word` IS NULL OR `word` RLIKE '\\A[+-]?[0-9]+\\z' THEN `word` ELSE raise_error(concat('Lakebook: not a INT that both engines read alike: ', `word`)) END AS INT) AS `a`
FROM `edges`
WHERE (`word` = '12.50')

-- SELECT n, word::INTEGER AS a FROM edges WHERE word = ' '
SELECT `n`, CAST(CASE WHEN `word` IS NULL OR `word` RLIKE '\\A[+-]?[0-9]+\\z' THEN `word` ELSE raise_error(concat('Lakebook: not a INT that both engines read alike: ', `word`)) END AS INT) AS `a`
FROM `edges`
WHERE (`word` = ' ')

-- SELECT n, word::DOUBLE AS a FROM edges WHERE word = '1e3'
SELECT `n`, CAST(CASE WHEN `word` IS NULL OR `word` RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN `word` ELSE raise_error(concat('Lakebook: not a DOUBLE that both engines read alike: ', `word`)) END AS DOUBLE) AS `a`
FROM `edges`
WHERE (`word` = '1e3')

-- SELECT n, ('1e' || (300 + n))::DOUBLE AS a FROM edges
SELECT `n`, CAST(CASE WHEN ('1e' || (300 + `n`)) IS NULL OR ('1e' || (300 + `n`)) RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN ('1e' || (300 + `n`)) ELSE raise_error(concat('Lakebook: not a DOUBLE that both engines read alike: ', ('1e' || (300 + `n`)))) END AS DOUBLE) AS `a`
FROM `edges`

-- SELECT n, word::DECIMAL(6,1) AS a FROM edges WHERE word IN ('12.50', '-7', '0012')
SELECT `n`, CAST(CASE WHEN `word` IS NULL OR `word` RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN `word` ELSE raise_error(concat('Lakebook: not a DECIMAL(6,1) that both engines read alike: ', `word`)) END AS DECIMAL(6,1)) AS `a`
FROM `edges`
WHERE (`word` IN ('12.50', '-7', '0012'))

-- SELECT n, try_cast(word AS INTEGER) AS a FROM edges WHERE word NOT IN ('12.50', '1e3')
SELECT `n`, CASE WHEN `word` RLIKE '\\A[+-]?[0-9]+\\z' THEN try_cast(`word` AS INT) WHEN `word` RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a INT that both engines read alike: ', `word`)) END AS `a`
FROM `edges`
WHERE (`word` NOT IN ('12.50', '1e3'))

-- SELECT n, try_cast(word AS INTEGER) AS a FROM edges
SELECT `n`, CASE WHEN `word` RLIKE '\\A[+-]?[0-9]+\\z' THEN try_cast(`word` AS INT) WHEN `word` RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a INT that both engines read alike: ', `word`)) END AS `a`
FROM `edges`

-- SELECT n, try_cast(word AS BIGINT) AS a, try_cast(word AS DOUBLE) AS b FROM edges WHERE word NOT IN ('12.50', '1e3')
SELECT `n`, CASE WHEN `word` RLIKE '\\A[+-]?[0-9]+\\z' THEN try_cast(`word` AS BIGINT) WHEN `word` RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a BIGINT that both engines read alike: ', `word`)) END AS `a`, CASE WHEN `word` RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN try_cast(`word` AS DOUBLE) WHEN `word` RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a DOUBLE that both engines read alike: ', `word`)) END AS `b`
FROM `edges`
WHERE (`word` NOT IN ('12.50', '1e3'))

-- SELECT n, try_cast(word AS DOUBLE) AS a, try_cast(word AS DECIMAL(8,2)) AS b FROM edges
SELECT `n`, CASE WHEN `word` RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN try_cast(`word` AS DOUBLE) WHEN `word` RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a DOUBLE that both engines read alike: ', `word`)) END AS `a`, CASE WHEN `word` RLIKE '\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z' THEN try_cast(`word` AS DECIMAL(8,2)) WHEN `word` RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a DECIMAL(8,2) that both engines read alike: ', `word`)) END AS `b`
FROM `edges`

-- SELECT n, try_cast('2021-02-' || (20 + n) AS DATE) AS a, try_cast(word AS DATE) AS b, try_cast(word AS TIMESTAMP) AS c FROM edges
SELECT `n`, CASE WHEN ('2021-02-' || (20 + `n`)) RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z' THEN try_cast(('2021-02-' || (20 + `n`)) AS DATE) WHEN ('2021-02-' || (20 + `n`)) RLIKE '(?i)\\A[ \\t\\n\\x0B\\f\\r]*([+-]?[0-9]+[ \\t\\n\\x0B\\f\\r]*[-/\\\\ ][ \\t\\n\\x0B\\f\\r]*[0-9]|[+-]?(epoch|inf))' THEN raise_error(concat('Lakebook: not a DATE that both engines read alike: ', ('2021-02-' || (20 + `n`)))) END AS `a`, CASE WHEN `word` RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z' THEN try_cast(`word` AS DATE) WHEN `word` RLIKE '(?i)\\A[ \\t\\n\\x0B\\f\\r]*([+-]?[0-9]+[ \\t\\n\\x0B\\f\\r]*[-/\\\\ ][ \\t\\n\\x0B\\f\\r]*[0-9]|[+-]?(epoch|inf))' THEN raise_error(concat('Lakebook: not a DATE that both engines read alike: ', `word`)) END AS `b`, CASE WHEN `word` RLIKE '\\A[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?\\z' THEN try_cast(`word` AS TIMESTAMP_NTZ) WHEN `word` RLIKE '(?i)\\A[ \\t\\n\\x0B\\f\\r]*([+-]?[0-9]+[ \\t\\n\\x0B\\f\\r]*[-/\\\\ ][ \\t\\n\\x0B\\f\\r]*[0-9]|[+-]?(epoch|inf))' THEN raise_error(concat('Lakebook: not a TIMESTAMP_NTZ that both engines read alike: ', `word`)) END AS `c`
FROM `edges`

-- SELECT n, try_cast('9' || big AS BIGINT) AS a, try_cast(n::VARCHAR AS TINYINT) AS b FROM edges WHERE big >= 0
SELECT `n`, CASE WHEN ('9' || `big`) RLIKE '\\A[+-]?[0-9]+\\z' THEN try_cast(('9' || `big`) AS BIGINT) WHEN ('9' || `big`) RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a BIGINT that both engines read alike: ', ('9' || `big`))) END AS `a`, CASE WHEN CAST(`n` AS STRING) RLIKE '\\A[+-]?[0-9]+\\z' THEN try_cast(CAST(`n` AS STRING) AS TINYINT) WHEN CAST(`n` AS STRING) RLIKE '\\A[ \\t\\n\\x0B\\f\\r]*([+-]{0,2}[.]?[0-9](?!.*[0-9_.][ \\t\\n\\x0B\\f\\r]*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-][ \\t\\n\\x0B\\f\\r]+|(?i)[+-]{0,2}(inf|nan).*)\\z' THEN raise_error(concat('Lakebook: not a TINYINT that both engines read alike: ', CAST(`n` AS STRING))) END AS `b`
FROM `edges`
WHERE (`big` >= 0)

-- SELECT string_agg(word, '' ORDER BY n) AS a, string_agg(NULL::VARCHAR, ',' ORDER BY n) AS b, string_agg(nullif(word, 'abc'), ',' ORDER BY n) AS c FROM edges WHERE n < 40
SELECT listagg(`word`, '') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) AS `a`, listagg(CAST(NULL AS STRING), ',') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) AS `b`, listagg(CASE WHEN `word` = 'abc' THEN NULL ELSE `word` END, ',') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) AS `c`
FROM `edges`
WHERE (`n` < 40)

-- SELECT tiny, string_agg(nullif(n::VARCHAR, '7'), ',' ORDER BY n DESC) AS a, string_agg(word, ',' ORDER BY word NULLS FIRST, n) AS b FROM edges GROUP BY tiny
SELECT `tiny`, listagg(CASE WHEN CAST(`n` AS STRING) = '7' THEN NULL ELSE CAST(`n` AS STRING) END, ',') WITHIN GROUP (ORDER BY `n` DESC NULLS LAST) AS `a`, listagg(`word`, ',') WITHIN GROUP (ORDER BY `word` ASC NULLS FIRST, `n` ASC NULLS LAST) AS `b`
FROM `edges`
GROUP BY `tiny`

-- SELECT yes, string_agg(n::VARCHAR, ',' ORDER BY n) FILTER (WHERE word IS NULL) AS a FROM edges GROUP BY yes
SELECT `yes`, listagg(CAST(`n` AS STRING), ',') WITHIN GROUP (ORDER BY `n` ASC NULLS LAST) FILTER (WHERE (`word` IS NULL)) AS `a`
FROM `edges`
GROUP BY `yes`

-- SELECT n, starts_with(word, '') AS a, ends_with(word, NULL) AS b, contains(word, 'ß') AS c, position('' IN word) AS d, contains(word, NULL) AS e FROM edges
SELECT `n`, startswith(`word`, '') AS `a`, endswith(`word`, NULL) AS `b`, contains(`word`, 'ß') AS `c`, CAST(instr(`word`, '') AS BIGINT) AS `d`, contains(`word`, NULL) AS `e`
FROM `edges`

-- SELECT n, left(word, -1) AS a FROM edges
-- refused: left() with a length that is not a number from 0 at `left` (write the number)

-- SELECT n, substring(word, 0, 2) AS a FROM edges
-- refused: substring() with a position that is not a number from 1 at `substring` (write the number)

-- SELECT n, substring(word, -2) AS a FROM edges
-- refused: substring() with a position that is not a number from 1 at `substring` (write the number)

-- SELECT n, format('{}-{}', n, word) AS a FROM edges
-- refused: format() at `format` (join the parts with ||)

-- SELECT n, word[1] AS a FROM edges
-- refused: x[...] of VARCHAR at `word`
