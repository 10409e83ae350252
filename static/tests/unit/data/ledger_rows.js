/** A public view of a ledger row, as `sci_start` and `sci_poll` return it. */
export function makeView(changes = {}) {
    return {
        id: 7,
        payment_uuid: "line-1",
        attempt: 1,
        order_uuid: "order-1",
        kind: "purchase",
        status: "PENDING",
        financial_status: false,
        version: 1,
        message: "",
        amounts: {purchase_amount: 1250},
        result_amounts: {},
        merchant_receipt: false,
        customer_receipt: false,
        pos_instructions: false,
        error: false,
        terminal_id: 3,
        terminal_name: "Front Bar",
        config_id: 1,
        cancel_requested: false,
        overridden: false,
        paid: false,
        unresolved: true,
        silent_for: 0,
        look_every: 2,
        elapsed: 0,
        held: true,
        order_id: 1,
        order_state: "draft",
        posted: Boolean(changes.paid),
        cancel_state: changes.cancel_requested ? "accepted" : false,
        ...changes,
    };
}

function final(outcome, changes = {}) {
    return makeView({
        status: "FINALISED",
        financial_status: outcome,
        version: 9,
        unresolved: false,
        ...changes,
    });
}

const REFUSAL = {code: "terminal_busy", message: "Busy."};
const CHOICE = {code: "terminal_required", message: "Which terminal?"};

/** Each state that a row can be in (docs/ledger.md "States"), by name. */
export const ROWS = {
    draft: makeView({status: "draft", version: 0}),
    sending: makeView({status: "sending", version: 0}),
    pending: makeView(),
    awaiting: makeView({status: "AWAITING_POS", version: 2}),
    unknown: makeView({status: "unknown", version: 0}),
    final_unknown: final("UNKNOWN", {unresolved: true}),
    approved: final("APPROVED", {paid: true}),
    declined: final("DECLINED"),
    cancelled: final("CANCELLED"),
    final_unknown_overridden_yes: final("UNKNOWN", {overridden: "yes", paid: true}),
    final_unknown_overridden_no: final("UNKNOWN", {overridden: "no"}),
    unknown_overridden_yes: makeView({
        status: "unknown",
        overridden: "yes",
        paid: true,
        unresolved: false,
    }),
    unknown_overridden_no: makeView({
        status: "unknown",
        overridden: "no",
        unresolved: false,
    }),
    given_up: makeView({unresolved: false}),
    not_sent: makeView({status: "not_sent", unresolved: false, error: REFUSAL}),
    no_row: makeView({id: false, status: "not_sent", unresolved: false, error: CHOICE}),
};
