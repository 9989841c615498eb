import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { ROOT } from './run-command-line.ts';
import { filesOfTree } from './test-suites.ts';

/** An export that only tests use. */
export type UnusedExport = { readonly file: string; readonly name: string };

/** Names in one module, read without type information. */
type Module = {
  readonly exports: readonly string[];
  /** Its own names with the number of their occurrences. */
  readonly written: ReadonlyMap<string, number>;
  /** Names taken from other modules; `*` when they cannot be determined. */
  readonly takes: readonly { readonly from: string; readonly name: string }[];
};

/**
 * Exports of `src` that nothing in `src`, `scripts` and `docker` uses: neither another module nor
 * the rest of their own. At most tests use them.
 *
 * @param files texts by path from the root, without tests.
 */
export function unusedExports(files: ReadonlyMap<string, string>): readonly UnusedExport[] {
  const modules = new Map<string, Module>();
  for (const [file, text] of files) modules.set(file, readModule(file, text));
  const taken = new Set<string>();
  for (const { takes } of modules.values()) {
    for (const { from, name } of takes) taken.add(`${from} ${name}`);
  }
  return [...modules].flatMap(([file, { exports, written }]) => {
    if (!file.startsWith('src/') || taken.has(`${file} *`)) return [];
    const unused = exports.filter(
      (name) => !taken.has(`${file} ${name}`) && (written.get(name) ?? 0) < 2,
    );
    return unused.map((name) => ({ file, name }));
  });
}

/** The sources of this repository, without tests. */
export function readSources(): ReadonlyMap<string, string> {
  const sources = filesOfTree().filter((file) =>
    /^(src|scripts|docker|config)\/.+\.tsx?$/.test(file),
  );
  return new Map(sources.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}

function readModule(file: string, text: string): Module {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const exports: string[] = [];
  const written = new Map<string, number>();
  const takes: { from: string; name: string }[] = [];
  const take = (specifier: string, name: string): void => {
    if (specifier.startsWith('.'))
      takes.push({ from: normalize(join(dirname(file), specifier)), name });
  };
  for (const statement of source.statements) {
    exports.push(...exportsOf(statement));
    takeAll(statement, take);
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) written.set(node.text, (written.get(node.text) ?? 0) + 1);
    const later = laterImport(node);
    if (later !== undefined) take(later, '*');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { exports, written, takes };
}

function exportsOf(statement: ts.Statement): readonly string[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  const { name } = statement as ts.Statement & { readonly name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

/**
 * Collects imports and re-exports. A re-export counts as use, because its new place is checked too.
 */
function takeAll(statement: ts.Statement, take: (specifier: string, name: string) => void): void {
  if (ts.isImportDeclaration(statement)) {
    const { text } = statement.moduleSpecifier as ts.StringLiteral;
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) take(text, '*');
    if (bindings && ts.isNamedImports(bindings)) {
      for (const { name, propertyName } of bindings.elements)
        take(text, (propertyName ?? name).text);
    }
    if (statement.importClause?.name) take(text, 'default');
  }
  if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
    const { text } = statement.moduleSpecifier as ts.StringLiteral;
    const { exportClause } = statement;
    if (exportClause && ts.isNamedExports(exportClause)) {
      for (const { name, propertyName } of exportClause.elements)
        take(text, (propertyName ?? name).text);
    } else {
      take(text, '*');
    }
  }
}

/** A module loaded by `import()` or used by an import type: all of it may be used. */
function laterImport(node: ts.Node): string | undefined {
  const argument =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
      ? node.arguments[0]
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : undefined;
  return argument && ts.isStringLiteral(argument) ? argument.text : undefined;
}
