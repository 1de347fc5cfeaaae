import type { AppRouter } from '@hourly/api';
import type * as contract from '@hourly/contract';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type * as sdk from '../src/index.ts';
import type * as react from '../src/react/index.ts';

/** The same type in one piece: intersections and interfaces compare as what they amount to. */
type Flat<T> = T extends readonly (infer Item)[]
  ? Flat<Item>[]
  : T extends object
    ? { [Field in keyof T]: Flat<T[Field]> }
    : T;

/** Without what has its own place in the SDK: the key stands in the options of a call. */
type Unkeyed<T> = Flat<Omit<NonNullable<T>, 'idempotencyKey'>>;

/** Query strings carry the limit as text; programs have no reason to. */
type InProgram<T> = T extends { limit?: unknown }
  ? Flat<Omit<T, 'limit'> & { limit?: number | undefined }>
  : Flat<T>;

type Theirs = typeof contract;
type Output<Name extends keyof Theirs> = Theirs[Name] extends z.ZodType
  ? Flat<z.output<Theirs[Name]>>
  : never;
type Input<Name extends keyof Theirs> = Theirs[Name] extends z.ZodType
  ? Unkeyed<z.input<Theirs[Name]>>
  : never;

describe("the SDK's types", () => {
  it('are what the contract answers', () => {
    expectTypeOf<Flat<sdk.Session>>().toEqualTypeOf<Output<'session'>>();
    expectTypeOf<Flat<sdk.SessionDetail>>().toEqualTypeOf<Output<'sessionDetail'>>();
    expectTypeOf<Flat<sdk.Balance>>().toEqualTypeOf<Output<'balance'>>();
    expectTypeOf<Flat<sdk.Status>>().toEqualTypeOf<Output<'status'>>();
    expectTypeOf<Flat<sdk.Clock>>().toEqualTypeOf<Output<'clock'>>();
    expectTypeOf<Flat<sdk.Topup>>().toEqualTypeOf<Output<'topup'>>();
    expectTypeOf<Flat<sdk.LedgerEntry>>().toEqualTypeOf<Output<'ledgerEntry'>>();
    expectTypeOf<Flat<sdk.Usage>>().toEqualTypeOf<Output<'usage'>>();
    expectTypeOf<Flat<sdk.Generation>>().toEqualTypeOf<Output<'generation'>>();
    expectTypeOf<Flat<react.ApiKey>>().toEqualTypeOf<Output<'apiKey'>>();
    expectTypeOf<Flat<react.CreatedApiKey>>().toEqualTypeOf<Output<'createdApiKey'>>();
    expectTypeOf<Flat<sdk.Page<sdk.Topup>>>().toEqualTypeOf<Flat<contract.Page<contract.Topup>>>();
  });

  it('are what the contract asks for', () => {
    expectTypeOf<Flat<sdk.StartInput>>().toEqualTypeOf<Input<'startInput'>>();
    expectTypeOf<Flat<sdk.ToggleInput>>().toEqualTypeOf<Input<'toggleInput'>>();
    expectTypeOf<Flat<sdk.EndInput>>().toEqualTypeOf<Input<'endInput'>>();
    expectTypeOf<Flat<sdk.TopupInput>>().toEqualTypeOf<Input<'topupInput'>>();
    expectTypeOf<Flat<sdk.ConfirmTopupInput>>().toEqualTypeOf<Input<'confirmTopupInput'>>();
    expectTypeOf<Flat<sdk.GenerateInput>>().toEqualTypeOf<Input<'generateInput'>>();
    expectTypeOf<Flat<sdk.AdvanceClockInput>>().toEqualTypeOf<Input<'advanceClockInput'>>();
    expectTypeOf<Flat<sdk.UsageInput>>().toEqualTypeOf<Input<'usageInput'>>();
    expectTypeOf<Flat<sdk.PageInput>>().toEqualTypeOf<InProgram<Input<'pageInput'>>>();
    expectTypeOf<Flat<react.CreateApiKeyInput>>().toEqualTypeOf<Input<'createApiKeyInput'>>();
  });

  it('list every reason', () => {
    expectTypeOf<sdk.Reason>().toEqualTypeOf<contract.Reason>();
  });
});

type Procedures<Router> = Router extends { hourlyUsage: infer Usage } ? Usage : never;

/** The input without the ways to leave it out. */
type Said<T> = T extends object ? T : never;

/** One procedure's input: null where it wants nothing, which the server writes as an object without fields. */
type Asked<T> = [Said<T>] extends [never]
  ? null
  : string extends keyof Said<T>
    ? null
    : InProgram<Said<T>> | (undefined extends T ? undefined : never);

type AllAsked<T> = {
  [Name in keyof T]: Name extends 'keys'
    ? { [Inner in keyof T[Name]]: Asked<T[Name][Inner]> }
    : Asked<T[Name]>;
};

describe("the hooks' router", () => {
  it("answers as the server's", () => {
    expectTypeOf<Flat<inferRouterOutputs<react.HourlyRouter>>>().toEqualTypeOf<
      Flat<inferRouterOutputs<AppRouter>>
    >();
  });

  it("asks as the server's", () => {
    expectTypeOf<AllAsked<Procedures<inferRouterInputs<react.HourlyRouter>>>>().toEqualTypeOf<
      AllAsked<Procedures<inferRouterInputs<AppRouter>>>
    >();
  });
});
