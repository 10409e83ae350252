import {addCardLine, setupSciPos, viewOf} from "./pos_setup";
import {expect, waitUntil} from "@odoo/hoot";
import {Deferred} from "@web/core/utils/concurrency";
import {guardOrders} from "@pos_mx51_sci/app/services/order_guards";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

/** The register of a test, its order with a card line, and what makes them. */
export const world = {};

export const APPROVED = "This order has an approved card payment";

export async function setupGuards() {
    Object.assign(world, await setupSciPos());
    world.pos.config.auto_validate_terminal_payment = false;
    Object.assign(world, await addCardLine(world));
    patchWithCleanup(world.pos.dialog, {
        add: (_dialog, {body}) => expect.step(`${body}`.split(".")[0]),
    });
}

export async function pay(row) {
    const {line, transport} = world;
    line.pay();
    await waitUntil(() => transport.count("start"));
    await transport.answer("start", viewOf(line, row));
}

/** What a card has paid is being brought into this browser. */
export function beingRead(order) {
    const ended = new Deferred();
    const read = {uuid: order.uuid, ended};
    const {running} = world.pos.sci.takeOver;
    running.add(read);
    ended.then(() => running.delete(read));
    return ended;
}

/** A module's methods of the store, which say that they were called. */
export function install(methods) {
    const {pos} = world;
    for (const [name, result] of Object.entries(methods)) {
        patchWithCleanup(pos, {
            [name]: (...args) => {
                expect.step(name);
                return typeof result === "function" ? result(...args) : result;
            },
        });
    }
    guardOrders(pos, pos.data);
}

/** A table of pos_restaurant with these orders. */
export function tableWith(...orders) {
    const table = {id: 5, getOrders: () => orders};
    table.rootTable = table;
    return table;
}

export function findTables() {
    patchWithCleanup(world.pos, {
        getActiveOrdersOnTable: (table) => table.getOrders(),
    });
}
