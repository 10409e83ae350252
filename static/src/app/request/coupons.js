import {withinTimeLimit} from "./time_limit";

/** What pos_loyalty would send once the order is paid, for the server to keep. */
async function couponsOf(order, pos) {
    let coupons = null;
    const data = {
        call: async (_model, _method, args) => {
            coupons = args[1];
            return {};
        },
    };
    const asking = Object.create(pos, {data: {value: data}});
    await asking.postProcessLoyalty(order);
    return coupons;
}

/**
 * Says what this order issues and takes of gift cards and points, before a card pays it:
 * the server refuses what another register has taken meanwhile, and issues what nobody
 * else does.
 * @param {Object} order that is saved
 * @param {Object} pos the POS store
 * @returns {Promise<string|undefined>} why a card has not as much, as a sentence
 */
export async function keepCoupons(order, pos) {
    const coupons = pos.postProcessLoyalty && (await couponsOf(order, pos));
    if (!coupons) {
        return undefined;
    }
    const {successful, payload} = await withinTimeLimit(
        pos.data.orm.silent.call("pos.order", "sci_keep_coupons", [[order.id], coupons])
    );
    for (const [id, points] of Object.entries(payload.updated_points || {})) {
        const card = pos.models["loyalty.card"].get(Number(id));
        if (card) {
            card.points = points;
        }
    }
    return successful ? undefined : payload.message;
}

/** The order that is being validated: pos_loyalty asks for it without naming it. */
let validated = null;

/** @param {Object} order that the register is going to ask for */
export function setValidated(order) {
    validated = order;
}

/**
 * Names the order whose gift cards and points pos_loyalty asks for: what an order holds
 * itself, it may take.
 * @param {Object} data the data service of the POS
 */
export function nameValidated(data) {
    const call = data.call.bind(data);
    data.call = (model, method, args, ...rest) => {
        const isNamed = method !== "validate_coupon_programs" || args[0].length;
        const named =
            isNamed || !validated?.isSynced ? args : [[validated.id], ...args.slice(1)];
        return call(model, method, named, ...rest);
    };
}
