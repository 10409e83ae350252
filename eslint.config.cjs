// The OCA template's rules for 19.0. Odoo's own files are modules without ".esm".
const globals = require("globals");
const jsdoc = require("eslint-plugin-jsdoc");

const errors = `
    init-declarations no-cond-assign no-const-assign no-debugger no-dupe-args
    no-dupe-class-members no-dupe-keys no-duplicate-case no-duplicate-imports
    no-empty-function no-empty-pattern no-eq-null no-eval no-ex-assign no-func-assign
    no-global-assign no-lonely-if no-undef no-unneeded-ternary no-unreachable
    no-unsafe-finally no-unused-expressions no-unused-labels no-unused-vars
    no-use-before-define use-isnan`;

// The template only warns of these: ./dev/lint mends some, and fails for none of them.
const warnings = `
    accessor-pairs array-callback-return constructor-super dot-notation eqeqeq
    max-depth max-nested-callbacks no-alert no-array-constructor no-caller
    no-case-declarations no-class-assign no-constant-condition no-control-regex
    no-delete-var no-div-regex no-else-return no-empty-character-class no-empty
    no-extend-native no-extra-bind no-extra-boolean-cast no-extra-label no-fallthrough
    no-implied-eval no-inner-declarations no-invalid-regexp no-irregular-whitespace
    no-iterator no-label-var no-labels no-lone-blocks no-multi-str no-negated-condition
    no-new-func no-new-wrappers no-new no-obj-calls no-octal-escape no-octal
    no-param-reassign no-proto no-prototype-builtins no-redeclare no-regex-spaces
    no-script-url no-self-assign no-self-compare no-sequences no-shadow-restricted-names
    no-shadow no-sparse-arrays no-this-before-super no-throw-literal no-undef-init
    no-unmodified-loop-condition no-useless-call no-useless-computed-key
    no-useless-concat no-useless-constructor no-useless-escape no-useless-rename no-void
    no-with prefer-const radix require-yield valid-typeof yoda
    jsdoc/check-tag-names jsdoc/check-types`;

const all = (names, level) =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, level])
  );

module.exports = [
  {
    files: ["**/*.js"],
    plugins: {jsdoc},
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: "module",
      globals: {
        luxon: "readonly",
        odoo: "readonly",
        owl: "readonly",
        ...globals.browser,
      },
    },
    rules: {
      ...all(warnings, "warn"),
      ...all(errors, "error"),
      complexity: ["warn", 15],
      "no-implicit-coercion": ["warn", {allow: ["~"]}],
      "operator-assignment": ["error", "always"],
      "spaced-comment": ["error", "always"],
      strict: ["error", "function"],
    },
    settings: {
      jsdoc: {
        preferredTypes: {
          array: "Array",
          bool: "Boolean",
          boolean: "Boolean",
          number: "Number",
          object: "Object",
          str: "String",
          string: "String",
        },
      },
    },
  },
];
