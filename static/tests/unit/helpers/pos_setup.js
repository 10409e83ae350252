import {getFilledOrder, setupPosEnv} from "@point_of_sale/../tests/unit/utils";
import {FakeTransport} from "./fake_transport";
import {PaymentMx51Sci} from "@pos_mx51_sci/app/utils/payment/payment_mx51_sci";
import {hootPosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {MockServer, models, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {PosOrderLine} from "@point_of_sale/../tests/unit/data/pos_order_line.data";
import {patch} from "@web/core/utils/patch";
import {waitUntil} from "@odoo/hoot";

// As models/pos_order_line.py does. For good: the POS defines a model's fields once.
patch(PosOrderLine.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(...arguments),
            "sci_line_kind",
            "sci_transaction_id",
        ];
    },
});

class PosSciTransaction extends models.ServerModel {
    _name = "pos.sci.transaction";

    _records = [{id: 7}, {id: 8}];
}

hootPosModels.push(PosSciTransaction);

const CARD = {
    name: "Card",
    is_cash_count: false,
    use_payment_terminal: "mx51_sci",
    split_transactions: false,
    type: "bank",
    image: false,
    sequence: 5,
    payment_method_type: "terminal",
    default_qr: false,
};

export const TERMINALS = [
    {id: 3, name: "Front Bar", state: "paired", sandbox: true, busy: false},
    {id: 4, name: "Bistro", state: "paired", sandbox: true, busy: "Register 2"},
];

export function useTransport(sci, methodId) {
    const transport = new FakeTransport();
    for (const part of [sci, sci.follower, sci.recovery]) {
        part.transport = transport;
    }
    Object.assign(sci.terminals, {
        own: 3,
        all: TERMINALS.map((terminal) => ({...terminal})),
        methods: {[methodId]: [3, 4]},
    });
    patchWithCleanup(sci.terminals, {
        refresh: async () => undefined,
        askPairing: async (id) => sci.terminals.get(id),
    });
    return transport;
}

export function showPayment(pos, order) {
    pos.router.state.current = "PaymentScreen";
    pos.router.state.params = {orderUuid: order.uuid};
}

/**
 * A POS with a payment method "Card", its terminals and a transport of the test. It
 * makes no sound, and its payments open their dialogs only for those who ask.
 */
export async function setupSciPos({dialogs = false} = {}) {
    const pos = await setupPosEnv();
    const id = MockServer.env["pos.payment.method"].create({...CARD});
    pos.models.connectNewData({"pos.payment.method": [{...CARD, id}]});
    const card = pos.models["pos.payment.method"].get(id);
    card.payment_terminal = new PaymentMx51Sci(pos, card);
    pos.config.update({payment_method_ids: [["link", card]]});
    const transport = useTransport(pos.sci, id);
    pos.sound = {play: () => undefined};
    if (!dialogs) {
        patchWithCleanup(pos.sci.dialogs, {open: () => undefined});
    }
    return {pos, card, transport, sci: pos.sci};
}

/** An order of 17.85 with a card line, shown on the payment screen. */
export async function addCardLine({pos, card}) {
    const order = await getFilledOrder(pos);
    showPayment(pos, order);
    const {data: line} = order.addPaymentline(card);
    return {order, line};
}

/** The view of a line's row. */
export function viewOf(line, row, changes = {}) {
    return {
        ...row,
        payment_uuid: line.uuid,
        order_uuid: line.pos_order_id.uuid,
        amounts: {purchase_amount: 1785},
        ...changes,
    };
}

/** Presses "Send" or "Retry", until the request to start has left. */
export async function send({line, transport}) {
    const before = transport.count("start");
    const result = line.pay();
    await waitUntil(() => transport.count("start") > before);
    return result;
}

/** The same, answered. The payment's own promise is returned in an object. */
export async function sendAndAnswer({line, transport}, row, changes) {
    const before = transport.count("start");
    const result = line.pay();
    await waitUntil(() => transport.count("start") > before);
    await transport.answer("start", viewOf(line, row, changes));
    return {result};
}
