import {animationFrame, click, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {beforeEach, describe, expect, mockDate, test} from "@odoo/hoot";
import {ClosePosPopup} from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {mountPosDialog} from "@point_of_sale/../tests/unit/utils";
import {makeServerError, onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {setupSciPos} from "../helpers/pos_setup";

definePosModels();

let world = null;

const NOTHING = {
    purchase: [0, 0],
    moto: [0, 0],
    refund: [0, 0],
    cashout: [0, 0],
    tip: [0, 0],
    surcharge: [0, 0],
    total: [0, 0],
};
const SOLD = {
    ...NOTHING,
    purchase: [2, 3000],
    refund: [1, 500],
    tip: [1, 100],
    total: [3, 2600],
};
const ENQUIRY = {
    id: 5,
    kind: "enquiry",
    status: "FINALISED",
    financial_status: "APPROVED",
    message: "(000) APPROVED",
    at: "2019-03-11 09:00:00",
    until: "2019-03-11 09:05:00",
    day: false,
    totals: {purchase: [2, 3000], refund: [1, 500], tip: [1, 100], total: [4, 2600]},
    receipt: "PUR 2 AUD 30.00",
    terminal_name: "Front Bar",
};

beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.cash_control = false;
    world.entry = {
        terminal_id: 3,
        name: "Front Bar",
        paired: true,
        session: SOLD,
        expected: SOLD,
        since: "2019-03-11 08:00:00",
        is_since_settled: false,
        settled_at: false,
        bank: false,
        tried: false,
        difference: false,
        is_compared: false,
        is_unsure: false,
        later: 0,
        unresolved: 0,
    };
    mockDate("2019-03-11 09:30:00", 0);
    onRpc("pos.session", "sci_unresolved", () => []);
    onRpc("pos.session", "sci_day", () => [world.entry]);
});

async function open(isManager = true) {
    await mountPosDialog(ClosePosPopup, {
        orders_details: {quantity: 1, amount: 17.85},
        opening_notes: "",
        default_cash_details: {id: 1, name: "Cash", amount: 0, moves: []},
        non_cash_payment_methods: [],
        is_manager: isManager,
        amount_authorized_diff: null,
    });
}

async function press(selector) {
    await click(selector);
    await animationFrame();
    await animationFrame();
}

describe("what a terminal has taken, at closing", () => {
    test.tags("desktop");

    test("is shown with what there is of it", async () => {
        await open();
        expect(queryAllTexts(".o_sci_day tbody th")).toEqual([
            "Purchases",
            "Refunds",
            "Tips",
            "Total",
        ]);
        expect(".o_sci_day_refund").toHaveText(/1×.*-.*5\.00/);
        expect(".o_sci_day_total").toHaveText(/3×.*26\.00/);
        expect(".o_sci_day_bank_text").toHaveText("The bank has not been asked yet.");
        expect(".o_sci_day_difference").toHaveCount(0);
    });

    test("each number leads to its payments", async () => {
        onRpc("pos.session", "sci_day_rows", ({args}) => {
            expect.step(args.slice(1).join());
            return [
                {
                    id: 7,
                    at: "2019-03-11 08:15:00",
                    kind: "Refund",
                    amount: -500,
                    charged: -500,
                    order: "Order 7",
                    cashier: "Mia",
                    result: "Approved",
                    message: "(000) APPROVED",
                },
            ];
        });
        await open();
        await press(".o_sci_day_refund .o_sci_day_number");
        expect.verifySteps(["3,session,refund"]);
        expect(".modal:last .modal-title").toHaveText(/Front Bar · Refunds · .*5\.00/);
        expect(".o_sci_day_row").toHaveText(/08:15 · Approved.*5\.00.*Order 7 · Mia/s);
        expect(".o_sci_day_row").not.toHaveText(/in all/);
    });

    test("behind a tip are the tips, each with all that was charged", async () => {
        const sale = {at: "2019-03-11 08:15:00", kind: "Purchase", result: "Approved"};
        onRpc("pos.session", "sci_day_rows", () => [
            {...sale, id: 7, amount: 100, charged: 1350, order: "Order 7"},
        ]);
        await open();
        await press(".o_sci_day_tip .o_sci_day_number");
        expect(".modal:last .modal-title").toHaveText(/Front Bar · Tips · .*1\.00/);
        expect(".o_sci_day_row strong").toHaveText(/1\.00/);
        expect(".o_sci_day_row").toHaveText(/Order 7 · .*13\.50 in all/);
    });

    test("the bank agrees, or the difference stands out", async () => {
        world.entry = {...world.entry, bank: ENQUIRY, is_compared: true, difference: 0};
        await open();
        expect(".o_sci_day_bank_text").toHaveText("Enquiry at 09:00");
        expect(".o_sci_day_purchase .o_sci_day_bank").toHaveText(/30\.00/);
        expect(".o_sci_day_difference").toHaveText(/The bank agrees/);
        expect(".o_sci_day_difference").toHaveClass("text-success");
    });

    test("other payments of the bank's day stand beside it", async () => {
        world.entry = {
            ...world.entry,
            expected: {...SOLD, purchase: [3, 4000], total: [4, 3600]},
            since: "2019-03-10 21:04:00",
            is_since_settled: true,
            settled_at: "2019-03-10 21:04:00",
            bank: ENQUIRY,
            is_compared: true,
            difference: -1000,
            later: 1,
            unresolved: 2,
        };
        await open();
        expect(queryAllTexts(".o_sci_day_purchase .o_sci_day_number")).toEqual([
            /2×.*30\.00/.exec(queryAllTexts(".o_sci_day_purchase td")[0])[0],
            /3×.*40\.00/.exec(queryAllTexts(".o_sci_day_purchase td")[1])[0],
        ]);
        expect(queryAllTexts(".o_sci_day th[scope=col]").slice(1)).toEqual([
            "This session",
            "Bank's day",
            "Bank",
        ]);
        expect(".o_sci_day").toHaveText(/Since the settlement of Sun 21:04/);
        expect(".o_sci_day_difference").toHaveText(/Difference.*-.*10\.00/s);
        expect(".o_sci_day_later").toHaveText("Payments since then, not in it: 1");
        expect(".o_sci_day_unresolved").toHaveText("Without a result: 2");
    });

    test("a settlement of weeks ago has its date", async () => {
        world.entry = {
            ...world.entry,
            expected: {...SOLD, total: [4, 3600]},
            since: "2019-02-18 21:04:00",
            is_since_settled: true,
        };
        await open();
        expect(".o_sci_day").toHaveText(/Since the settlement of 18 Feb 21:04/);
    });

    test("where nobody knows when the bank's day began, no difference is stated", async () => {
        world.entry = {
            ...world.entry,
            expected: {...SOLD, purchase: [3, 4000], total: [4, 3600]},
            bank: ENQUIRY,
            is_unsure: true,
        };
        await open();
        expect(queryAllTexts(".o_sci_day th[scope=col]").slice(1)).toEqual([
            "This session",
            "Since 08:00",
            "Bank",
        ]);
        expect(".o_sci_day_unsure").toHaveText(
            /When the bank's day began is not known/
        );
        expect(".o_sci_day_difference").toHaveCount(0);
        expect(".o_sci_day").not.toHaveText(/Since the settlement/);
    });

    test("a receipt that cannot be read is shown, not guessed", async () => {
        world.entry = {...world.entry, bank: {...ENQUIRY, totals: false}};
        await open();
        expect(".o_sci_day_bank").toHaveCount(0);
        expect(".o_sci_day_difference").toHaveCount(0);
        expect(".o_sci_day_unreadable").toHaveCount(1);
        patchWithCleanup(world.pos.sci, {print: (text) => expect.step(text)});
        await press(".o_sci_day_receipt");
        await press(".o_sci_print_settlement");
        expect.verifySteps(["PUR 2 AUD 30.00"]);
    });
});

describe("the bank is asked at closing", () => {
    test.tags("desktop");

    beforeEach(() => {
        onRpc("pos.session", "sci_settle", ({args}) => {
            expect.step(`sent ${args.slice(1, 4).join()}`);
            world.entry = {...world.entry, bank: ENQUIRY};
            return 5;
        });
        onRpc("pos.session", "sci_settlement", ({args}) => {
            expect.step(`looked at ${args[1]}`);
            return ENQUIRY;
        });
    });

    test("for the totals", async () => {
        await open(false);
        expect(".o_sci_settle").toHaveCount(0);
        expect(".o_sci_day").toHaveText(/A manager may settle/);
        await press(".o_sci_enquire");
        expect.verifySteps(["sent 3,enquiry,false", "looked at 5"]);
        expect(".o_sci_day_bank_text").toHaveText("Enquiry at 09:00");
    });

    test("for those of an earlier day, which are shown", async () => {
        await open(false);
        await press(".o_sci_enquire_day");
        expect(queryOne("#o_sci_earlier_day").value).toBe("2019-03-10");
        await press(".o_sci_ask_day");
        await animationFrame();
        expect.verifySteps(["sent 3,enquiry,2019-03-10", "looked at 5"]);
        expect(".o_sci_settlement_receipt").toHaveText("PUR 2 AUD 30.00");
    });

    test("to settle, once it is known that it was settled today", async () => {
        world.entry.settled_at = "2019-03-11 08:04:00";
        await open();
        expect(".o_sci_settled_today").toHaveText("Already settled today at 08:04.");
        await press(".o_sci_settle");
        expect(".modal:last").toHaveText(
            /Already settled today at 08:04\. Settle again/
        );
        expect.verifySteps([]);
        await press(".modal:last .btn-primary");
        expect.verifySteps(["sent 3,settlement,false", "looked at 5"]);
    });

    const SETTLED = {...ENQUIRY, kind: "settlement", at: "2019-03-11 08:04:00"};
    const REFUSED = {
        ...ENQUIRY,
        id: 6,
        status: "not_sent",
        financial_status: false,
        message: "The terminal is not connected.",
        totals: false,
        receipt: false,
    };
    const SENT = {
        ...REFUSED,
        kind: "settlement",
        status: "PENDING",
        message: "Transaction not found",
    };

    test("and refuses: when and why, beside the settlement that stands", async () => {
        onRpc("pos.session", "sci_settle", () => {
            world.entry = {...world.entry, tried: REFUSED};
            return 6;
        });
        onRpc("pos.session", "sci_settlement", () => REFUSED);
        world.entry = {...world.entry, bank: SETTLED, is_compared: true, difference: 0};
        await open();
        expect(".o_sci_day_tried").toHaveCount(0);
        await press(".o_sci_enquire");
        await animationFrame();
        expect(".o_sci_day_tried").toHaveText(
            "No totals at 09:00: The terminal is not connected."
        );
        expect(".o_sci_day_tried").toHaveClass("text-danger");
        expect(".o_sci_day_bank_text").toHaveText("Settled at 08:04");
        expect(".o_sci_day_difference").toHaveText(/The bank agrees/);
        expect(".o_sci_day_receipt").toHaveCount(1);
        expect(".o_sci_enquire").toBeEnabled();
    });

    test("and refuses the first time", async () => {
        world.entry.tried = {...REFUSED, kind: "settlement"};
        await open();
        expect(".o_sci_day_tried").toHaveText(
            "Not settled at 09:00: The terminal is not connected."
        );
        expect(".o_sci_day_bank_text").toHaveCount(0);
        expect(".o_sci_day_receipt").toHaveCount(0);
    });

    test("and does not end: why, and until when it is waited for", async () => {
        world.entry.tried = SENT;
        onRpc("pos.session", "sci_settlement", ({args}) => {
            expect.step(`checked ${args[1]}`);
            world.entry = {...world.entry, tried: {...SENT, status: "unknown"}};
            return world.entry.tried;
        });
        await open();
        expect(".o_sci_day_tried").toHaveText(
            /Settling since 09:00….*Transaction not found.*not ended by 09:05/s
        );
        expect(".o_sci_settle, .o_sci_enquire").toHaveCount(0);
        await press(".o_sci_check");
        await animationFrame();
        expect.verifySteps(["checked 6"]);
        expect(".o_sci_day_tried").toHaveText(
            /No answer to the settlement of 09:00\. Look.*Transaction not found/s
        );
        expect(".o_sci_day_tried").not.toHaveText(/09:05/);
        expect(".o_sci_check").toHaveCount(0);
        expect(".o_sci_settle").toBeEnabled();
        expect(".o_sci_enquire").toBeEnabled();
    });

    test("what the server refuses is said, and nothing is sent again", async () => {
        onRpc("pos.session", "sci_settle", () => {
            expect.step("refused");
            throw makeServerError({message: "Front Bar is busy with its totals."});
        });
        await open();
        await press(".o_sci_enquire");
        await animationFrame();
        expect(".modal:last").toHaveText(/Front Bar is busy with its totals/);
        expect.verifySteps(["refused"]);
        expect(".o_sci_enquire").toBeEnabled();
    });
});
