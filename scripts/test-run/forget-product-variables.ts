import { isProductVariable } from '../environment/product-variables.ts';

/** Tests must not talk to what a developer works with, real keys least of all. */
export function forgetProductVariables(): void {
  for (const name of Object.keys(process.env)) {
    if (isProductVariable(name)) delete process.env[name];
  }
}
