import type {
  TRPCBuiltRouter,
  TRPCErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from '@trpc/server';
import type {
  AdvanceClockInput,
  Balance,
  Clock,
  ConfirmTopupInput,
  EndInput,
  GenerateInput,
  Generation,
  LedgerEntry,
  Mode,
  Page,
  PageInput,
  Reason,
  Session,
  SessionDetail,
  StartInput,
  Status,
  ToggleInput,
  Topup,
  TopupInput,
  Usage,
  UsageInput,
} from '../types.ts';

/** An API key as it can be shown: never the secret, of which only a hash is kept. */
export interface ApiKey {
  id: string;
  name: string;
  mode: Mode;
  /** The key's first characters, to recognise it by. */
  prefix: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** `secret` is the whole key and is shown this once; a replay of the same call answers null for it. */
export interface CreatedApiKey extends ApiKey {
  secret: string | null;
}

export interface CreateApiKeyInput {
  name: string;
  expiresAt?: string | null | undefined;
}

export interface ById {
  id: string;
}

/** What stands in `error.data` of a refused or failed call. Further fields depend on the reason. */
export interface HourlyErrorData {
  message: string;
  /** tRPC's name for the status, e.g. `CONFLICT`. */
  code: string;
  httpStatus: number;
  reason: Reason;
  requestId: string;
  [field: string]: unknown;
}

/** Makes repetitions of one logical call harmless; the provider's client adds one where it is missing. */
interface Keyed {
  idempotencyKey?: string | undefined;
}

interface Query<Input, Output>
  extends TRPCQueryProcedure<{ input: Input; output: Output; meta: unknown }> {}

interface Mutation<Input, Output>
  extends TRPCMutationProcedure<{ input: Input; output: Output; meta: unknown }> {}

/** Input of a mutation; where every field is optional, so is the whole. */
type Optional<Input> = (Input & Keyed) | undefined;

type HourlyProcedures = {
  hourlyUsage: {
    start: Mutation<Optional<StartInput>, Session>;
    toggle: Mutation<Optional<ToggleInput>, Session>;
    end: Mutation<Optional<EndInput>, Session>;
    status: Query<void, Status>;
    topup: Mutation<TopupInput & Keyed, Topup>;
    balance: Query<void, Balance>;
    confirmTopup: Mutation<ConfirmTopupInput & Keyed, Topup>;
    topups: Query<PageInput | undefined, Page<Topup>>;
    topupById: Query<ById, Topup>;
    generate: Mutation<GenerateInput & Keyed, Generation>;
    generations: Query<PageInput | undefined, Page<Generation>>;
    generation: Query<ById, Generation>;
    cancelGeneration: Mutation<ById & Keyed, Generation>;
    sessions: Query<PageInput | undefined, Page<Session>>;
    session: Query<ById, SessionDetail>;
    transactions: Query<PageInput | undefined, Page<LedgerEntry>>;
    usage: Query<UsageInput | undefined, Usage>;
    advanceClock: Mutation<AdvanceClockInput & Keyed, Clock>;
    keys: {
      list: Query<PageInput | undefined, Page<ApiKey>>;
      create: Mutation<CreateApiKeyInput & Keyed, CreatedApiKey>;
      revoke: Mutation<ById & Keyed, ApiKey>;
    };
  };
};

interface HourlyRoot {
  ctx: object;
  meta: object;
  errorShape: TRPCErrorShape<HourlyErrorData>;
  transformer: false;
}

/**
 * The type of Hourly's tRPC router, written out: the inferred one would drag the server's types into every consumer's
 * editor. A type test holds its inputs and outputs equal to the router's own.
 */
export interface HourlyRouter extends TRPCBuiltRouter<HourlyRoot, HourlyProcedures> {}
