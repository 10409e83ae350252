import {CancelRequest} from "./cancel_request";
import {Deferred, delay} from "@web/core/utils/concurrency";
import {NoAnswer, problemOf} from "./sci_transport";
import {BRIEF} from "./patience";
import {Backoff} from "./backoff";
import {FormPress} from "./form_press";
import {Pause} from "./pause";
import {RowPolls} from "./row_polls";
import {RowSearch} from "./row_search";

/** Milliseconds between two polls when the server did not wait by itself. */
export const UNHELD_PAUSE = 1000;

/** The same while only a person can end the payment (no answer to its create). */
export const UNKNOWN_PAUSE = 5000;

/** Milliseconds after news of the bus: a held poll without an answer has failed. */
export const NEWS_LATE = 500;

/** An answer that claims to have waited but came faster than this did not wait. */
const SURELY_HELD = 500;

/**
 * One card payment as this browser follows it: start → poll → end.
 *
 * The row on the server is the truth; this class only asks for it until it is resolved
 * and reports each change to `onChange`. It never gives up, and never concludes
 * anything from silence. What Odoo does not answer is asked again soon; what Odoo
 * refuses is shown as `problem` and asked again at long intervals, on news of the bus
 * and when `askNow` is called. Phases: `starting` (no answer to the start yet),
 * `following` (the row is known), `ended` (the row is resolved, or there is none and
 * there will be none).
 */
export class SciPayment {
    /**
     * @param {Object} params
     * @param {String} params.uuid payment line
     * @param {Number} params.attempt 1 for the first, raised only by a press on Retry
     * @param {Object} params.transport see SciTransport
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
        this.problem = false;
        this.cancelRequest = new CancelRequest(this);
        this.formPress = new FormPress(this);
        this.answeredAt = Date.now();
        this.backoff = new Backoff();
        this.betweenPolls = new Pause();
        this.polls = new RowPolls(this);
        this.search = new RowSearch(this);
        this.ended = new Deferred();
    }

    get paid() {
        return Boolean(this.view && this.view.paid);
    }

    get press() {
        return this.formPress.state;
    }

    get isSpent() {
        return this.formPress.isSpent;
    }

    get cancelRequested() {
        return this.cancelRequest.isPending;
    }

    get cancelRefusal() {
        return this.cancelRequest.refusal;
    }

    /** What a payment line keeps of the payment; plain data, so it survives a reload. */
    get snapshot() {
        const {phase, attempt, view, paid, error, problem, answeredAt} = this;
        const {cancelRequested, cancelRefusal} = this;
        return {
            phase,
            attempt,
            view,
            paid,
            error,
            problem,
            cancelRequested,
            cancelRefusal,
            answeredAt,
        };
    }

    // -- From the start to the end -------------------------------------------------

    /**
     * Starts the payment and follows it to its end.
     * A start without an answer is sent again with the same uuid and attempt: the
     * server then returns the row it has and sends nothing a second time. Where even
     * that answer does not come, the row is found in the ledger.
     * @param {Object} values of `sci_start`
     * @returns {Promise<boolean>} whether it was paid
     */
    async start(values) {
        const found = this.search.run();
        while (this.phase === "starting") {
            const answered = this.request(() => this.transport.start(values), true);
            await Promise.race([answered, found]);
        }
        return this.follow();
    }

    /**
     * Follows a row that exists already (after a reload, from another tab).
     * @param {SciPaymentView} view
     * @returns {Promise<boolean>} whether it was paid
     */
    resume(view) {
        this.learn(view);
        return this.follow();
    }

    async follow() {
        if (this.isFollowing) {
            return this.ended;
        }
        this.isFollowing = true;
        while (this.phase === "following") {
            const sentAt = Date.now();
            const {version} = this.view;
            const {isBrief} = this.polls;
            const answer = await Promise.race([
                this.request(() => this.polls.next()),
                this.ended,
            ]);
            if (answer && this.phase === "following") {
                const waited =
                    answer.held &&
                    (answer.version !== version || Date.now() - sentAt >= SURELY_HELD);
                const pause = waited || isBrief ? 0 : this.unheldPause(answer.wait);
                await this.betweenPolls.wait(pause);
            }
        }
        return this.ended;
    }

    /** Without an answer to its create, only a person can end the payment. */
    get waitsForPerson() {
        return ["unknown", "FINALISED"].includes(this.view.status);
    }

    /** @param {Number|undefined} wait seconds that the server asks for */
    unheldPause(wait) {
        return this.waitsForPerson ? UNKNOWN_PAUSE : wait * 1000 || UNHELD_PAUSE;
    }

    // -- What the cashier asks for -------------------------------------------------

    /**
     * Asks mx51 to cancel. The payment goes on until its row says how it ended, and a
     * late approval wins.
     */
    cancel() {
        this.cancelRequest.press();
    }

    /** Presses a button of the form that is shown; see FormPress. */
    submit(key, inputs) {
        return this.formPress.send(key, inputs);
    }

    /**
     * States the outcome of a payment whose result cannot be had.
     * @returns {Promise<object|false>} the error of the answer, false when it counts
     * @throws {NoAnswer|Refused} nothing is known, or Odoo does not allow it
     */
    async override(successful, reason, employeeId, pin) {
        const args = [this.view.id, successful, reason, employeeId, pin];
        const view = await this.transport.override(...args);
        this.learn(view);
        return view.error && view.unresolved ? view.error : false;
    }

    /**
     * One request about the row now, whatever the polling is doing.
     * @returns {Promise<boolean>} whether it was answered
     */
    async checkNow() {
        try {
            const {id, version} = this.view;
            const view = await this.transport.pollNow(id, version);
            this.problem = false;
            this.learn(view);
            return true;
        } catch (error) {
            this.report(error);
            return false;
        }
    }

    // -- News ----------------------------------------------------------------------

    /**
     * Something may have changed, and connections may be dead: reads afresh.
     * @param {Number} [reads] see READS
     */
    askNow(reads) {
        this.search.askNow(reads);
        this.polls.giveUp(reads);
        this.betweenPolls.end();
    }

    /** The bus says that the row changed: poll now instead of after the pause. */
    hint(version) {
        if (!this.view || version === undefined || version > this.view.version) {
            this.betweenPolls.end();
            this.checkLateNews(version);
        } else if (this.waitsForPerson) {
            // An override leaves the version as it is.
            this.betweenPolls.end();
        }
    }

    /**
     * A broken connection may go unnoticed: the answer to the poll never comes. Where
     * polls get none at all, there is another way.
     */
    async checkLateNews(version) {
        const isMissing = () =>
            this.phase === "following" && version > this.view.version;
        await delay(NEWS_LATE);
        if (isMissing()) {
            this.askNow();
            await delay(BRIEF.first);
        }
        if (isMissing()) {
            await this.checkNow();
        }
    }

    /** One request; a failed one is followed by a pause that grows. */
    async request(send, isStart = false) {
        try {
            const answer = await send();
            this.problem = false;
            this.backoff.reset();
            this.learn(answer);
            return answer;
        } catch (error) {
            const isOver = isStart && this.phase !== "starting";
            if (this.phase === "ended" || isOver || error.isGivenUp) {
                return false;
            }
            const isRefused = isStart && !(error instanceof NoAnswer);
            if (!isRefused || !(await this.confirmRefusal(error))) {
                // Refused, but whether there is a row is not known: like no answer.
                const cause = isRefused ? new NoAnswer() : error;
                this.report(cause);
                await this.betweenPolls.wait(this.backoff.after(cause));
            }
            return false;
        }
    }

    /**
     * Odoo refused to start. Nothing was sent to anybody only if there is no row either;
     * a row means that the start failed half-way, and the payment is running.
     * @returns {Promise<boolean>} whether it is clear now which of the two it is
     */
    async confirmRefusal(refusal) {
        try {
            if (await this.search.find()) {
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
     * @param {SciPaymentView} view
     */
    learn(view) {
        if (this.phase === "ended" || this.isOvertaken(view)) {
            return;
        }
        this.answeredAt = Date.now();
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
            this.cancelRequest.send();
        } else {
            this.end();
        }
    }

    isOvertaken(view) {
        return Boolean(
            this.view &&
                (!view.id ||
                    view.attempt < this.view.attempt ||
                    (view.id === this.view.id && view.version < this.view.version) ||
                    this.isBeforeCancel(view))
        );
    }

    /** Read before Odoo had the cancel request, which is never taken back. */
    isBeforeCancel({id, version, cancel_requested}) {
        const {view} = this;
        const isSame = id === view.id && version === view.version;
        return isSame && view.cancel_requested && !cancel_requested;
    }

    report(error) {
        this.problem = problemOf(error);
        this.changed();
    }

    end() {
        this.phase = "ended";
        this.problem = false;
        this.changed();
        this.ended.resolve(this.paid);
        this.polls.abort();
        this.betweenPolls.end();
    }

    changed() {
        this.onChange(this);
    }
}
