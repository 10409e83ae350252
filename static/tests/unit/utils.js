import {Deferred, freezeTime, tick} from "@odoo/hoot";
import {NoAnswer, Refused} from "@pos_mx51_sci/app/sci/sci_transport";

/** A public view of a ledger row, as `sci_start` and `sci_poll` answer it. */
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
        elapsed: 0,
        held: true,
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

/** Each state of `ledger-states.md` that a row can be in, by name. */
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

/** Lets promises run their course; no time passes. */
export async function settle() {
    for (let turn = 0; turn < 5; turn++) {
        await tick();
    }
}

const KINDS = [
    "start",
    "poll",
    "look",
    "cancel",
    "submit",
    "override",
    "resume",
    "find",
];

/**
 * Stands in for SciTransport: the test sees each question and gives the answer when it
 * likes, or a view (or error) that is given at once as often as it is asked for.
 */
export class FakeTransport {
    constructor() {
        this.asked = [];
        this.standing = {};
        for (const kind of KINDS) {
            this[kind] = (...args) => this.question(kind, args);
        }
    }

    question(kind, args) {
        const answer = new Deferred();
        this.asked.push({kind, args, answer});
        if (kind in this.standing) {
            this.give(answer, this.standing[kind]);
        }
        return answer;
    }

    give(answer, content) {
        if (content instanceof Error) {
            answer.reject(content);
        } else {
            answer.resolve(content);
        }
    }

    count(kind) {
        return this.asked.filter((question) => question.kind === kind).length;
    }

    last(kind) {
        return this.asked.findLast((question) => question.kind === kind);
    }

    /** Answers the last question of that kind, and lets the news settle. */
    async answer(kind, content) {
        this.give(this.last(kind).answer, content);
        await settle();
    }

    lose(kind) {
        return this.answer(kind, new NoAnswer());
    }

    refuse(kind, message = "Access denied") {
        return this.answer(kind, new Refused(message));
    }
}

export function stopClock() {
    freezeTime();
}
