import {CERTIFICATION, FINAL, SIGNATURE, formOf} from "../data/action_forms";
import {
    PRINTED,
    RECEIPTS,
    awaiting,
    news,
    pay,
    setupDialog,
    touch,
} from "../helpers/dialog_setup";
import {advanceTime, beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {click, press, queryOne} from "@odoo/hoot-dom";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {ROWS} from "../data/ledger_rows";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {viewOf} from "../helpers/pos_setup";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupDialog();
});

describe("actions of the POS", () => {
    test.tags("desktop");

    test("receipts are printed as often as wanted, until Done", async () => {
        await pay(world, ROWS.approved, {...RECEIPTS, pos_instructions: FINAL});
        expect(".o_sci_dialog .btn-primary").toHaveText("Done");
        expect(document.activeElement).toBe(queryOne(".btn-primary"));
        await touch("Print Merchant Receipt");
        await touch("Print Customer Receipt");
        await touch("Print Customer Receipt");
        const {MERCHANT, CUSTOMER} = PRINTED;
        expect.verifySteps([MERCHANT, CUSTOMER, CUSTOMER]);
        expect(".o_sci_print_merchant, .o_sci_close").toHaveCount(0);
        await touch("Done");
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("what the form does not offer, the POS does", async () => {
        await pay(world, ROWS.approved, RECEIPTS);
        await touch("Print merchant receipt");
        await touch("Print customer receipt");
        expect.verifySteps([PRINTED.MERCHANT, PRINTED.CUSTOMER]);
        await touch("Done");
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("the slip to sign is printed once more", async () => {
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        await touch("Print merchant receipt");
        expect.verifySteps([PRINTED.MERCHANT, PRINTED.MERCHANT]);
        expect(".o_sci_print_customer").toHaveCount(0);
    });

    test("RETRY_TRANSACTION is a new attempt, all else the same", async () => {
        const {transport} = world;
        await pay(world, ROWS.declined, {pos_instructions: FINAL});
        const first = transport.last("start").args[0];
        await touch("Retry");
        await waitUntil(() => transport.count("start") === 2);
        const again = {...first, attempt: 2, terminal_id: 3};
        expect(transport.last("start").args[0]).toEqual(again);
        expect(".o_sci_dialog").toHaveCount(1);
    });

    test("RETRY_TRANSACTION of an approved payment does nothing", async () => {
        await pay(world, ROWS.approved, {pos_instructions: FINAL});
        await touch("Retry");
        expect(world.transport.count("start")).toBe(1);
        expect(".o_sci_dialog").toHaveCount(1);
    });

    for (const action of ["SETTLEMENT_COMPLETE", "RETRY_SETTLEMENT"]) {
        test(`${action} does no harm here`, async () => {
            await pay(world, ROWS.pending, {
                pos_instructions: formOf({type: "button", action}),
            });
            await touch("Label");
            expect(".o_sci_dialog").toHaveCount(1);
            expect(world.transport.count("start")).toBe(1);
        });
    }

    test("automatic actions run once for each version", async () => {
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        await news(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect.verifySteps([PRINTED.MERCHANT]);
        await news(world, ROWS.awaiting, awaiting(SIGNATURE, {version: 3}));
        expect.verifySteps([PRINTED.MERCHANT]);
    });

    test("neither a reload nor another tab runs them again", async () => {
        const {sci, line} = world;
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        sci.dialogs.forms.clear();
        sci.dialogs.calls.clear();
        sci.dialogs.follow(line);
        expect.verifySteps([PRINTED.MERCHANT]);
    });

    test("nothing is printed for an order that another register shows", async () => {
        const {sci, line, pos} = world;
        pos.router.state.current = "ProductScreen";
        sci.follower.resume(viewOf(line, ROWS.awaiting, awaiting(SIGNATURE)));
        await animationFrame();
        expect.verifySteps([]);
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("an automatic TRANSACTION_COMPLETE closes the dialog", async () => {
        await pay(world, ROWS.pending);
        await news(world, ROWS.approved, {
            pos_instructions: {auto_actions: ["TRANSACTION_COMPLETE"]},
        });
        expect(".o_sci_dialog").toHaveCount(0);
    });
});

describe("put aside", () => {
    test.tags("desktop");

    test("the payment goes on, and its line brings the dialog back", async () => {
        await mountWithCleanup(PaymentScreen, {props: {orderUuid: world.order.uuid}});
        await pay(world, ROWS.pending);
        await touch("Put aside");
        expect(".o_sci_dialog").toHaveCount(0);
        await news(world, ROWS.pending, {version: 2, message: "Processing"});
        expect(".o_sci_dialog").toHaveCount(0);
        await click(".o_sci_payment_line");
        await animationFrame();
        expect(".o_sci_message").toHaveText("Processing");
        await press("Escape");
        await animationFrame();
        expect(".o_sci_dialog").toHaveCount(0);
        await click(".o_sci_open");
        await animationFrame();
        expect(".o_sci_dialog").toHaveCount(1);
    });

    test("it comes back by itself when the cashier is needed", async () => {
        await pay(world, ROWS.pending);
        await touch("Put aside");
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect(".o_sci_button:contains(Submit to API)").toHaveCount(1);
        await touch("Put aside");
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("with another order on the screen there is a notification", async () => {
        const {pos} = world;
        await pay(world, ROWS.pending);
        await touch("Put aside");
        pos.router.state.current = "ProductScreen";
        patchWithCleanup(pos.notification, {
            add: (text) => expect.step(`${text}`.split(": ")[1]),
        });
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect.verifySteps(["the card payment on Front Bar needs you."]);
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("the notification leads to the order, and closes once it is followed", async () => {
        const {pos, order} = world;
        await pay(world, ROWS.pending);
        await touch("Put aside");
        pos.router.state.current = "ProductScreen";
        let goToOrder = null;
        patchWithCleanup(pos.notification, {
            add: (_text, {buttons}) => {
                goToOrder = buttons[0].onClick;
                return () => expect.step("taken back");
            },
        });
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        patchWithCleanup(pos, {
            navigate: (screen, {orderUuid}) => expect.step([screen, orderUuid]),
        });
        goToOrder();
        await animationFrame();
        expect.verifySteps([["PaymentScreen", order.uuid], "taken back"]);
        expect(".o_sci_dialog").toHaveCount(1);
    });

    test("the notification closes when the payment needs nobody any more", async () => {
        const {pos} = world;
        await pay(world, ROWS.pending);
        await touch("Put aside");
        pos.router.state.current = "ProductScreen";
        const taken = [];
        patchWithCleanup(pos.notification, {add: () => () => taken.push(1)});
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect(taken).toHaveLength(0);
        await news(world, ROWS.pending, {version: 4});
        expect(taken).toHaveLength(1);
    });
});

describe("validation of the order", () => {
    test.tags("desktop");

    /** The order's own receipt has no printer here; its dialog is above ours. */
    async function dismissPrinterTrouble() {
        await touch("Continue");
    }

    beforeEach(() => {
        world.pos.config.auto_validate_terminal_payment = true;
    });

    test("does not wait for Done; receipts are printed until then", async () => {
        const {order} = world;
        await pay(world, ROWS.approved, RECEIPTS);
        await waitUntil(() => order.state === "paid");
        await advanceTime(5000);
        await dismissPrinterTrouble();
        expect(".o_sci_dialog").toHaveCount(1);
        await touch("Print customer receipt");
        expect.verifySteps([PRINTED.CUSTOMER]);
        await touch("Done");
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("does not wait for a dialog that was put aside", async () => {
        const {order} = world;
        await pay(world, ROWS.pending);
        await touch("Put aside");
        await news(world, ROWS.approved);
        await waitUntil(() => order.state === "paid");
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("a setting closes the dialog by itself, and Print takes its time", async () => {
        const {pos} = world;
        pos.config.sci_close_after = 60;
        await pay(world, ROWS.approved, RECEIPTS);
        await advanceTime(40000);
        await dismissPrinterTrouble();
        expect(".o_sci_dialog").toHaveCount(1);
        await touch("Print customer receipt");
        expect.verifySteps([PRINTED.CUSTOMER]);
        await advanceTime(40000);
        expect(".o_sci_dialog").toHaveCount(1);
        await advanceTime(40000);
        expect(".o_sci_dialog").toHaveCount(0);
    });
});
