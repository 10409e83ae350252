import {RPCError, rpc} from "@web/core/network/rpc";
import {Patience, READS} from "@pos_mx51_sci/app/follow/patience";
import {Deferred} from "@web/core/utils/concurrency";
import {Pause} from "@pos_mx51_sci/app/follow/pause";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {onWakeUp} from "@pos_mx51_sci/app/follow/wake_up";

/** Milliseconds until the server is asked again that has not answered. */
const ASK_AGAIN = 2000;

/** Milliseconds that a request may take; a held poll takes 20 s. */
const LONGEST = 30000;

/** The same of Cancel, which mx51 gets 10 s for. */
const LONGEST_CANCEL = 20000;

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
        // Whether the start is on its way, and is looked for meanwhile.
        this.starting = false;
        this.isSearched = false;
        // The press on Cancel that is on its way, and whether the last one was lost.
        this.cancelling = false;
        this.cancelFailed = false;
        // Nobody answers, or Odoo has an error: what was said last may be over.
        this.isLost = false;
        this.failingSince = 0;
        this.searches = 0;
        this.known = 0;
        this.way = WAITING;
        this.between = new Pause();
        this.patience = new Patience();
    }

    get ended() {
        return ["paid", "not_paid", "closed"].includes(this.view.state);
    }

    /** @returns {{state: string, text: string}} what the customer sees */
    get shown() {
        if (this.ended) {
            return this.view;
        }
        if (this.isLost) {
            return {state: "staff", text: _t("Please call our staff.")};
        }
        const text = this.cancelText;
        return text ? {state: this.view.state, text} : this.view;
    }

    /** What the server does not know yet of a press on Cancel. */
    get cancelText() {
        if (this.cancelling) {
            return _t("Your payment is being cancelled. One moment, please.");
        }
        const isToRepeat = this.cancelFailed && this.view.state === "waiting";
        return isToRepeat && this.mayCancel
            ? _t("This is not cancelled yet. Please press Cancel again.")
            : "";
    }

    get mayCancel() {
        return Boolean(this.view.may_cancel && !this.ended && !this.cancelling);
    }

    stop() {
        this.stopped = true;
    }

    /** Asks for the payment once; whatever becomes of that, polls say how it goes on. */
    async start(methodId, known = 0) {
        this.known = known;
        const stopListening = onWakeUp(() => this.askNow());
        // Awake again, it is looked for: the start may be on its way for ever.
        let pause = await Promise.race([this.begin(methodId), this.between.cut]);
        while (!this.ended && !this.stopped) {
            await this.between.wait(pause);
            if (!this.ended && !this.stopped) {
                pause = await this.poll();
            }
        }
        stopListening();
        if (!this.stopped) {
            this.onEnd(this);
        }
    }

    /** This page may have slept: connections may be dead, and what was said be over. */
    askNow() {
        this.isSearched = this.starting;
        this.patience.giveUp(READS.allDead);
        this.between.end();
        if (this.cancelling) {
            this.cancelling.abort();
        }
    }

    get pause() {
        return this.view.held ? 0 : (this.view.wait || 1) * 1000;
    }

    /** A press that was lost, or came to nothing, may be repeated. */
    async cancel() {
        if (!this.mayCancel) {
            return;
        }
        this.cancelling = new AbortController();
        this.cancelFailed = false;
        try {
            const {signal} = this.cancelling;
            if (this.patience.isBrief) {
                await this.patience.ready();
            }
            this.take(await this.ask("cancel", {}, {limit: LONGEST_CANCEL, signal}));
        } catch (error) {
            console.warn("Card payment:", error.message);
            this.cancelFailed = true;
        } finally {
            this.cancelling = false;
        }
    }

    /** @returns {Promise<number>} milliseconds until the first poll */
    async begin(methodId) {
        const values = {payment_method_id: methodId, known: this.known};
        const sentAt = Date.now();
        this.starting = true;
        try {
            this.take(await this.ask("start", values));
            return this.pause;
        } catch (error) {
            console.warn("Card payment:", error.message);
            if (REFUSALS.test(error.exceptionName) && !this.view.id) {
                const text = _t("The payment was not made.");
                this.view = {...this.view, state: "not_paid", text};
            }
            return this.isSearched ? 0 : this.fail(error, sentAt);
        } finally {
            this.starting = false;
        }
    }

    /** @returns {Promise<number>} milliseconds until the next poll */
    async poll() {
        const {version, state} = this.view;
        const {isBrief} = this.patience;
        const values = {version, state, hold: !isBrief};
        const sentAt = Date.now();
        try {
            const send = (how) => this.ask("poll", values, how);
            const view = await this.patience.once(send);
            this.isLost = false;
            this.failingSince = 0;
            if (!this.isOfBefore(view)) {
                this.take(view);
            }
            return isBrief ? 0 : this.pause;
        } catch (error) {
            console.warn("Card payment:", error.message);
            return error.isGivenUp ? 0 : this.fail(error, sentAt);
        }
    }

    /** A start that is still on its way has no row yet, at most one of an earlier try. */
    isOfBefore({state, id}) {
        const isKnown = state === "not_paid" && (!id || id <= this.known);
        return isKnown && (this.starting || ++this.searches < SEARCHES);
    }

    /** @returns {Number} milliseconds until the next poll */
    fail(error, sentAt) {
        this.way = this.way ? "" : WAITING;
        this.failingSince ||= error.timedOut ? sentAt : Date.now();
        const isSilent = Date.now() - this.failingSince >= LOST_AFTER;
        this.isLost ||= isSilent || error instanceof RPCError;
        return ASK_AGAIN;
    }

    /** One request, given up where its connection says nothing any more. */
    async ask(call, values, {limit = LONGEST, signal} = {}) {
        const way = call === "start" ? "" : this.way;
        const params = {...this.tokens, ...values};
        const request = rpc(`${way}/mx51_sci/kiosk/${call}`, params, {silent: true});
        const late = new Deferred();
        const giveUp = (why) => {
            request.abort?.(false);
            late.reject(Object.assign(new Error("No answer"), why));
        };
        const timer = browser.setTimeout(() => giveUp({timedOut: true}), limit);
        const onAbort = () => giveUp({isGivenUp: true});
        signal?.addEventListener("abort", onAbort);
        try {
            return await Promise.race([request, late]);
        } finally {
            browser.clearTimeout(timer);
            signal?.removeEventListener("abort", onAbort);
        }
    }

    /** An answer that was overtaken by a newer one says nothing. */
    take(view) {
        const {id, version, cancel_state: isCancelled} = this.view;
        const isOlder =
            view.version < version || Boolean(isCancelled && !view.cancel_state);
        if (!this.ended && !(view.id === id && isOlder)) {
            this.view = view;
        }
    }
}
