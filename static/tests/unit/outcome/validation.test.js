import {Deferred, advanceTime, expect, test, waitUntil} from "@odoo/hoot";
import {MockServer, onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {getFilledOrder} from "@point_of_sale/../tests/unit/utils";
import {settle} from "../helpers/take_over_setup";
import {setupSciPos} from "../helpers/pos_setup";

definePosModels();

test.tags("desktop");
test("what is paid while the order is first saved gets to the server too", async () => {
    const {pos} = await setupSciPos();
    patchWithCleanup(pos, {navigate: (page) => expect.step(page)});
    const order = await getFilledOrder(pos);
    const isAnswered = new Deferred();
    onRpc("pos.order", "sync_from_ui", async ({args}) => {
        const [{state, payment_ids: payments}] = args[0];
        expect.step(`${state}, ${payments.length} payments`);
        if (state === "draft") {
            await isAnswered;
        }
    });
    const saved = pos.syncAllOrders({orders: [order]});
    await waitUntil(() => pos.syncingOrders.has(order.uuid));
    order.addPaymentline(pos.models["pos.payment.method"].get(1));
    const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
    const validated = validation.validateOrder(false);
    await settle();
    expect.verifySteps(["draft, 0 payments"]);
    isAnswered.resolve();
    await saved;
    await advanceTime(1000);
    expect(await validated).toBe(true);
    expect.verifySteps(["paid, 1 payments", "ReceiptScreen"]);
    const [stored] = MockServer.env["pos.order"].browse([order.id]);
    expect(stored.state).toBe("paid");
});
