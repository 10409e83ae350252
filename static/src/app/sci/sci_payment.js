import {NoAnswer} from "./sci_transport";
import {browser} from "@web/core/browser/browser";
import {isCancelKey} from "./action_form";

/** Milliseconds between two questions when the server did not wait by itself. */
export const UNHELD_PAUSE = 1000;

/** The same while only a person can end the payment (no answer to its create). */
export const UNKNOWN_PAUSE = 5000;

/** Milliseconds before asking again after a lost connection: first and longest. */
export const BACKOFF = {first: 200, longest: 2000};

/** Milliseconds after news of the bus: a held question without an answer is lost. */
export const NEWS_LATE = 1000;

/** Milliseconds without an answer to a start after which its row is looked for. */
export const START_LATE = 2000;

/** `lost` of a payment that cannot be asked about because nobody is logged in. */
export const LOGGED_OUT = "logged out";

/** An answer that claims to have waited but came faster than this did not wait. */
const SURELY_HELD = 500;

/**
 * One card payment as this browser follows it: start → poll → end.
 *
 * The row on the server is the truth; this class only asks for it until it is
 * resolved and tells `onChange` what it learned. It never gives up, and it never
 * concludes anything from silence. Phases: `starting` (no answer to the start yet),
 * `following` (the row is known), `ended` (the row is resolved, or there is none and
 * there will be none).
 */
export class SciPayment {
    /**
     * @param {object} params
     * @param {string} params.uuid payment line
     * @param {number} params.attempt 1 for the first, raised only by a press on Retry
     * @param {object} params.transport see SciTransport
     * @param {(payment: SciPayment) => void} params.onChange called after each change
     */
    constructor({uuid, attempt, transport, onChange}) {
        this.uuid = uuid;
        this.attempt = attempt;
        this.transport = transport;
        this.onChange = onChange;
        this.phase = "starting";
        this.view = false;
        this.error = false;
        this.lost = false;
        this.cancelWanted = false;
        this.press = false;
        this.seenAt = Date.now();
        this.backoff = BACKOFF.first;
        this.wake = () => undefined;
        this.ended = new Promise((resolve) => {
            this.resolveEnded = resolve;
        });
    }

    get paid() {
        return Boolean(this.view && this.view.paid);
    }

    /**
     * Starts the payment and follows it to its end.
     * An answer that got lost is asked for again with the same uuid and attempt: the
     * server then returns the row it has and sends nothing a second time. Where even
     * that answer does not come, the row is found in the ledger.
     * @param {object} values of `sci_start`
     * @returns {Promise<boolean>} whether it was paid
     */
    async start(values) {
        const found = this.lookForRow();
        while (this.phase === "starting") {
            const answered = this.ask(() => this.transport.start(values), true);
            await Promise.race([answered, found]);
        }
        return this.follow();
    }

    async lookForRow() {
        while (this.phase === "starting") {
            await new Promise((resolve) => browser.setTimeout(resolve, START_LATE));
            if (this.phase === "starting") {
                try {
                    await this.findRow();
                } catch {
                    // Nothing was learned. Look again.
                }
            }
        }
    }

    /** @returns {Promise<boolean>} whether the ledger has a row of this attempt */
    async findRow() {
        const rows = await this.transport.find([this.uuid]);
        const row = rows.find(({attempt}) => attempt >= this.attempt);
        if (row) {
            this.learn(await this.transport.poll(row.id, 0));
        }
        return Boolean(row);
    }

    /**
     * Follows a row that exists already (after a reload, from another tab).
     * @param {object} view of the row
     * @returns {Promise<boolean>} whether it was paid
     */
    resume(view) {
        this.learn(view);
        return this.follow();
    }

    async follow() {
        if (this.following) {
            return this.ended;
        }
        this.following = true;
        while (this.phase === "following") {
            const askedAt = Date.now();
            const version = this.view.version;
            const answer = await Promise.race([
                this.ask(() => this.transport.poll(this.view.id, version)),
                this.ended,
            ]);
            if (answer && this.phase === "following") {
                const waited =
                    answer.held &&
                    (answer.version !== version || Date.now() - askedAt >= SURELY_HELD);
                await this.pause(waited ? 0 : this.unheldPause(answer.wait));
            }
        }
        return this.ended;
    }

    /** Without an answer to its create, only a person can end the payment. */
    get waitsForPerson() {
        return ["unknown", "FINALISED"].includes(this.view.status);
    }

    /** @param {number|undefined} wait seconds that the server asks for */
    unheldPause(wait) {
        return this.waitsForPerson ? UNKNOWN_PAUSE : wait * 1000 || UNHELD_PAUSE;
    }

    /**
     * Asks mx51 for a cancellation. Only a wish: the payment goes on until its row
     * says how it ended, and a late approval wins.
     */
    async cancel() {
        if (this.cancelWanted || this.phase === "ended") {
            return;
        }
        this.cancelWanted = true;
        this.changed();
        this.sendCancel();
    }

    /** Sends the wish as soon as there is a row to send it about. */
    async sendCancel() {
        if (!this.cancelWanted || this.cancelling || !this.view) {
            return;
        }
        this.cancelling = true;
        let backoff = BACKOFF.first;
        while (this.phase !== "ended" && !this.view.cancel_requested) {
            try {
                this.learn(await this.transport.cancel(this.view.id));
                break;
            } catch (error) {
                if (!(error instanceof NoAnswer)) {
                    this.cancelWanted = false;
                    this.changed();
                    break;
                }
            }
            await new Promise((resolve) => browser.setTimeout(resolve, backoff));
            backoff = Math.min(backoff * 2, BACKOFF.longest);
        }
        this.cancelling = false;
    }

    /**
     * Presses a button of the form that is shown. What became of it is in `press`
     * until a newer version comes: `{version, key, sending, spent, message}`. `spent`
     * means that the server has sent it already, and sends this version's no more.
     * @param {string} key the button's
     * @param {object} inputs texts by input name
     */
    async submit(key, inputs) {
        if (this.phase !== "following" || this.press.sending || this.isSpent) {
            return;
        }
        const {id, version} = this.view;
        this.press = {version, key, sending: true, spent: false, message: ""};
        this.changed();
        await this.sendPress(id, version, key, inputs);
        if (isCancelKey(key) && !this.press.spent) {
            // The form's way out is shut, with a dead terminal for one: take our own.
            this.cancel();
        }
    }

    async sendPress(id, version, key, inputs) {
        try {
            const view = await this.transport.submit(id, version, key, inputs);
            this.press = {...this.press, sending: false, spent: !view.error};
            this.learn(view);
        } catch (error) {
            // Not known whether it arrived: the server lets it through only once.
            const message = error instanceof NoAnswer ? "" : error.message;
            this.press = {...this.press, sending: false, message};
            this.changed();
        }
    }

    /** @returns {boolean} whether the server has sent the form that is shown */
    get isSpent() {
        return this.press.spent && this.press.version === this.view.version;
    }

    /**
     * States the outcome of a payment whose result cannot be had.
     * @returns {Promise<object|false>} the error of the answer, false when it counts
     * @throws {NoAnswer|Refused} nothing is known, or Odoo does not allow it
     */
    async override(successful, reason, employeeId, pin) {
        const {id} = this.view;
        const args = [id, successful, reason, employeeId, pin];
        const view = await this.transport.override(...args);
        this.learn(view);
        return view.error && view.unresolved ? view.error : false;
    }

    /** One question now, whatever the polling is doing. */
    async look() {
        try {
            const view = await this.transport.look(this.view.id, this.view.version);
            this.lost = false;
            this.learn(view);
        } catch (error) {
            this.lose(error);
        }
    }

    lose({isLoggedOut}) {
        this.lost = isLoggedOut ? LOGGED_OUT : true;
        this.changed();
    }

    /** The bus says that the row changed: ask now instead of after the pause. */
    hint(version) {
        if (!this.view || version === undefined || version > this.view.version) {
            this.wake();
            browser.setTimeout(() => this.missNews(version), NEWS_LATE);
        } else if (this.waitsForPerson) {
            // An override leaves the version as it is.
            this.wake();
        }
    }

    /** A connection may die without a word: the answer that is awaited never comes. */
    missNews(version) {
        if (this.phase === "following" && version > this.view.version) {
            this.look();
        }
    }

    /** One question; a lost one is followed by a pause that grows. */
    async ask(question, isStart = false) {
        try {
            const answer = await question();
            this.lost = false;
            this.backoff = BACKOFF.first;
            this.learn(answer);
            return answer;
        } catch (error) {
            if (this.phase === "ended" || (isStart && this.phase !== "starting")) {
                return false;
            }
            const refused = isStart && !(error instanceof NoAnswer);
            if (!refused || !(await this.confirmRefusal(error))) {
                this.lose(error);
                await this.pause(this.backoff);
                this.backoff = Math.min(this.backoff * 2, BACKOFF.longest);
            }
            return false;
        }
    }

    /**
     * Odoo refused to start. Only if it has no row either was nothing sent to anybody;
     * a row means that it failed half-way, and the payment is alive.
     * @returns {Promise<boolean>} whether the question is settled
     */
    async confirmRefusal(refusal) {
        try {
            if (await this.findRow()) {
                return true;
            }
        } catch (error) {
            if (error instanceof NoAnswer) {
                return false;
            }
        }
        if (this.phase === "starting") {
            this.error = {code: "refused", message: refusal.message};
            this.end();
        }
        return true;
    }

    /**
     * Takes over what the server says about the row. A resolved row stays resolved,
     * and an answer that was overtaken by a newer one is dropped.
     */
    learn(view) {
        if (this.phase === "ended" || this.isOvertaken(view)) {
            return;
        }
        this.seenAt = Date.now();
        this.error = view.error || false;
        if (!view.id) {
            // Refused without a row, e.g. because a terminal has to be chosen first.
            this.end();
            return;
        }
        this.view = view;
        this.attempt = view.attempt;
        if (view.unresolved) {
            this.phase = "following";
            this.changed();
            this.sendCancel();
        } else {
            this.end();
        }
    }

    isOvertaken(view) {
        return Boolean(
            this.view &&
                (!view.id ||
                    view.attempt < this.view.attempt ||
                    (view.id === this.view.id && view.version < this.view.version))
        );
    }

    end() {
        this.phase = "ended";
        this.lost = false;
        this.changed();
        this.resolveEnded(this.paid);
        this.wake();
    }

    changed() {
        this.onChange(this);
    }

    pause(milliseconds) {
        return new Promise((resolve) => {
            const timer = browser.setTimeout(resolve, milliseconds);
            this.wake = () => {
                browser.clearTimeout(timer);
                resolve();
            };
        });
    }
}
