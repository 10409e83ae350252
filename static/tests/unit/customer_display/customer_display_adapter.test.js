import {addCardLine, sendAndAnswer, setupSciPos} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {CustomerDisplayPosAdapter} from "@point_of_sale/app/customer_display/customer_display_adapter";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;
const ASKED = {amounts: {purchase_amount: 1785, surcharge_amount: 15}};

beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.auto_validate_terminal_payment = false;
    Object.assign(world, await addCardLine(world));
});

function shown() {
    const adapter = new CustomerDisplayPosAdapter();
    adapter.formatOrderData(world.order);
    return adapter.data;
}

describe("the customer display", () => {
    test.tags("desktop");

    test("asks for the card, and says how much with the surcharge", async () => {
        await sendAndAnswer(world, ROWS.pending, ASKED);
        const {sciPayment, paymentLines} = shown();
        expect(sciPayment.text).toBe("Please present your card");
        expect(sciPayment.amount).toInclude("18.00");
        expect(paymentLines).toEqual([]);
    });

    test("says that it is approved, and shows what was paid", async () => {
        const result = {result_amounts: ASKED.amounts};
        await sendAndAnswer(world, ROWS.approved, {...ASKED, ...result});
        const {sciPayment, paymentLines} = shown();
        expect(sciPayment.text).toBe("Approved");
        expect(sciPayment.amount).toInclude("18.00");
        expect(paymentLines.length).toBe(1);
    });

    test("says that it was declined, and shows no payment", async () => {
        await sendAndAnswer(world, ROWS.declined, ASKED);
        const {sciPayment, paymentLines} = shown();
        expect(sciPayment.text).toBe("Declined");
        expect(paymentLines).toEqual([]);
    });

    test("says nothing of cards where another line was added since", async () => {
        await sendAndAnswer(world, ROWS.declined, ASKED);
        const {pos, order} = world;
        const cash = pos.models["pos.payment.method"].find((it) => it.is_cash_count);
        order.addPaymentline(cash);
        const {sciPayment, paymentLines} = shown();
        expect(sciPayment).toBe(null);
        expect(paymentLines.length).toBe(1);
    });

    test("waits while nothing is known", () => {
        const {line, sci} = world;
        sci.lines.record(line, {phase: "starting", attempt: 1});
        expect(shown().sciPayment).toEqual({text: "One moment, please", amount: ""});
    });
});
