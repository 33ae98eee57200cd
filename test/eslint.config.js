import { defineConfig } from "eslint/config";
import { importX } from "eslint-plugin-import-x";
import { configs as litConfigs } from "eslint-plugin-lit";
import { configs as wcConfigs } from "eslint-plugin-wc";
import tseslint from "typescript-eslint";

const typescript = ["**/*.ts"];

/** They end early, without an exception, when a query fails or is interrupted: rows go missing silently. */
const streamingMethods = [
  "stream",
  "streamAndRead",
  "streamAndReadAll",
  "streamAndReadUntil",
  "startStream",
  "startStreamThenRead",
  "startStreamThenReadAll",
  "startStreamThenReadUntil",
];

const importsEndInJs = {
  selector:
    ":matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration, ImportExpression)[source.value=/^\\.{1,2}\\u002F(?!.*\\.(js|css|json|svg)(\\?\\w+)?$)/]",
  message: "End a relative import in .js.",
};

/** A statement, or a part of one, that an engine would run. */
const sqlStatement =
  "/^\\s*(SELECT|FROM|WITH|COPY|CREATE|DROP|ALTER|INSERT|ATTACH|DESCRIBE|SUMMARIZE|ORDER BY|GROUP BY|LIMIT)\\b/";
const noDialect = [`TemplateElement[value.raw=${sqlStatement}]`, `Literal[value=${sqlStatement}]`].map(
  (selector) => ({
    selector,
    message: "Only server/engine writes an engine's SQL: ask by a verb of the engine, with data.",
  }),
);

/** A name of a type as an engine writes it, or a pattern that looks for one. */
const typeName =
  "\\b(VARCHAR|BLOB|BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL|TIMESTAMP(TZ)?|INTERVAL|STRUCT|GEOMETRY|VARIANT)\\b";
const noTypeNames = [
  `Literal[value=/^${typeName}/]`,
  `Literal[regex.pattern=/${typeName}/]`,
  'BinaryExpression:has(> :matches(MemberExpression[property.name="type"], Identifier[name="type"])) > Literal[value=/^(DATE|TIME|JSON|UUID|ENUM|MAP|LIST|UNION|BIT)$/]',
].map((selector) => ({
  selector,
  message: "Only server/engine knows an engine's names of types: ask for a column's kind.",
}));

export default defineConfig(
  { ignores: ["dist/", "node_modules/", "test/artifacts/", "test/notebooks/", "**/generated/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },

  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "import-x": importX },
    rules: {
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // The compiler reports unused names, and lets an underscore mark one that is meant.
      "@typescript-eslint/no-unused-vars": "off",
      "import-x/no-default-export": "error",
      "no-restricted-syntax": ["error", importsEndInJs],
    },
  },

  {
    // An export is a script for DuckDB's own shell, and an import edits such a script: that is what they are for.
    files: ["server/**/*.ts"],
    ignores: ["server/engine/**", "server/export/export-sql.ts", "server/import/**"],
    rules: { "no-restricted-syntax": ["error", importsEndInJs, ...noDialect, ...noTypeNames] },
  },

  {
    // The editor knows the words of SQL.
    files: ["client/**/*.ts"],
    ignores: ["client/editor/**"],
    rules: { "no-restricted-syntax": ["error", importsEndInJs, ...noTypeNames] },
  },

  {
    files: ["server/engine/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...streamingMethods.map((property) => ({
          property,
          message: "DuckDB's streams swallow errors and interrupts. Use run* and page through a table.",
        })),
      ],
    },
  },

  {
    files: ["client/**/*.ts"],
    extends: [litConfigs["flat/recommended"], wcConfigs["flat/recommended"]],
  },

  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },

  {
    // Tools ask for the default export of their configuration, reporter or setup.
    files: ["client/vite.config.ts", "test/*.ts", "test/docs/*.ts"],
    rules: { "import-x/no-default-export": "off" },
  },

  { files: ["**/*.js", "**/*.cjs"], extends: [tseslint.configs.recommended] },
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs" } },
);
