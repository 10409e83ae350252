import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, mockDate, test} from "@odoo/hoot";
import {animationFrame, click} from "@odoo/hoot-dom";
import {onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {ClosePosPopup} from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {mountPosDialog} from "@point_of_sale/../tests/unit/utils";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    const {line, pos} = world;
    pos.config.cash_control = false;
    const since = "2019-03-11 08:15:00";
    world.rows = [{...viewOf(line, ROWS.pending, {elapsed: 120}), since}];
    onRpc("pos.session", "sci_day", () => []);
    onRpc("pos.session", "sci_unresolved", () => world.rows);
    onRpc("pos.session", "sci_close_anyway", ({args: [, rows, uuids = []]}) => {
        expect.step(`closed without ${[...rows, ...uuids].join()}`);
        world.rows = world.rows.filter(({id}) => !rows.includes(id));
        return [world.order.id];
    });
    patchWithCleanup(ClosePosPopup.prototype, {
        closeSession: () => expect.step("closing"),
    });
});

function open(isManager) {
    return mountPosDialog(ClosePosPopup, {
        orders_details: {quantity: 1, amount: 17.85},
        opening_notes: "",
        default_cash_details: {id: 1, name: "Cash", amount: 0, moves: []},
        non_cash_payment_methods: [],
        is_manager: isManager,
        amount_authorized_diff: null,
    });
}

describe("closing the register", () => {
    test.tags("desktop");

    test("lists the card payments without a result", async () => {
        mockDate("2019-03-11 09:30:00", 0);
        await open(false);
        expect(".o_sci_unresolved_row").toHaveCount(1);
        expect(".o_sci_unresolved_row").toHaveText(/17\.85.*Front Bar, since 08:15/s);
        expect(".o_sci_close_anyway").toHaveCount(0);
    });

    test("waits for them", async () => {
        const popup = await open(false);
        await popup.confirm();
        await animationFrame();
        expect.verifySteps([]);
        expect(".modal:last").toHaveText(/Resolve them first/);
        await click(".modal:last .btn-primary");
        await animationFrame();
        expect(".o_sci_open_order").toBeFocused();
        world.rows = [];
        await popup.confirm();
        expect.verifySteps(["closing"]);
    });

    test("leads to their order", async () => {
        const {pos, order} = world;
        patchWithCleanup(pos, {
            navigate: (name, {orderUuid}) =>
                expect.step(`${name} ${orderUuid === order.uuid}`),
        });
        await open(false);
        await click(".o_sci_open_order");
        await animationFrame();
        expect.verifySteps(["PaymentScreen true"]);
    });

    test("a manager closes all the same; the order waits for the next session", async () => {
        const {pos, order} = world;
        await pos.syncAllOrders({orders: [order]});
        const [listed] = world.rows;
        const popup = await open(true);
        popup.closeSciAnyway();
        await animationFrame();
        await click(".modal .btn-primary:contains(Close without results)");
        await animationFrame();
        await animationFrame();
        expect.verifySteps([`closed without ${listed.id}`]);
        expect(".o_sci_unresolved").toHaveCount(0);
        expect(order.session_id).toBe(undefined);
    });

    test("where employees log in, a manager comes with a PIN", async () => {
        const {pos, order} = world;
        await pos.syncAllOrders({orders: [order]});
        pos.config.module_pos_hr = true;
        Object.defineProperty(pos.models, "hr.employee", {
            value: [{id: 2, name: "Morgan", _role: "manager"}],
            configurable: true,
        });
        onRpc("pos.session", "sci_close_anyway", ({args}) => {
            expect(args.slice(3)).toEqual([2, "22"]);
            expect.step("closed");
            world.rows = [];
            return [];
        });
        const popup = await open(false);
        expect(".o_sci_close_anyway").toHaveCount(1);
        patchWithCleanup(pos.dialog, {
            add: (_dialog, {getPayload}) => getPayload("22"),
        });
        expect(await popup.closeWithoutSci([7], [])).toBe(true);
        expect.verifySteps(["closed"]);
    });

    test("says nothing when all is resolved", async () => {
        world.rows = [];
        await open(true);
        expect(".o_sci_unresolved").toHaveCount(0);
    });
});

describe("orders that a card has paid in part are in the way of closing", () => {
    test.tags("desktop");

    function approve(line, changes) {
        const view = viewOf(line, ROWS.approved, {result_amounts: false, ...changes});
        line.uiState = {...line.uiState, sci: {phase: "ended", paid: true, view}};
        line.applySciSnapshot();
    }

    beforeEach(async () => {
        world.rows = [];
        const {line, order, pos} = world;
        await pos.syncAllOrders({orders: [order]});
        approve(line);
        patchWithCleanup(pos, {
            deleteOrders: () => expect.step("deleted"),
            navigate: (name, {orderUuid}) =>
                expect.step(`${name} ${orderUuid === order.uuid}`),
        });
    });

    async function refuse(isManager, response = {}) {
        const popup = await open(isManager);
        await popup.handleClosingError({successful: false, message: "x", ...response});
        await animationFrame();
    }

    test("each is shown, and none is ever deleted", async () => {
        const {order} = world;
        const found = {uuid: order.uuid, name: "Order 7", amount: "$ 5.00"};
        await refuse(false, {sci_orders: [found]});
        expect(".o_sci_unfinished_order").toHaveCount(1);
        expect(".o_sci_unfinished_order").toHaveText(/5\.00.*Order 7/s);
        expect(".o_sci_leave").toHaveCount(0);
        expect(".modal:contains(Cancel Orders)").toHaveCount(0);
        await click(".o_sci_unfinished_order .o_sci_open_order");
        await animationFrame();
        expect.verifySteps(["PaymentScreen true"]);
    });

    test("also those that only this browser knows of", async () => {
        await refuse(false);
        expect(".o_sci_unfinished_order").toHaveText(/17\.85/);
    });

    test("a manager leaves them for the next session", async () => {
        const {order} = world;
        await refuse(true);
        await click(".o_sci_leave");
        await animationFrame();
        await animationFrame();
        expect.verifySteps([`closed without ${order.uuid}`, "closing"]);
        expect(order.session_id).toBe(undefined);
    });

    test("not any more when their money has gone back", async () => {
        const {card, order} = world;
        const {data: refund} = order.addPaymentline(card);
        approve(refund, {kind: "refund", amounts: {refund_amount: 1785}});
        await refuse(false);
        expect(".o_sci_unfinished_order").toHaveCount(0);
        expect(".modal:contains(Cancel Orders)").toHaveCount(1);
    });
});
