import resolve from '@rollup/plugin-node-resolve';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';

/**
 * The core imports nothing, neither in its code nor in its types. The hooks leave React, React Query and tRPC to the
 * application, which must have one copy of each.
 */
const entries = [
  { input: 'src/index.ts', name: 'index', external: [] },
  {
    input: 'src/react/index.ts',
    name: 'react',
    external: [/^react($|\/)/, /^@tanstack\/react-query$/, /^@trpc\//],
    // Bundlers read it from the file's first line; rollup drops it from modules.
    banner: "'use client';",
  },
];

/** Of the directive in the source, which the banner replaces. */
const expected = ['MODULE_LEVEL_DIRECTIVE', 'SOURCEMAP_ERROR'];

const failOnWarning = (warning, warn) => {
  if (expected.includes(warning.code)) return;
  warn(warning);
  throw new Error(`The build has a warning: ${warning.message}`);
};

export default entries.flatMap(({ input, name, external, banner }) => [
  {
    input,
    external,
    plugins: [esbuild({ target: 'es2022', tsconfig: './tsconfig.json' }), resolve()],
    output: [
      { file: `dist/${name}.js`, format: 'es', banner },
      { file: `dist/${name}.cjs`, format: 'cjs', banner },
    ],
    onwarn: failOnWarning,
  },
  {
    input,
    external,
    plugins: [dts({ tsconfig: './tsconfig.json' })],
    output: [
      { file: `dist/${name}.d.ts`, format: 'es' },
      { file: `dist/${name}.d.cts`, format: 'es' },
    ],
    onwarn: failOnWarning,
  },
]);
