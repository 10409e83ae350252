import {addCardLine, setupSciPos} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

let world = null;
let partner = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    world.order.setPartner(false);
    partner = world.pos.models["res.partner"].getFirst();
});

/** The cashier is asked for a customer, and chooses this one or none. */
function onQuestion(chosen) {
    patchWithCleanup(world.pos.dialog, {
        add: (_dialog, {body, confirm}) => {
            expect.step(body);
            confirm();
        },
    });
    patchWithCleanup(world.pos, {
        selectPartner: () => world.order.setPartner(chosen),
    });
}

/** Which requests to start have left once the line says how it ended, or waits. */
async function pressCard() {
    const {line, transport} = world;
    line.pay();
    await waitUntil(() => transport.count("start") || line.uiState.sci?.error);
    return transport.count("start");
}

describe("a customer is asked for before the charge", () => {
    test.tags("desktop");
    const NEEDS = {
        "where the method identifies customers": ({card}) => {
            card.split_transactions = true;
            return "Card needs a customer.";
        },
        "for an invoice": ({order}) => {
            order.setToInvoice(true);
            return "Select the customer before you invoice or ship this order.";
        },
    };

    for (const [name, need] of Object.entries(NEEDS)) {
        test(name, async () => {
            const sentence = need(world);
            onQuestion(partner);
            expect(await pressCard()).toBe(1);
            expect(world.order.getPartner()).toBe(partner);
            expect.verifySteps([sentence]);
        });

        test(`${name}: without one nothing leaves`, async () => {
            const sentence = need(world);
            onQuestion(false);
            expect(await pressCard()).toBe(0);
            expect(world.line.uiState.sci.error.message).toBe(sentence);
            expect(world.line.isSciLocked()).toBe(false);
            expect.verifySteps([sentence]);
        });
    }
});

describe("what else Odoo asks for is said before the charge", () => {
    test.tags("desktop");

    test("a preset's name or time", async () => {
        const {order, pos} = world;
        const preset = pos.models["pos.preset"].getFirst();
        preset.identification = "name";
        order.preset_id = preset;
        expect(await pressCard()).toBe(0);
        expect(world.line.uiState.sci.error.message).toInclude("valid customer");
    });

    test("an address to ship to", async () => {
        const {order} = world;
        order.setPartner(partner);
        partner.street = false;
        order.setShippingDate("2026-01-01");
        expect(await pressCard()).toBe(0);
        expect(world.line.uiState.sci.error.message).toInclude("address");
    });
});
