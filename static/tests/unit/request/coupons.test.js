import {addCardLine, setupSciPos} from "../helpers/pos_setup";
import {describe, expect, test} from "@odoo/hoot";
import {nameValidated, setValidated} from "@pos_mx51_sci/app/request/coupons";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

describe("what pos_loyalty asks for names no order", () => {
    test.tags("desktop");

    const CHANGES = {1: -20};

    function asked(method, ids = []) {
        const data = {call: (model, ...args) => args};
        nameValidated(data);
        return data.call("pos.order", method, [ids, CHANGES])[1][0];
    }

    test("it is the one that is being validated", async () => {
        const world = await setupSciPos();
        const {pos} = world;
        const {line, order} = await addCardLine(world);
        line.setPaymentStatus("done");
        patchWithCleanup(PosOrder.prototype, {isPaid: () => true});
        await pos.syncAllOrders({orders: [order]});
        expect(typeof order.id).toBe("number");
        const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
        patchWithCleanup(validation, {refuseForSci: () => false});
        expect(await validation.isOrderValid(true)).toBe(true);
        expect(asked("validate_coupon_programs")).toEqual([order.id]);
        expect(asked("validate_coupon_programs", [8])).toEqual([8]);
        expect(asked("sync_from_ui")).toEqual([]);
    });

    test("the server knows no other", () => {
        setValidated({id: "pos.order_7", isSynced: false});
        expect(asked("validate_coupon_programs")).toEqual([]);
        setValidated(null);
        expect(asked("validate_coupon_programs")).toEqual([]);
    });
});
