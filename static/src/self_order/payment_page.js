import {onWillUnmount, useState} from "@odoo/owl";
import {KioskPayment} from "./kiosk_payment";
import {PaymentPage} from "@pos_self_order/app/pages/payment_page/payment_page";
import {delay} from "@web/core/utils/concurrency";
import {patch} from "@web/core/utils/patch";

/** Milliseconds that Odoo's own message about a paid order gets to arrive. */
const MESSAGE_LIMIT = 3000;

/** Milliseconds to read why an order is closed. */
const READING = 8000;

patch(PaymentPage.prototype, {
    setup() {
        super.setup();
        this.sci = useState({payment: null});
        onWillUnmount(() => this.sci.payment?.stop());
    },

    get isSci() {
        return this.selectedPaymentMethod?.use_payment_terminal === "mx51_sci";
    },

    get sciMayCancel() {
        return this.isSci && this.sci.payment?.mayCancel;
    },

    get sciIsNotPaid() {
        return this.isSci && this.sci.payment?.view.state === "not_paid";
    },

    async startPayment() {
        if (!this.isSci) {
            return super.startPayment(...arguments);
        }
        this.selfOrder.paymentError = false;
        const order = this.selfOrder.currentOrder;
        const tokens = {
            access_token: this.selfOrder.access_token,
            order_uuid: order.uuid,
            order_token: order.access_token,
        };
        this.sci.payment = new KioskPayment(tokens, (it) => this.sciEnd(it, order));
        const known = this.selfOrder.sciRows.get(order.uuid) || 0;
        await this.sci.payment.start(this.state.paymentMethodId, known);
    },

    async sciEnd(payment, order) {
        if (payment.view.id) {
            // A refusal has no row, and leaves the customer where the last one was.
            this.selfOrder.sciRows.set(order.uuid, payment.view.id);
        }
        if (payment.view.state === "not_paid") {
            this.selfOrder.paymentError = true;
            return;
        }
        const isClosed = payment.view.state === "closed";
        await delay(isClosed ? READING : MESSAGE_LIMIT);
        if (payment.stopped) {
            return;
        }
        if (isClosed) {
            // For the next customer; as where the order is cancelled here.
            order.state = "cancel";
            this.router.navigate("default");
        } else {
            await this.sciConfirm("order", order);
        }
    },

    sciPayAtCounter() {
        return this.sciConfirm("pay", this.selfOrder.currentOrder);
    },

    async sciConfirm(screenMode, order) {
        await this.selfOrder.getUserDataFromServer([order.access_token]);
        await this.selfOrder.confirmationPage(screenMode, "kiosk", order.access_token);
    },
});
