import {addCardLine, setupSciPos, showPayment, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {getFilledOrder} from "@point_of_sale/../tests/unit/utils";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {ROWS} from "../data/ledger_rows";
import {SciCardButtons} from "@pos_mx51_sci/app/components/sci_card_buttons/sci_card_buttons";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.auto_validate_terminal_payment = false;
});

async function leaves(count) {
    await waitUntil(() => world.transport.count("start") === count);
    return world.transport.last("start").args[0];
}

describe("cash-out", () => {
    test.tags("desktop");

    beforeEach(async () => {
        const {pos} = world;
        pos.config.sci_cashout = true;
        world.order = await getFilledOrder(pos);
        showPayment(pos, world.order);
        const send = (line) => line.pay();
        await mountWithCleanup(SciCardButtons, {props: {order: world.order, send}});
    });

    test("the usual amounts take one touch", async () => {
        expect(queryAllTexts(".o_sci_quick_cash")).toEqual(["+20", "+50", "+100"]);
        await click(".o_sci_quick_cash:contains(+50)");
        const {amounts, kind} = await leaves(1);
        expect(kind).toBe("purchase_with_cashout");
        expect(amounts).toEqual({purchase_amount: 1785, cashout_amount: 5000});
    });

    test("two touches hand out once", async () => {
        await click(".o_sci_quick_cash:contains(+20)");
        await click(".o_sci_quick_cash:contains(+20)");
        await animationFrame();
        await leaves(1);
        expect(world.order.payment_ids).toHaveLength(1);
    });

    test("none that coins and notes cannot pay", async () => {
        const {pos} = world;
        pos.config.cash_rounding = true;
        pos.config.rounding_method = {
            rounding: 50,
            round: (x) => Math.round(x / 50) * 50,
        };
        await animationFrame();
        expect(queryAllTexts(".o_sci_quick_cash")).toEqual(["+50", "+100"]);
    });
});

describe("Card again", () => {
    test.tags("desktop");

    async function declined(changes = {}) {
        Object.assign(world, await addCardLine(world));
        world.line.pay();
        await leaves(1);
        await world.transport.answer(
            "start",
            viewOf(world.line, ROWS.declined, changes)
        );
        const props = {orderUuid: world.order.uuid};
        world.screen = await mountWithCleanup(PaymentScreen, {props});
    }

    test("after a decline it is the same line, on the same terminal", async () => {
        await declined({terminal_id: 4});
        await world.screen.addNewPaymentLine(world.card);
        const values = await leaves(2);
        expect(world.order.payment_ids).toHaveLength(1);
        expect(values.payment_uuid).toBe(world.line.uuid);
        expect([values.attempt, values.terminal_id]).toEqual([2, 4]);
    });

    test("with what is due now", async () => {
        await declined();
        const cash = world.pos.models["pos.payment.method"].find(
            (method) => method.is_cash_count
        );
        const {data} = world.order.addPaymentline(cash);
        data.setAmount(7.85);
        await world.screen.addNewPaymentLine(world.card);
        const {amounts, payment_uuid} = await leaves(2);
        expect(payment_uuid).toBe(world.line.uuid);
        expect(amounts).toEqual({purchase_amount: 1000});
    });

    test("a declined cash-out is not what it means", async () => {
        await declined();
        world.line.uiState.sciRequest = {cashout: 2000};
        await world.screen.addNewPaymentLine(world.card);
        expect(world.order.payment_ids).toHaveLength(2);
    });
});
