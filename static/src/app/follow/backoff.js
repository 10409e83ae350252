import {NoAnswer} from "./sci_transport";

/** Milliseconds before the next request when nothing was answered: first and longest. */
export const NO_ANSWER_PAUSE = {first: 200, longest: 2000};

/** The same when Odoo refused: asking again soon would only be refused again. */
export const REFUSED_PAUSE = {first: 2000, longest: 60000};

/** Pauses that double from one failure to the next of the same kind. */
export class Backoff {
    constructor() {
        this.reset();
    }

    /** After an answer: the next failure starts with the shortest pause again. */
    reset() {
        this.limits = null;
        this.milliseconds = 0;
    }

    /** @returns {Number} milliseconds to wait after this error */
    after(error) {
        const limits = error instanceof NoAnswer ? NO_ANSWER_PAUSE : REFUSED_PAUSE;
        this.milliseconds =
            limits === this.limits
                ? Math.min(this.milliseconds * 2, limits.longest)
                : limits.first;
        this.limits = limits;
        return this.milliseconds;
    }
}
