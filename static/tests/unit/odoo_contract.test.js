import {IMPORTS, PATCHED, TEMPLATES, USED} from "./data/odoo_contract";
import {addCardLine, setupSciPos} from "./helpers/pos_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {indexedDBPatch} from "@pos_mx51_sci/app/models/utils/indexed_db";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {posOrderPatch} from "@pos_mx51_sci/app/models/pos_order";
import {posOrderlinePatch} from "@pos_mx51_sci/app/models/pos_order_line";
import {posPaymentPatch} from "@pos_mx51_sci/app/models/pos_payment";
import {guardOrders, missingGuards} from "@pos_mx51_sci/app/services/order_guards";
import {orderSummaryPatch} from "@pos_mx51_sci/app/screens/product_screen/order_summary/order_summary";
import {posPrinterServicePatch} from "@pos_mx51_sci/app/services/pos_printer_service";
import {posStorePatch} from "@pos_mx51_sci/app/services/pos_store";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {closePosPopupPatch} from "@pos_mx51_sci/app/components/popups/closing_popup/closing_popup";
import {controlButtonsPatch} from "@pos_mx51_sci/app/screens/product_screen/control_buttons/control_buttons";
import {customerDisplayPatch} from "@pos_mx51_sci/app/customer_display/customer_display_adapter";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {getTemplate} from "@web/core/templates";
import {orderPaymentValidationPatch} from "@pos_mx51_sci/app/utils/order_payment_validation";
import {paymentLinesPatch} from "@pos_mx51_sci/app/screens/payment_screen/payment_lines/payment_lines";
import {paymentScreenPatch} from "@pos_mx51_sci/app/screens/payment_screen/payment_screen";
import {ticketScreenPatch} from "@pos_mx51_sci/app/screens/ticket_screen/ticket_screen";

definePosModels();

const PATCHES = {
    posPrinterServicePatch,
    posStorePatch,
    posOrderPatch,
    posOrderlinePatch,
    posPaymentPatch,
    indexedDBPatch,
    paymentScreenPatch,
    paymentLinesPatch,
    ticketScreenPatch,
    controlButtonsPatch,
    orderSummaryPatch,
    closePosPopupPatch,
    customerDisplayPatch,
    orderPaymentValidationPatch,
};

const OURS = "@pos_mx51_sci/";

function missingOf(names, has) {
    return names.filter((name) => !has(name));
}

describe("Odoo still has", () => {
    test.tags("desktop");

    test("every name that is imported", () => {
        const missing = [];
        for (const [module, names] of Object.entries(IMPORTS)) {
            const exported = odoo.loader.modules.get(module) || {};
            const has = (name) =>
                exported[name === "default" ? Symbol.for("default") : name] !==
                undefined;
            missing.push(
                ...missingOf(names, has).map((name) => `${name} of ${module}`)
            );
        }
        expect(missing).toEqual([]);
    });

    test("every method that is patched", () => {
        const missing = [];
        for (const [patch, names] of Object.entries(PATCHED)) {
            // What `super` is in the methods of a patch: Odoo's own, without ours.
            const original = Object.getPrototypeOf(PATCHES[patch]);
            missing.push(
                ...missingOf(names, (name) => name in original).map(
                    (name) => `${name}, see ${patch}`
                )
            );
        }
        expect(missing).toEqual([]);
    });

    test("every template that is extended, with the places of the extensions", () => {
        const missing = [];
        for (const [template, extension] of Object.entries(TEMPLATES)) {
            try {
                if (!getTemplate(template).outerHTML.includes(extension)) {
                    missing.push(`${template}: no ${extension}`);
                }
            } catch (error) {
                missing.push(`${template}: ${error.message}`);
            }
        }
        expect(missing).toEqual([]);
    });

    test("what modules that need not be installed are guarded by", () => {
        expect(missingGuards(PosStore.prototype)).toEqual([]);
    });
});

describe("Odoo's objects still have what is read and called:", () => {
    test.tags("desktop");
    let objects = null;

    beforeEach(async () => {
        const {pos, card} = await setupSciPos();
        const {order, line} = await addCardLine({pos, card});
        const props = {orderUuid: order.uuid};
        const screen = await mountWithCleanup(PaymentScreen, {props});
        const lines = Object.values(screen.__owl__.children)
            .map(({component}) => component)
            .find((component) => "updateSelectedPaymentline" in component.props);
        objects = {
            "the POS store": pos,
            "pos.data": pos.data,
            "pos.router.state": pos.router.state,
            "pos.config": pos.config,
            "pos.currency": pos.currency,
            "pos.models of payments": pos.models["pos.payment"],
            "pos.models of orders": pos.models["pos.order"],
            "pos.env.utils": pos.env.utils,
            "pos.env.services": pos.env.services,
            "the printer": pos.env.services.printer,
            "an order": order,
            "an order line": order.lines[0],
            "a payment line": line,
            "a payment method": card,
            "a payment interface": card.payment_terminal,
            "a validation": new OrderPaymentValidation({pos, orderUuid: order.uuid}),
            "the payment screen": screen,
            "the payment lines": lines,
        };
    });

    for (const [name, used] of Object.entries(USED)) {
        test(name, () => {
            expect(missingOf(used, (member) => member in objects[name])).toEqual([]);
        });
    }
});

describe("the list is complete:", () => {
    test.tags("desktop");

    test("every module that is imported", () => {
        const imported = new Set();
        for (const [module, {deps}] of odoo.loader.factories) {
            if (module.startsWith(OURS) && !module.startsWith(`${OURS}../`)) {
                deps.forEach((name) => imported.add(name));
            }
        }
        const foreign = [...imported].filter((name) => !name.startsWith(OURS));
        expect(foreign.sort()).toEqual(Object.keys(IMPORTS).sort());
    });

    test("every method that is patched", () => {
        for (const [name, patch] of Object.entries(PATCHES)) {
            // Methods of ours have the addon's name in theirs.
            const patched = Object.keys(patch).filter((key) => !/sci/i.test(key));
            expect(patched).toEqual(PATCHED[name], {message: name});
        }
    });
});

describe("guards of pos_restaurant that are found by a name", () => {
    test.tags("desktop");
    const INSTALLED = ["@pos_restaurant/app/services/pos_store"];
    const ALL = [
        "createOrderIfNeeded",
        "mergeOrders",
        "mergeTableOrders",
        "restoreOrdersToOriginalTable",
        "setTable",
        "setTableFromUi",
        "transferOrder",
        "SplitBillScreen",
    ];

    test("are not missed where it is not installed", () => {
        expect(missingGuards({}, ["@point_of_sale/app/services/pos_store"])).toEqual(
            []
        );
    });

    test("are missed where it is installed and has none of that name", () => {
        const missing = missingGuards({}, INSTALLED);
        expect(missing.filter((name) => ALL.includes(name))).toEqual(missing);
        expect(missing).toInclude("mergeOrders");
        expect(missing).toInclude("restoreOrdersToOriginalTable");
        const store = {mergeOrders: () => undefined};
        expect(missingGuards(store, INSTALLED)).not.toInclude("mergeOrders");
    });

    test("a POS that starts without them says so", async () => {
        const {pos} = await setupSciPos();
        patchWithCleanup(console, {error: (...args) => expect.step(args[1])});
        odoo.loader.modules.set("@pos_restaurant/test", {});
        pos.mergeOrders = undefined;
        pos.restoreOrdersToOriginalTable = undefined;
        const missing = missingGuards(pos);
        guardOrders(pos, pos.data);
        odoo.loader.modules.delete("@pos_restaurant/test");
        expect(missing).toInclude("mergeOrders");
        expect.verifySteps([missing]);
    });
});
