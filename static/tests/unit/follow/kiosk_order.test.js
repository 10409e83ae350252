import {addCardLine, send, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {flushPromises} from "../helpers/time";
import {queryAllTexts} from "@odoo/hoot-dom";
import {runningPayments} from "@pos_mx51_sci/app/status/running_payments";

definePosModels();

let world = null;

/** A kiosk has sent the line's payment; the register has read the order's copy. */
beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    world.pos.config.auto_validate_terminal_payment = false;
    world.order.source = "kiosk";
    world.line.payment_status = "waiting";
});

function found(attempt, id) {
    return {id, payment_uuid: world.line.uuid, attempt};
}

/** Opens the payment screen, and finds these rows. */
async function open(...rows) {
    const {order, transport} = world;
    await mountWithCleanup(PaymentScreen, {props: {orderUuid: order.uuid}});
    await waitUntil(() => transport.count("findOfOrder"));
    await transport.answer("findOfOrder", rows);
}

describe("a kiosk's order on a payment screen", () => {
    test.tags("desktop");

    test("shows its payment and its form, locked", async () => {
        const {line, transport} = world;
        await open(found(1, 7));
        expect(".send_payment_request").toHaveCount(0);
        await transport.answer("poll", viewOf(line, ROWS.awaiting));
        expect(line.uiState.sci.view.status).toBe("AWAITING_POS");
        expect(line.isSciLocked()).toBe(true);
        await waitUntil(() => queryAllTexts(".o_sci_text")[0]?.startsWith("Waiting"));
        expect(".paymentline .delete-button").toHaveCount(0);
        await transport.answer("poll", viewOf(line, ROWS.approved));
        expect(line.payment_status).toBe("done");
    });

    test("is not called ready to send while its row is read", async () => {
        await open();
        expect(queryAllTexts(".o_sci_text")).toEqual(["Checking the terminal"]);
        expect(".paymentline .delete-button").toHaveCount(0);
    });

    test("keeps its line at a register that lacks its method, and takes no cards", async () => {
        const {line, pos, card, order, transport} = world;
        pos.config.update({payment_method_ids: [["unlink", card]]});
        patchWithCleanup(world.sci.terminals, {refresh: () => expect.step("asked")});
        await open(found(1, 7));
        await transport.answer("poll", viewOf(line, ROWS.unknown));
        expect(order.payment_ids).toEqual([line]);
        expect(line.uiState.sci.view.override_open).toBe(ROWS.unknown.override_open);
        expect(line.isSciLocked()).toBe(true);
        expect.verifySteps([]);
    });

    test("is tried again as the attempt after the kiosk's last one", async () => {
        const {line, transport} = world;
        line.payment_status = "retry";
        await open(found(1, 7), found(2, 8));
        await transport.answer(
            "poll",
            viewOf(line, ROWS.declined, {id: 8, attempt: 2})
        );
        expect(line.payment_status).toBe("retry");
        send(world);
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].attempt).toBe(3);
    });

    test("shows the next attempt, not the declined one before", async () => {
        const {line, transport} = world;
        line.payment_status = "retry";
        line.uiState = {
            sci: {phase: "ended", attempt: 1, view: viewOf(line, ROWS.declined)},
        };
        await open(found(1, 7), found(2, 8));
        await transport.answer("poll", viewOf(line, ROWS.pending, {id: 8, attempt: 2}));
        expect(line.uiState.sci.attempt).toBe(2);
        expect(line.payment_status).toBe("waitingCard");
    });

    test("brings back the line of a payment that runs, once it was dropped", async () => {
        const {line, pos, sci, order, transport} = world;
        patchWithCleanup(pos.data, {
            loadServerOrders: async (domain) => expect.step(JSON.stringify(domain)),
        });
        const view = viewOf(line, ROWS.pending);
        line.payment_status = "retry";
        line.delete();
        sci.refresh(order);
        await transport.answer("findOfOrder", [found(1, 7)]);
        await transport.answer("poll", view);
        expect.verifySteps([`[["uuid","=","${order.uuid}"]]`]);
    });
});

describe("the orders of all kiosks in a register's list", () => {
    test.tags("desktop");

    test("are followed by whoever opens them, and by nobody else", async () => {
        const {line, order, pos, sci, transport} = world;
        pos.router.state.current = "TicketScreen";
        await sci.recovery.findRows();
        expect(transport.requests).toEqual([]);
        expect(runningPayments(pos)).toEqual([]);
        pos.router.state.current = "PaymentScreen";
        pos.router.state.params = {orderUuid: order.uuid};
        sci.recovery.findRows();
        await flushPromises();
        expect(transport.last("find").args[0]).toEqual([line.uuid]);
    });

    test("of a line with a snapshot count as this register's", () => {
        const {line, pos} = world;
        line.uiState = {sci: {phase: "following", attempt: 1}};
        expect(runningPayments(pos)).toEqual([line]);
    });
});

describe("an order that another register has begun to pay", () => {
    test.tags("desktop");

    test("is tried again as the attempt after its last one", async () => {
        const {line, order, pos, sci, transport} = world;
        order.source = "pos";
        await pos.syncAllOrders({orders: [order]});
        line.payment_status = "retry";
        sci.refresh(order);
        await transport.answer("findOfOrder", [found(1, 7), found(2, 8)]);
        await transport.answer(
            "poll",
            viewOf(line, ROWS.declined, {id: 8, attempt: 2})
        );
        expect(line.uiState.sci.attempt).toBe(2);
    });

    test("nothing is asked of a line that was not saved, nor of one known here", async () => {
        const {line, order, sci, transport} = world;
        order.source = "pos";
        line.payment_status = "pending";
        await sci.refresh(order);
        line.uiState = {sci: {phase: "ended", attempt: 1}};
        await sci.refresh(order);
        expect(transport.requests).toEqual([]);
    });
});
