import {describe, expect, test} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {addCardLine, setupSciPos} from "../helpers/pos_setup";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {animationFrame} from "@odoo/hoot-dom";
import {browser} from "@web/core/browser/browser";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

describe("the back office", () => {
    test.tags("desktop");

    test("leads to a finished order, once", async () => {
        const world = await setupSciPos();
        const {order} = await addCardLine(world);
        patchWithCleanup(TicketScreen.prototype, {
            _fetchSyncedOrders: () => undefined,
        });
        patchWithCleanup(world.pos.data, {
            loadServerOrders([[field, , value]]) {
                if (field !== "uuid") {
                    return [];
                }
                expect.step(value);
                return [order];
            },
        });
        world.pos.selectedOrderUuid = null;
        browser.history.replaceState({}, "", "?sci_order=u-7&debug=1");
        const screen = await mountWithCleanup(TicketScreen, {props: {}});
        await animationFrame();
        await animationFrame();
        expect.verifySteps(["u-7"]);
        expect(screen.getSelectedOrder().uuid).toBe(order.uuid);
        expect(browser.location.search).toBe("?debug=1");
    });
});
