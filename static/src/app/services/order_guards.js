import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";
import {_t} from "@web/core/l10n/translation";
import {nameValidated} from "@pos_mx51_sci/app/request/coupons";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

/**
 * What is guarded of modules that need not be installed, and may patch Odoo after this
 * addon: so methods of the store are wrapped once it is complete, and those of models
 * are patched then.
 */

/** The page of pos_restaurant that splits an order. */
export const SPLITTING = "SplitBillScreen";
const SPLITS = ["createSplittedOrder", "paySplittedOrder", "transferSplittedOrder"];

/** What pos_loyalty computes points and rewards with, from all lines of an order. */
const COUNTING = [
    "_getCheapestLine",
    "_getDiscountableOnOrder",
    "_getDiscountableOnSpecific",
    "_getSpecificDiscountableLines",
    "pointsForPrograms",
];

/** Methods that are guarded, by module and by who has them. */
const GUARDED = {
    pos_restaurant: {
        store: [
            "createOrderIfNeeded",
            "mergeOrders",
            "mergeTableOrders",
            "restoreOrdersToOriginalTable",
            "setTable",
            "setTableFromUi",
            "transferOrder",
        ],
    },
    pos_discount: {store: ["applyDiscount"], line: ["isGlobalDiscountApplicable"]},
    pos_loyalty: {
        store: ["postProcessLoyalty"],
        order: [
            ...COUNTING,
            "_applyReward",
            "_resetPrograms",
            "_updateRewardLines",
            "isLineValidForLoyaltyPoints",
        ],
    },
    pos_online_payment: {store: ["updateOnlinePaymentsDataWithServer"]},
};

/**
 * @param {Object} store the POS store, or its prototype
 * @param {Iterable<string>} [modules] names of the modules that are loaded
 * @returns {String[]} what is guarded here by its name, and a module, although it is
 * installed, does not have
 */
export function missingGuards(store, modules = odoo.loader.modules.keys()) {
    const loaded = [...modules];
    const owners = {store, order: PosOrder.prototype, line: PosOrderline.prototype};
    const missing = [];
    for (const [module, guarded] of Object.entries(GUARDED)) {
        if (!loaded.some((name) => name.startsWith(`@${module}/`))) {
            continue;
        }
        for (const [owner, names] of Object.entries(guarded)) {
            missing.push(...names.filter((name) => !owners[owner][name]));
        }
        if (module === "pos_restaurant") {
            const page = registry.category("pos_pages").get(SPLITTING, null);
            const isThere = (name) => name in page.component.prototype;
            missing.push(...(page ? SPLITS.filter((it) => !isThere(it)) : [SPLITTING]));
        }
    }
    return missing;
}

/** @returns {object|undefined} the order that pos_restaurant would merge this one into */
function destinationOf(pos, order, table) {
    return !table || !order || table.rootTable.id === order.table_id?.id
        ? undefined
        : pos.getActiveOrdersOnTable(table.rootTable)[0];
}

/** Whether what a card has paid is being brought into this browser's order. */
function isBeingRead(pos, order) {
    return Boolean(order && pos.sci.takeOver.isRunning(order));
}

/**
 * Waits a moment for an order that is being read.
 * @returns {Promise<boolean>} whether it can be changed then
 */
async function isStillOpen(pos, order) {
    await pos.sci.takeOver.whenRead(order);
    return !pos.sci.takeOver.refuse(order) && !order.finalized;
}

/** Until whoever asked for the transfer goes on. */
let isTransferRefused = false;

/**
 * @returns {Function} opens the order and the screen that are open now: after a transfer
 * Odoo opens the other order, on some ways before the transfer has ended
 */
function placeOf(pos) {
    const order = pos.getOrder();
    const {current, params} = pos.router.state;
    return () => {
        const isOpen = order && pos.models["pos.order"].getBy("uuid", order.uuid);
        if (isOpen && pos.getOrder() !== order) {
            pos.setOrder(order);
        }
        if (pos.router.state.current !== current) {
            pos.navigate(current, params);
        }
    };
}

/** What stands in the methods of the store, each with the method itself first. */
const OF_STORE = {
    /** An order that a card pays is not the next customer's. */
    createOrderIfNeeded(pos, method, data, ...args) {
        const order = method(data, ...args);
        return order.hasSciLines() ? pos.createNewOrder(data) : order;
    },

    async mergeOrders(pos, method, source, destination, ...args) {
        return pos.refuseForSci(source) || pos.refuseForSci(destination)
            ? false
            : method(source, destination, ...args);
    },

    async restoreOrdersToOriginalTable(pos, method, order, ...args) {
        return pos.refuseForSci(order) ? false : method(order, ...args);
    },

    /** A free table takes any order without lines, also one that a card pays. */
    async setTable(pos, method, table, uuid = null, ...args) {
        const isIt = (order) => (uuid ? order.uuid === uuid : !order.finalized);
        const isFree = (order) =>
            !order.table_id && !order.finalized && !order.lines.length;
        const isTaken = table.getOrders().some(isIt);
        const free = isTaken ? [] : pos.models["pos.order"].filter(isFree);
        if (!free.some((order) => order.hasSciLines())) {
            return method(table, uuid, ...args);
        }
        return method(table, pos.addNewOrder({table_id: table}).uuid, ...args);
    },

    async transferOrder(pos, method, uuid, table, order, ...args) {
        const source = pos.models["pos.order"].getBy("uuid", uuid);
        const goBack = placeOf(pos);
        // The answer of a save that is under way would bring the old table back, or the
        // server has finished the order: then there is nothing to transfer any more.
        const isPaid = isBeingRead(pos, source) && !(await isStillOpen(pos, source));
        const destination = order || destinationOf(pos, source, table);
        if (!isPaid && !pos.refuseMergeForSci(source, destination)) {
            return method(uuid, table, order, ...args);
        }
        isTransferRefused = true;
        setTimeout(() => {
            isTransferRefused = false;
            goBack();
        });
        return undefined;
    },

    /** After a transfer Odoo opens the table, whether or not the order is there now. */
    async setTableFromUi(pos, method, ...args) {
        return isTransferRefused ? undefined : method(...args);
    },

    async mergeTableOrders(pos, method, uuid, table, ...args) {
        const source = pos.models["pos.order"].getBy("uuid", uuid);
        return (source && pos.sci.takeOver.refuse(source)) ||
            pos.refuseMergeForSci(source, destinationOf(pos, source, table))
            ? undefined
            : method(uuid, table, ...args);
    },

    /** Only the button names no order; that one says why nothing happens. */
    async applyDiscount(pos, method, percent, order, ...args) {
        const current = order || pos.getOrder();
        const approved = current.getSciApprovedLines();
        if (!approved.length) {
            return method(percent, current, ...args);
        }
        return order ? undefined : pos.sci.refuseBecauseOf(approved);
    },

    /** Told that nothing is to be paid online, the server would drop all payments. */
    async updateOnlinePaymentsDataWithServer(pos, method, order, amount, ...args) {
        const isNothing = amount === 0 && order.hasSciLines();
        return method(order, isNothing ? false : amount, ...args);
    },
};

/**
 * Dropping a table on another one links them whether their orders were merged or not.
 */
function guardLinks(pos, data) {
    const write = data.write.bind(data);
    data.write = (model, ids, values, ...args) => {
        if (model === "restaurant.table" && values.parent_id) {
            const tables = pos.models["restaurant.table"];
            const parent = tables.get(values.parent_id);
            const isLocked = ids.some((id) => {
                const [order] = pos.getActiveOrdersOnTable(tables.get(id));
                const other = order && destinationOf(pos, order, parent);
                return (
                    isBeingRead(pos, order) ||
                    (other && pos.isMergeLockedForSci(order, other))
                );
            });
            if (isLocked) {
                return [];
            }
        }
        return write(model, ids, values, ...args);
    };
}

/** While points and rewards are computed: what a terminal added earns and loses nothing. */
let isCounting = false;

function counting(compute) {
    const wasCounting = isCounting;
    isCounting = true;
    try {
        return compute();
    } finally {
        isCounting = wasCounting;
    }
}

const rewardsPatch = {
    _applyReward() {
        return this.getSciApprovedLines().length
            ? _t("A card has paid for this order, so its rewards stay as they are.")
            : super._applyReward(...arguments);
    },

    _resetPrograms() {
        return this.getSciApprovedLines().length
            ? undefined
            : super._resetPrograms(...arguments);
    },

    _updateRewardLines() {
        return this.getSciApprovedLines().length
            ? false
            : super._updateRewardLines(...arguments);
    },

    isLineValidForLoyaltyPoints(line) {
        return !line.isSciAdded() && super.isLineValidForLoyaltyPoints(...arguments);
    },

    getOrderlines() {
        const lines = super.getOrderlines(...arguments);
        return isCounting ? lines.filter((line) => !line.isSciAdded()) : lines;
    },

    _getCheapestLine() {
        return counting(() => super._getCheapestLine(...arguments));
    },

    _getDiscountableOnOrder() {
        return counting(() => super._getDiscountableOnOrder(...arguments));
    },

    _getDiscountableOnSpecific() {
        return counting(() => super._getDiscountableOnSpecific(...arguments));
    },

    _getSpecificDiscountableLines() {
        return counting(() => super._getSpecificDiscountableLines(...arguments));
    },

    pointsForPrograms() {
        return counting(() => super.pointsForPrograms(...arguments));
    },
};

/**
 * The page that splits an order may be open already when another tablet asks for a card.
 * @param {Function} Page its component
 */
export function guardSplitting(Page) {
    patch(Page.prototype, {
        isLockedForSci() {
            const isLocked = this.pos.refuseForSci(this.currentOrder);
            if (isLocked) {
                this.back();
            }
            return isLocked;
        },

        async createSplittedOrder() {
            return this.isLockedForSci()
                ? undefined
                : super.createSplittedOrder(...arguments);
        },

        async paySplittedOrder() {
            return this.isLockedForSci()
                ? undefined
                : super.paySplittedOrder(...arguments);
        },

        async transferSplittedOrder() {
            return this.isLockedForSci()
                ? undefined
                : super.transferSplittedOrder(...arguments);
        },
    });
}

let isModelsGuarded = false;

/** Once for all: models have no setup of their own. */
function guardModels() {
    if (isModelsGuarded) {
        return;
    }
    isModelsGuarded = true;
    if ("isGlobalDiscountApplicable" in PosOrderline.prototype) {
        patch(PosOrderline.prototype, {
            isGlobalDiscountApplicable() {
                return (
                    !this.isSciAdded() && super.isGlobalDiscountApplicable(...arguments)
                );
            },
        });
    }
    if ("_applyReward" in PosOrder.prototype) {
        patch(PosOrder.prototype, rewardsPatch);
    }
    const splitting = registry.category("pos_pages").get(SPLITTING, null);
    if (splitting) {
        guardSplitting(splitting.component);
    }
}

/**
 * @param {Object} pos the POS store, before its setup: modules may keep its methods then
 * @param {Object} data its data service
 */
export function guardOrders(pos, data) {
    const missing = missingGuards(pos);
    if (missing.length) {
        console.error("Orders with card payments are not guarded:", missing);
    }
    guardModels();
    for (const [name, guard] of Object.entries(OF_STORE)) {
        const method = pos[name]?.bind(pos);
        if (method) {
            pos[name] = (...args) => guard(pos, method, ...args);
        }
    }
    if (pos.getActiveOrdersOnTable) {
        guardLinks(pos, data);
    }
    if (pos.postProcessLoyalty) {
        nameValidated(data);
    }
}
