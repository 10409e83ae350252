import {RPCError, rpc} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {delay} from "@web/core/utils/concurrency";

/** Milliseconds until the server is asked again that has not answered. */
const ASK_AGAIN = 2000;

/** Milliseconds that a request may take; a held poll takes 20 s. */
const LONGEST = 30000;

/** Milliseconds without an answer after which a person has to look. */
const LOST_AFTER = 10000;

/** How often a start that was not answered is looked for before it was not made. */
const SEARCHES = 3;

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
     * @param {(payment: KioskPayment) => void} onEnd it was paid, was not, or the order
     * is closed
     */
    constructor(tokens, onEnd) {
        Object.assign(this, {tokens, onEnd});
        this.view = {state: "waiting", text: _t("One moment…"), version: 0};
        this.stopped = false;
        this.cancelling = false;
        // Nobody answers, or Odoo has an error: what was said last may be over.
        this.isLost = false;
        this.failingSince = 0;
        this.searches = 0;
        this.way = WAITING;
    }

    get ended() {
        return ["paid", "not_paid", "closed"].includes(this.view.state);
    }

    /** @returns {{state: string, text: string}} what the customer sees */
    get shown() {
        return this.isLost && !this.ended
            ? {state: "staff", text: _t("Please call our staff.")}
            : this.view;
    }

    get mayCancel() {
        return Boolean(this.view.may_cancel && !this.ended && !this.cancelling);
    }

    stop() {
        this.stopped = true;
    }

    /** Asks for the payment once; whatever becomes of that, polls say how it goes on. */
    async start(methodId, known = 0) {
        const values = {payment_method_id: methodId, known};
        let isAnswered = await this.follow("start", values);
        while (!this.ended && !this.stopped) {
            await delay(isAnswered ? this.pause : ASK_AGAIN);
            if (!this.ended && !this.stopped) {
                const {version, state} = this.view;
                isAnswered = await this.follow("poll", {version, state});
            }
        }
        if (!this.stopped) {
            this.onEnd(this);
        }
    }

    get pause() {
        return this.view.held ? 0 : (this.view.wait || 1) * 1000;
    }

    /** A press that was lost, or came to nothing, may be repeated. */
    async cancel() {
        this.cancelling = true;
        try {
            this.take(await this.ask("cancel"));
        } catch (error) {
            console.warn("Card payment:", error.message);
        } finally {
            this.cancelling = false;
        }
    }

    /** @returns {Promise<boolean>} whether it was answered */
    async follow(call, values) {
        const sentAt = Date.now();
        try {
            const view = await this.ask(call, values);
            this.isLost = false;
            this.failingSince = 0;
            // A start that is still on its way has no row yet.
            const isUnheard = call === "poll" && view.state === "not_paid" && !view.id;
            if (!isUnheard || ++this.searches >= SEARCHES) {
                this.take(view);
            }
            return true;
        } catch (error) {
            console.warn("Card payment:", error.message);
            if (call === "start" && REFUSALS.test(error.exceptionName)) {
                const text = _t("The payment was not made.");
                this.view = {...this.view, state: "not_paid", text};
            }
            this.fail(error, sentAt);
            return false;
        }
    }

    fail(error, sentAt) {
        this.way = this.way ? "" : WAITING;
        this.failingSince ||= error.isLate ? sentAt : Date.now();
        const isSilent = Date.now() - this.failingSince >= LOST_AFTER;
        this.isLost ||= isSilent || error instanceof RPCError;
    }

    /** One request, given up where its connection says nothing any more. */
    async ask(call, values = {}) {
        const way = call === "start" ? "" : this.way;
        const params = {...this.tokens, ...values};
        const request = rpc(`${way}/mx51_sci/kiosk/${call}`, params, {silent: true});
        let timer = 0;
        const late = new Promise((_resolve, reject) => {
            timer = browser.setTimeout(() => {
                request.abort?.(false);
                reject(Object.assign(new Error("No answer"), {isLate: true}));
            }, LONGEST);
        });
        try {
            return await Promise.race([request, late]);
        } finally {
            browser.clearTimeout(timer);
        }
    }

    /** An answer that was overtaken by a newer one says nothing. */
    take(view) {
        const isOlder = view.id === this.view.id && view.version < this.view.version;
        if (!this.ended && !isOlder) {
            this.view = view;
        }
    }
}
