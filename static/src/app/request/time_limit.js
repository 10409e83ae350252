import {browser} from "@web/core/browser/browser";

/** Milliseconds that Odoo gets for what has to be done before a payment can leave. */
export const PREPARATION_LIMIT = 20000;

/**
 * An Odoo that does not answer must not hold up a payment that has not left yet.
 * @param {Promise} answer
 * @returns {Promise} rejected when the answer takes too long
 */
export function withinTimeLimit(answer) {
    let timer = null;
    const late = new Promise((_resolve, reject) => {
        timer = browser.setTimeout(
            () => reject(new Error("Odoo has not answered in time.")),
            PREPARATION_LIMIT
        );
    });
    return Promise.race([answer, late]).finally(() => browser.clearTimeout(timer));
}
