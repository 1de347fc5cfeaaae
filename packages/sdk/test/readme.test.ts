import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHourlyServer } from './hourly-server.ts';

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = readFileSync(join(packageDir, 'README.md'), 'utf8');

interface Snippet {
  /** Where a file of this name would find the package by its own name. */
  file: string;
  line: number;
  code: string;
}

const snippets: Snippet[] = [...readme.matchAll(/^```(tsx?)\n(.*?)^```$/gms)].map((match) => {
  const [, language = '', code = ''] = match;
  const line = readme.slice(0, match.index).split('\n').length + 1;
  return { file: join(packageDir, `readme-line-${line}.${language}`), line, code };
});

/** Snippets after the first go on with its client. */
const prelude =
  "import type { Hourly as Client } from '@hourly/sdk'; declare const hourly: Client;";

const programTextOf = ({ code }: Snippet): string =>
  /\bhourly\b(?= =|.*@hourly\/sdk\/react)/.test(code) ? code : `${prelude}${code}\nexport {};`;

describe('the README', () => {
  it('compiles, every snippet', () => {
    expect(snippets.length).toBeGreaterThan(8);
    expect(problemsOf(snippets)).toEqual([]);
  }, 60_000);

  it('is read by a compiler that sees mistakes', () => {
    const mistake = { file: join(packageDir, 'readme-line-7.ts'), line: 7 };
    const code = 'await hourly.sessions.start({\n  maxHour: 3 });';
    expect(problemsOf([{ ...mistake, code }])).toEqual([
      expect.stringMatching(/^README\.md:8 .*maxHour/),
    ]);
  }, 60_000);

  it('succeeds within its first 40 lines', async () => {
    const [first] = snippets;
    if (first === undefined) return expect.fail('the README has no snippet');
    expect(first.line + first.code.split('\n').length).toBeLessThan(40);
    const server = await startHourlyServer();
    onTestFinished(() => server.stop());
    const { outputText } = ts.transpileModule(first.code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', outputText],
      {
        cwd: packageDir,
        timeout: 30_000,
        env: {
          ...process.env,
          HOURLY_BASE_URL: server.url,
          HOURLY_API_KEY: await server.createApiKey('user_readme', 'test'),
        },
      },
    );
    expect(stdout).toMatch(/^completed http:\/\/127\.0\.0\.1:\d+\/api\/\S+\n1 h cost \$15\n$/);
  }, 60_000);
});

/** What the compiler says against the snippets, by their line in the README. */
function problemsOf(all: Snippet[]): string[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
    jsx: ts.JsxEmit.ReactJSX,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map(all.map((snippet) => [snippet.file, programTextOf(snippet)]));
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file);
    if (text === undefined) return getSourceFile(file, language, ...rest);
    return ts.createSourceFile(file, text, language);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return all.flatMap(({ file, line }) => {
    const source = program.getSourceFile(file);
    const problems = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return problems.map((problem) => {
      const within = source?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
      return `README.md:${line + within} ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`;
    });
  });
}
