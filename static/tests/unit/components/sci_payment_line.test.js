import {FakeTransport} from "../helpers/fake_transport";
import {ROWS} from "../data/ledger_rows";
import {stopClock} from "../helpers/time";
import {NoAnswer, Refused} from "@pos_mx51_sci/app/follow/sci_transport";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {pay, setupDialog} from "../helpers/dialog_setup";
import {SciPayment} from "@pos_mx51_sci/app/follow/sci_payment";
import {SciPaymentLine} from "@pos_mx51_sci/app/components/sci_payment_line/sci_payment_line";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {queryAllTexts} from "@odoo/hoot-dom";

definePosModels();

const OPEN = ["draft", "sending", "pending", "awaiting", "unknown", "final_unknown"];

/** The requests about a row that is followed, and how each is sent. */
const REQUESTS = {
    poll: () => undefined,
    pollNow: (payment) => payment.checkNow(),
    cancel: (payment) => payment.cancel(),
    submit: (payment) => payment.submit("approve", {}),
    override: (payment) =>
        payment.override(true, "Receipt says so").catch(() => undefined),
};

describe("each state × each request × each answer", () => {
    test.tags("desktop");
    let transport = null;

    beforeEach(() => {
        stopClock();
        transport = new FakeTransport();
    });

    async function ask(before, kind) {
        const payment = new SciPayment({
            uuid: "line-1",
            attempt: 1,
            transport,
            onChange: () => undefined,
        });
        payment.start({payment_uuid: "line-1", attempt: 1});
        await transport.answer("start", {...ROWS[before], version: 2});
        REQUESTS[kind](payment);
        return payment;
    }

    for (const before of OPEN) {
        for (const kind of Object.keys(REQUESTS)) {
            test(`${before}, ${kind}: the row decides`, async () => {
                for (const [name, answer] of Object.entries(ROWS)) {
                    const payment = await ask(before, kind);
                    await transport.answer(kind, {...answer, version: 9});
                    const row = name === "no_row" ? ROWS[before] : answer;
                    expect(payment.view.status).toBe(row.status);
                    expect(payment.phase).toBe(row.unresolved ? "following" : "ended");
                    expect(payment.paid).toBe(row.paid);
                }
            });

            test(`${before}, ${kind}: silence, refusals and older answers decide nothing`, async () => {
                for (const answer of [
                    new NoAnswer(),
                    new Refused("Access denied"),
                    {...ROWS.declined, version: 1},
                    {...ROWS.approved, version: 9, attempt: 0},
                ]) {
                    const payment = await ask(before, kind);
                    await transport.answer(kind, answer);
                    expect(payment.view.status).toBe(ROWS[before].status);
                    expect(payment.phase).toBe("following");
                    expect(payment.paid).toBe(false);
                }
            });
        }
    }
});

describe("what the register shows", () => {
    test.tags("desktop");
    let world = null;

    beforeEach(async () => {
        world = await setupDialog();
    });

    /** The line's status, what it says, its buttons, and those of the dialog. */
    async function shown() {
        const {line} = world;
        const props = {line, send: () => undefined, cancel: () => undefined};
        await mountWithCleanup(SciPaymentLine, {props});
        return [
            line.payment_status,
            ...queryAllTexts(".o_sci_text, .o_sci_hint"),
            queryAllTexts(".o_sci_payment_line button").filter(Boolean).join(", "),
            queryAllTexts(".o_sci_dialog button").filter(Boolean).join(", "),
        ].join(" | ");
    }

    const LOOK =
        "Look at Front Bar or its receipt. You will be asked here whether the payment was successful.";
    const ASKED = "Put aside, Yes, paid, No, not paid, Keep waiting, Check again";
    const ASKED_AT_THE_END = "Put aside, Yes, paid, No, not paid, Answer later";
    const STEPS = "Retry on Front Bar, Other terminal, Other method";

    const TABLE = {
        draft: "waiting | Checking the terminal | Cancel | Put aside, Cancel",
        sending: "waiting | Sending to Front Bar | Cancel | Put aside, Cancel",
        pending: "waitingCard | Waiting for Front Bar | Cancel | Put aside, Cancel",
        awaiting: "waitingCard | Waiting for Front Bar | Cancel | Put aside, Cancel",
        unknown: `waiting | No answer from Front Bar | ${LOOK} |  | Put aside`,
        final_unknown: `waiting | No answer from Front Bar | ${LOOK} |  | Put aside`,
        approved: "done | Approved |  | Done",
        declined: `retry | Not paid | Other terminal, Retry | ${STEPS}`,
        cancelled: `retry | Not paid | Other terminal, Retry | ${STEPS}`,
        not_sent: `retry | Busy. | Nothing was charged. | Other terminal, Retry | ${STEPS}`,
        given_up: `retry | Not paid | Other terminal, Retry | ${STEPS}`,
        unknown_overridden_yes: "done | Recorded as paid on Front Bar |  | Done",
        unknown_overridden_no: `retry | Recorded as not paid on Front Bar | Other terminal, Retry | ${STEPS}`,
    };

    for (const [name, expected] of Object.entries(TABLE)) {
        test(name, async () => {
            await pay(world, ROWS[name]);
            expect(await shown()).toBe(expected);
        });
    }

    for (const name of ["pending", "awaiting", "unknown", "final_unknown"]) {
        test(`${name}, in its window: the question`, async () => {
            await pay(world, {...ROWS[name], override_open: true});
            const isFinal = name === "final_unknown";
            expect(await shown()).toInclude(isFinal ? ASKED_AT_THE_END : ASKED);
        });

        test(`${name}, without Odoo: nothing destructive`, async () => {
            await pay(world, {...ROWS[name], override_open: true});
            await world.transport.lose("poll");
            const text = await shown();
            expect(text).toInclude("Connection to Odoo lost.");
            expect(text).toInclude("|  | Put aside");
        });
    }

    test("approved although marked as not paid", async () => {
        await pay(world, {
            ...ROWS.approved,
            overridden: "no",
            message: "(000) APPROVED",
        });
        expect(await shown()).toBe(
            "done | (000) APPROVED | Marked as not paid, but the bank has approved it. " +
                "Nothing was charged again. |  | Done"
        );
    });

    for (const code of [
        "no_credentials",
        "not_paired",
        "no_active_pairings_found",
        "device_not_connected",
        "transaction_refused",
        "terminal_busy",
        "wrong_currency",
        "wrong_amount",
        "wrong_kind",
        "refund_limit",
        "order_unresolved",
        "no_answer",
        "bad_answer",
        "cancelled",
    ]) {
        test(`not sent, ${code}: the reason, and another attempt`, async () => {
            const error = {code, message: "A reason.", hint: "Nothing was charged."};
            await pay(world, {...ROWS.not_sent, error});
            expect(await shown()).toBe(
                `retry | A reason. | Nothing was charged. | Other terminal, Retry | ${STEPS}`
            );
        });
    }
});
