import {RPCError, rpc} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {delay} from "@web/core/utils/concurrency";

/** Milliseconds until the server is asked again that has not answered. */
const ASK_AGAIN = 2000;

/** What polls may wait on without holding up the shop, where the proxy knows it. */
const WAITING = "/websocket";

/** What Odoo says when it has refused a request before anything was done. */
const REFUSALS = /^odoo\.exceptions\.|^werkzeug\.exceptions\./;

/**
 * The card payment of a kiosk's order, as the person in front of it may know it. The
 * server says what is charged, and finishes the order.
 */
export class KioskPayment {
    /**
     * @param {Object} tokens `{access_token, order_uuid, order_token}`
     * @param {(payment: KioskPayment) => void} onEnd it was paid, or not
     */
    constructor(tokens, onEnd) {
        Object.assign(this, {tokens, onEnd});
        this.view = {state: "waiting", text: _t("One moment…"), version: 0};
        this.stopped = false;
        this.cancelling = false;
        this.way = WAITING;
    }

    get ended() {
        return ["paid", "not_paid"].includes(this.view.state);
    }

    stop() {
        this.stopped = true;
    }

    /** Asks for the payment once; whatever becomes of that, polls say how it goes on. */
    async start(methodId, known = 0) {
        await this.ask("start", {payment_method_id: methodId, known});
        while (!this.ended && !this.stopped) {
            await delay(this.view.held ? 0 : (this.view.wait || 1) * 1000);
            if (!this.ended && !this.stopped) {
                const {version, state} = this.view;
                await this.ask("poll", {version, state});
            }
        }
        if (!this.stopped) {
            this.onEnd(this);
        }
    }

    async cancel() {
        this.cancelling = true;
        await this.ask("cancel");
    }

    async ask(call, values = {}) {
        const way = call === "start" ? "" : this.way;
        try {
            const params = {...this.tokens, ...values};
            const route = `${way}/mx51_sci/kiosk/${call}`;
            this.take(await rpc(route, params, {silent: true}));
        } catch (error) {
            console.warn("Card payment:", error.message);
            if (call === "start" && REFUSALS.test(error.exceptionName)) {
                const text = error.data.message;
                this.view = {...this.view, state: "not_paid", text};
                return;
            }
            this.way = way ? "" : WAITING;
            if (error instanceof RPCError) {
                // Nobody knows what became of it; the next poll may.
                const text = _t("Please call our staff.");
                this.view = {...this.view, state: "staff", text};
            }
            await delay(ASK_AGAIN);
        }
    }

    /** An answer that was overtaken by a newer one says nothing. */
    take(view) {
        if (!this.ended && view.version >= this.view.version) {
            this.view = view;
        }
    }
}
