import {addCardLine, setupSciPos} from "../helpers/pos_setup";
import {after, describe, expect, test, waitUntil} from "@odoo/hoot";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

describe("a deposit on the customer's account", () => {
    test.tags("desktop");
    const MODULE = "@pos_settle_due/app/services/pos_store";

    test("sells nothing, and is paid by card where Enterprise's module is", async () => {
        const {pos, card, transport} = await setupSciPos();
        const {order, line} = await addCardLine({pos, card});
        order.lines.forEach((it) => it.delete());
        order.setPartner(pos.models["res.partner"].getFirst());
        expect(await line.pay()).toBe(false);
        expect(line.uiState.sci.error.message).toInclude("Nothing is due");
        odoo.loader.modules.set(MODULE, {});
        after(() => odoo.loader.modules.delete(MODULE));
        line.pay();
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].kind).toBe("purchase");
    });
});
