/** Something that goes wrong while an act is on. */
export type Accident =
  /** The process dies before or after its n-th call of the database or the provider: nothing of it runs any further. */
  | { kind: 'dies'; call: number; when: 'before' | 'after' }
  /** The n-th call of the database fails; `after`: it was done, but nobody learns of it. */
  | { kind: 'breaks'; call: number; when: 'before' | 'after' }
  | Outage;

/** The provider fails from its n-th call on, so many times. */
export interface Outage {
  kind: 'outage';
  mode: 'status' | 'hang' | 'reset' | 'lose_answer' | 'malformed';
  status: number;
  /** It does what it was asked for, and fails then. */
  afterWork: boolean;
  call: number;
  times: number;
}

/** How the provider takes a refund of ours. */
export type RefundOutcome = 'processed' | 'pending' | 'failed' | 'refused' | 'conflict';

export type Share = 'whole' | 'half' | 'crumb';

/** How an event of the provider arrives. */
export type Letter = 'as sent' | 'forged' | 'tampered' | 'unsigned';

interface Base {
  /** The customer it is about. */
  who: number;
  /** Which of several things, the newest first. */
  nth: number;
  accident: Accident | null;
}

/** What a customer, the provider, the operator or the worker does. */
export type Act = Base &
  (
    | { do: 'buy'; cents: number; asks: 'once' | 'again' | 'twice at once' }
    | {
        do: 'pay';
        order: 'shown' | 'lost' | 'foreign' | 'none';
        payment: 'right' | 'second' | 'short' | 'in dollars' | 'fails' | 'begins' | 'is held';
      }
    /** A bank confirms a payment late, or somebody captures it at the provider's dashboard. */
    | { do: 'confirmLate'; by: 'bank' | 'dashboard'; captureAfterSeconds: number | null }
    | { do: 'deliver'; order: number; letter: Letter; copies: 1 | 2 }
    | { do: 'confirm'; by: 'owner' | 'stranger'; signature: 'right' | 'forged' }
    | { do: 'session'; to: 'started' | 'paused' | 'active' | 'ended'; hours: number }
    | {
        do: 'refund';
        share: Share;
        becomes: RefundOutcome;
        afterSeconds: number;
        asks: 'once' | 'again';
        isSentAtOnce: boolean;
      }
    | { do: 'giveBack'; becomes: RefundOutcome; isSentAtOnce: boolean }
    | { do: 'sendRefund' }
    | { do: 'refundAtProvider'; share: Share; becomes: 'processed' | 'pending' | 'failed' }
    | { do: 'settleRefund'; as: 'processed' | 'failed' }
    | { do: 'dispute'; share: Share }
    | { do: 'decide'; turn: 'under_review' | 'action_required' | 'won' | 'lost' | 'closed' }
    | { do: 'work' }
    | { do: 'reconcile'; all: boolean }
    | { do: 'checkRefunds' }
    | { do: 'compare' }
    | { do: 'replay' }
    /** The secret of the webhooks changes; `alone`: the one before is accepted no longer. */
    | { do: 'rotate'; isAlone: boolean }
    | { do: 'pass'; seconds: number }
    | { do: 'together'; acts: Act[] }
  );

export type ActOf<Name extends Act['do']> = Extract<Act, { do: Name }>;

/** The stories of several customers, told in one another's midst, as they happen in one product. */
export interface Chapter {
  customers: number;
  /** What becomes of the events that no act delivers. */
  otherMail: 'arrives' | 'is lost';
  acts: Act[];
}
