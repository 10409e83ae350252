import {APPROVED, install, pay, setupGuards, world} from "../helpers/guards_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

beforeEach(setupGuards);

describe("with pos_discount", () => {
    test.tags("desktop");

    beforeEach(() =>
        install({applyDiscount: (percent, order) => expect.step(order.uuid)})
    );

    test("discounts follow the lines until a card has paid", async () => {
        const {pos, order} = world;
        await pos.applyDiscount(10, order);
        await pay(ROWS.pending);
        await pos.applyDiscount(10);
        expect.verifySteps(["applyDiscount", order.uuid, "applyDiscount", order.uuid]);
    });

    test("then they stay, and only the button says why", async () => {
        const {pos, order} = world;
        await pay(ROWS.approved);
        await pos.applyDiscount(10, order);
        expect.verifySteps([]);
        await pos.applyDiscount(10);
        expect.verifySteps([APPROVED]);
    });
});

describe("with pos_online_payment", () => {
    test.tags("desktop");

    beforeEach(() =>
        install({
            updateOnlinePaymentsDataWithServer: (_order, amount) =>
                expect.step(`${amount}`),
        })
    );
    const NAME = "updateOnlinePaymentsDataWithServer";

    test("the server never drops card payments", async () => {
        const {pos, order} = world;
        await pos[NAME](order, 0);
        await pos[NAME](order, 5);
        expect.verifySteps([NAME, "false", NAME, "5"]);
    });

    test("other orders are as ever", async () => {
        const {pos} = world;
        await pos[NAME](pos.addNewOrder(), 0);
        expect.verifySteps([NAME, "0"]);
    });
});
